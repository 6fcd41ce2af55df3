public import Sockets

/// A line of a file, for messages: `FILE:LINE`.
public struct Place: Sendable, Hashable, CustomStringConvertible {
    /// The file as the user named it.
    public let file: String
    /// Counted from 1.
    public let line: Int

    /// A line of a file.
    public init(file: String, line: Int) {
        self.file = file
        self.line = line
    }

    /// `FILE:LINE`.
    public var description: String { "\(file):\(line)" }
}

/// What keeps a transcript from being read, played or recorded.
public enum TranscriptError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A line is not what the format allows: what is wrong and how to mend it.
    case malformed(Place, problem: String, remedy: String)
    /// The file cannot be read.
    case unreadable(file: String, reason: String)
    /// The file cannot be written.
    case unwritable(file: String, reason: String)
    /// A line inserts a name that nothing has bound yet.
    case unbound(Place, name: String)
    /// No connection for a leg.
    case cannotConnect(Place, leg: String, address: SocketAddress, SocketError)
    /// The server closed a leg that should have gone on.
    case closedEarly(Place, leg: String, expected: String)
    /// The server neither said anything nor closed, for this long.
    case timedOut(Place, leg: String, expected: String, patience: Duration)
    /// The server closed in the middle of a line.
    case partialLine(Place, leg: String, text: String)
    /// The server sent a line longer than `TranscriptLimits.lineBytes`.
    case lineTooLong(Place, leg: String)
    /// The connection of a leg failed.
    case connectionFailed(Place, leg: String, SocketError)
    /// The server said more than a replay records (`TranscriptLimits.recordedExchanges`).
    case tooMuchToRecord(Place, leg: String)

    /// `FILE:LINE: what is wrong; how to mend it`.
    public var description: String {
        switch self {
        case .malformed(let place, let problem, let remedy): "\(place): \(problem); \(remedy)"
        case .unreadable(let file, let reason): "\(file): cannot be read: \(reason)"
        case .unwritable(let file, let reason): "\(file): cannot be written: \(reason)"
        case .unbound(let place, let name):
            "\(place): nothing has bound %{\(name)} yet; bind it in a line that comes before, whatever the order"
        case .cannotConnect(let place, let leg, let address, let error):
            "\(place): leg \(leg): no connection to \(address): \(error); start the server or name another address"
        case .closedEarly(let place, let leg, let expected):
            "\(place): leg \(leg): the server closed the connection; expected was: \(expected)"
        case .timedOut(let place, let leg, let expected, let patience):
            "\(place): leg \(leg): the server said nothing for \(seconds(patience)) s; expected was: \(expected)"
        case .partialLine(let place, let leg, let text):
            "\(place): leg \(leg): the server closed in the middle of a line: \(text); a command ends in a newline"
        case .lineTooLong(let place, let leg):
            "\(place): leg \(leg): the server sent more than \(TranscriptLimits.lineBytes) bytes without a newline"
        case .connectionFailed(let place, let leg, let error): "\(place): leg \(leg): \(error)"
        case .tooMuchToRecord(let place, let leg):
            """
            \(place): leg \(leg): more than \(TranscriptLimits.recordedExchanges) commands beyond what is written; \
            the usual replies may keep the server going in circles: write the replies that end it
            """
        }
    }

    /// Where in a transcript; nil for a file as a whole.
    public var place: Place? {
        switch self {
        case .unreadable, .unwritable: nil
        case .malformed(let place, _, _), .unbound(let place, _), .cannotConnect(let place, _, _, _),
            .closedEarly(let place, _, _), .timedOut(let place, _, _, _), .partialLine(let place, _, _),
            .lineTooLong(let place, _), .connectionFailed(let place, _, _), .tooMuchToRecord(let place, _):
            place
        }
    }
}

/// How much of everything.
public enum TranscriptLimits {
    /// Bytes of a file.
    public static let fileBytes = 4 * 1_024 * 1_024
    /// Bytes of a line, in a file and from a server, without its newline.
    public static let lineBytes = 16 * 1_024
    /// Lines of a file.
    public static let lines = 20_000
    /// Legs of one transcript, the caller's included.
    public static let legs = 64
    /// `%{…}` of one line that stand for something unknown.
    public static let wildcards = 64
    /// Exchanges that a replay adds to a transcript or changes in it.
    public static let recordedExchanges = 1_000
    /// The latest `@` time, in milliseconds: a week.
    public static let milliseconds = 604_800_000
}

/// Seconds with up to three decimals, without needless zeros.
func seconds(_ duration: Duration) -> String {
    let (whole, attoseconds) = duration.components
    let thousandths = attoseconds / 1_000_000_000_000_000
    guard thousandths != 0 else { return String(whole) }
    var text = "\(whole).\(padded(Int(thousandths), 3))"
    while text.hasSuffix("0") { text.removeLast() }
    return text
}

/// A number with leading zeros.
func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
