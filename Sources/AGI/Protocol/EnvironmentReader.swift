/// Collects the `agi_…` lines up to the empty one that ends them, however the bytes are cut.
struct EnvironmentReader {
    private var block: [UInt8] = []
    private var lines = 0
    private var lineLength = 0
    /// The most bytes and lines of an environment. Asterisk 22 sends about 25 lines and 127 arguments at most.
    let byteLimit: Int
    let lineLimit: Int

    init(byteLimit: Int = 65_536, lineLimit: Int = 256) {
        self.byteLimit = byteLimit
        self.lineLimit = lineLimit
    }

    /// Takes bytes; answers the environment once it is whole, nil while it is not.
    ///
    /// - Throws: `AGIError.protocolViolation` past a limit, for a NUL, for bytes behind the end or for a line that
    ///   is not `agi_NAME: VALUE`.
    mutating func append(_ bytes: UnsafeRawBufferPointer) throws(AGIError) -> Environment? {
        for (index, byte) in bytes.enumerated() {
            if byte == 0 { throw .protocolViolation("a NUL in the environment") }
            if byte != UInt8(ascii: "\n") {
                block.append(byte)
                if byte != UInt8(ascii: "\r") { lineLength += 1 }
                continue
            }
            if lineLength == 0 {
                guard index + 1 == bytes.count else { throw .protocolViolation("bytes behind the environment") }
                return try Environment(block: block)
            }
            block.append(byte)
            lines += 1
            lineLength = 0
            if lines > lineLimit { throw .protocolViolation("more than \(lineLimit) lines of environment") }
        }
        if block.count > byteLimit { throw .protocolViolation("more than \(byteLimit) bytes of environment") }
        return nil
    }
}

/// What Asterisk says of the channel before the first command: the `agi_…` lines.
///
/// Kept as the bytes that came, because a session that waits for a caller should cost little.
public struct Environment: Sendable, Equatable {
    private let block: [UInt8]

    /// An environment from `name` and `value` pairs, such as tests and replays write.
    public init(_ pairs: KeyValuePairs<String, String>) {
        block = Array(pairs.map { "\($0.key): \($0.value)\n" }.joined().utf8)
    }

    init(block: [UInt8]) throws(AGIError) {
        // A stray blank line's CR may end the block; it belongs to no line.
        var exact = block
        if exact.last == UInt8(ascii: "\r") { exact.removeLast() }
        for line in exact.split(separator: UInt8(ascii: "\n")) where !line.starts(with: "agi_".utf8) {
            throw .protocolViolation("an environment line that does not begin with agi_")
        }
        self.block = Array(exact)
    }

    /// The value of `agi_NAME`, possibly empty; nil when Asterisk did not send it. Write the name with its `agi_`.
    public subscript(_ name: String) -> String? {
        for line in block.split(separator: UInt8(ascii: "\n")) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            guard line[..<colon].elementsEqual(name.utf8) else { continue }
            var value = line[(colon + 1)...]
            if value.first == UInt8(ascii: " ") { value.removeFirst() }
            if value.last == UInt8(ascii: "\r") { value.removeLast() }
            return String(decoding: value, as: UTF8.self)
        }
        return nil
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
