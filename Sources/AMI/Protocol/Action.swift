/// An action to be sent: its name and its lines. The ActionID is added when it is sent.
public struct Action: Sendable, Equatable {
    /// The name, as `manager show commands` lists it.
    public let name: String
    /// The lines after it, in their order.
    public private(set) var lines: [Packet.Line] = []

    /// An action without lines.
    public init(_ name: String) { self.name = name }

    /// An action with lines.
    public init(_ name: String, _ lines: KeyValuePairs<String, String>) {
        self.name = name
        self.lines = lines.map { Packet.Line($0.key, $0.value) }
    }

    /// Adds a line; the same key may stand more than once.
    public mutating func add(_ key: String, _ value: String) { lines.append(Packet.Line(key, value)) }

    /// The rights, one of which the user's `write` line in manager.conf must have; from `manager show command NAME`.
    var right: String {
        Self.rights.first { $0.name.isSameKey(as: name) }?.right ?? "what 'manager show command \(name)' names"
    }

    private static let rights: [(name: String, right: String)] = [
        ("Command", "command"), ("CoreStatus", "system or reporting"), ("Hangup", "call or system"),
        ("MailboxCount", "call or reporting"), ("MailboxStatus", "call or reporting"), ("Originate", "originate"),
        ("Reload", "system or config"), ("Status", "call, system or reporting"),
        ("VoicemailBoxSummary", "call or reporting"), ("VoicemailUserStatus", "call or reporting"),
        ("VoicemailUsersList", "call or reporting"),
    ]
}

/// Writes actions as Asterisk reads them.
public enum PacketWriter {
    /// Bytes of a line with its CR LF that Asterisk reads; of a longer one it logs "Line too long" and refuses the action.
    /// Observed on Asterisk 16 and 22.
    public static let lineBytes = 1_024
    /// Lines of an action that Asterisk reads: "Too many lines in message" beyond. Observed on Asterisk 16 and 22.
    public static let lineCount = 128

    /// The bytes of an action.
    ///
    /// - Throws: `AMIError.forbiddenCharacter` for a CR, LF or NUL anywhere and for a key that is empty or holds a colon;
    ///   `lineTooLong` and `tooManyLines`.
    public static func bytes(of action: Action, id: String) throws(AMIError) -> [UInt8] {
        let lines = [Packet.Line("Action", action.name), Packet.Line("ActionID", id)] + action.lines
        guard lines.count <= lineCount else {
            throw .tooManyLines(action: shown(action.name), lines: lines.count, limit: lineCount)
        }
        var bytes: [UInt8] = []
        for line in lines {
            guard !line.key.isEmpty, !line.key.utf8.contains(where: { isForbidden($0) || $0 == UInt8(ascii: ":") }),
                !line.value.utf8.contains(where: isForbidden)
            else { throw .forbiddenCharacter(action: shown(action.name), key: shown(line.key)) }
            let length = line.key.utf8.count + line.value.utf8.count + 4
            guard length <= lineBytes else {
                throw .lineTooLong(action: action.name, key: line.key, bytes: length, limit: lineBytes)
            }
            bytes += line.key.utf8
            bytes += ": ".utf8
            bytes += line.value.utf8
            bytes += "\r\n".utf8
        }
        return bytes + Array("\r\n".utf8)
    }

    private static func isForbidden(_ byte: UInt8) -> Bool { byte == 10 || byte == 13 || byte == 0 }

    private static func shown(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.prefix(60).filter { $0 >= " " }))
    }
}
