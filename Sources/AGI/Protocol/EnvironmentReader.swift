internal import Glibc

/// Collects the `agi_…` lines up to the empty one that ends them, however the bytes are cut.
struct EnvironmentReader {
    private var block: [UInt8] = []
    /// What came behind the environment: the hang-up of a caller who left at once, or its beginning. Empty nearly always.
    private(set) var rest: [UInt8] = []
    private var lines = 0
    /// Where the line begins that is not whole yet.
    private var lineStart = 0
    /// How many bytes are kept.
    var held: Int { block.count }
    /// The most bytes and lines of an environment. Asterisk 22 sends about 25 lines and 127 arguments at most.
    let byteLimit: Int
    let lineLimit: Int

    init(byteLimit: Int = 65_536, lineLimit: Int = 256) {
        self.byteLimit = byteLimit
        self.lineLimit = lineLimit
    }

    /// Takes bytes; answers the environment once it is whole, nil while it is not.
    ///
    /// - Throws: `AGIError.protocolViolation` past a limit, for a NUL, for bytes behind the end that are no hang-up or
    ///   for a line that does not begin with `agi_`.
    mutating func append(_ bytes: UnsafeRawBufferPointer) throws(AGIError) -> Environment? {
        if block.isEmpty {
            // The usual case: all of it at once, and kept in no more memory than it needs.
            if let end = try scan(bytes) { return Environment(block: Array(bytes[..<end])) }
            block = Array(bytes)
            return nil
        }
        block += bytes
        var outcome: Result<Int?, AGIError> = .success(nil)
        block.withUnsafeBytes { whole in
            do throws(AGIError) { outcome = .success(try scan(whole)) } catch { outcome = .failure(error) }
        }
        guard let end = try outcome.get() else { return nil }
        return Environment(block: Array(block[..<end]))
    }

    /// Goes on line by line; answers where the environment's lines end, nil when the empty line has not come.
    private mutating func scan(_ bytes: UnsafeRawBufferPointer) throws(AGIError) -> Int? {
        while let line = bytes.line(from: lineStart) {
            // However the bytes came: what is refused in pieces is refused in one piece too.
            if line.following > byteLimit { throw tooLong }
            guard !bytes.holds(0, in: line) else { throw .protocolViolation("a NUL in the environment") }
            if line.isEmpty {
                rest = Array(bytes[line.following...])
                guard isHangUp(rest) else { throw .protocolViolation("bytes behind the environment") }
                return line.start
            }
            guard bytes.matches("agi_", at: line) else {
                throw .protocolViolation("an environment line that does not begin with agi_")
            }
            lines += 1
            if lines > lineLimit { throw .protocolViolation("more than \(lineLimit) lines of environment") }
            lineStart = line.following
        }
        if bytes.count > byteLimit { throw tooLong }
        return nil
    }

    private var tooLong: AGIError { .protocolViolation("more than \(byteLimit) bytes of environment") }

    /// Whether this is nothing, the line that Asterisk sends unasked, or as much of it as has come.
    private func isHangUp(_ bytes: [UInt8]) -> Bool {
        bytes.isEmpty || Array("HANGUP\n".utf8).starts(with: bytes) || Array("HANGUP\r\n".utf8).starts(with: bytes)
    }
}

/// What Asterisk says of the channel before the first command: the `agi_…` lines.
///
/// Kept as the bytes that came, because a session that waits for a caller should cost little.
public struct Environment: Sendable, Equatable, CustomStringConvertible {
    private let block: [UInt8]

    /// The lines as they came.
    public var description: String { String(decoding: block, as: UTF8.self) }

    /// An environment from `name` and `value` pairs, such as tests and replays write.
    public init(_ pairs: KeyValuePairs<String, String>) {
        block = Array(pairs.map { "\($0.key): \($0.value)\n" }.joined().utf8)
    }

    init(block: [UInt8]) { self.block = block }

    /// The value of `agi_NAME`, possibly empty; nil when Asterisk did not send it. Write the name with its `agi_`.
    public subscript(_ name: String) -> String? {
        var name = name
        return name.withUTF8 { name in
            block.withUnsafeBytes { bytes in
                var start = 0
                while let line = bytes.line(from: start) {
                    start = line.following
                    let value = line.start + name.count + 1
                    guard value <= line.end, bytes[value - 1] == UInt8(ascii: ":") else { continue }
                    guard let lineBytes = bytes.baseAddress, let nameBytes = name.baseAddress,
                        memcmp(lineBytes + line.start, nameBytes, name.count) == 0
                    else { continue }
                    let skipped = value < line.end && bytes[value] == UInt8(ascii: " ") ? value + 1 : value
                    return bytes.text(skipped..<line.end)
                }
                return nil
            }
        }
    }

    /// The value, or nil where Asterisk sends `unknown` or nothing to say that there is none.
    public func known(_ name: String) -> String? {
        guard let value = self[name], !value.isEmpty, value != "unknown" else { return nil }
        return value
    }

    /// `agi_channel`, such as `PJSIP/trunk-0000002a`.
    public var channel: String { self["agi_channel"] ?? "" }
    /// `agi_uniqueid`, Asterisk's own name of the call's channel.
    public var uniqueID: String { self["agi_uniqueid"] ?? "" }
    /// `agi_callerid`: the caller's number as presented; nil when unknown.
    public var callerNumber: String? { known("agi_callerid") }
    /// `agi_calleridname`; nil when unknown.
    public var callerName: String? { known("agi_calleridname") }
    /// `agi_language` of the channel.
    public var language: String { self["agi_language"] ?? "" }
    /// `agi_arg_1` and following: the arguments behind the URI in the dialplan.
    public var arguments: [String] {
        var found: [String] = []
        while let next = self["agi_arg_\(found.count + 1)"] { found.append(next) }
        return found
    }
}
