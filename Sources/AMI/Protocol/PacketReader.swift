/// The most that is taken from the other side.
public struct PacketLimits: Sendable, Equatable {
    /// Bytes of a line without its end.
    public var lineBytes = 65_536
    /// Bytes of a packet.
    public var packetBytes = 1_048_576
    /// Lines of a packet; each line that a command prints is one.
    public var packetLines = 4_096

    /// 64 KiB a line, 1 MiB and 4,096 lines a packet.
    public init() {}
}

/// Makes packets of what Asterisk sends, however the bytes are cut, with LF or CR LF.
public struct PacketReader {
    /// What Asterisk can say.
    public enum Token: Sendable, Equatable {
        /// The first line of a connection: the version of the protocol, as in `11.0.0`.
        case banner(version: String)
        /// A whole packet.
        case packet(Packet)
    }

    /// Lines within packets that had no colon and were passed over.
    public private(set) var strayLines = 0

    private let limits: PacketLimits
    private var buffer: [UInt8] = []
    /// Where the first line begins that was not taken, and up to where there is no newline for sure.
    private var start = 0
    private var searched = 0
    private var lines: [Packet.Line] = []
    private var size = 0
    private var state = State.banner

    private enum State { case banner, headers, output }

    private static let bannerStart = "Asterisk Call Manager/"
    /// Ends the raw output of a command up to Asterisk 13.
    private static let outputEnd = "--END COMMAND--"

    /// A reader at the beginning of a connection.
    public init(limits: PacketLimits = PacketLimits()) { self.limits = limits }

    /// Takes bytes that came; `next` then gives what they complete.
    public mutating func append(_ bytes: some Sequence<UInt8>) {
        if start > 0 {
            buffer.removeSubrange(..<start)
            searched -= start
            start = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next whole thing; nil when more bytes are needed.
    ///
    /// - Throws: `AMIError.notAMI` when the first line is no banner, `tooLarge` beyond the limits. Nothing good can be
    ///   read after either.
    public mutating func next() throws(AMIError) -> Token? {
        while let line = try nextLine() {
            if let token = try take(line) { return token }
        }
        return nil
    }

    private mutating func nextLine() throws(AMIError) -> String? {
        guard let newline = buffer[max(start, searched)...].firstIndex(of: 10) else {
            searched = buffer.count
            guard buffer.count - start <= limits.lineBytes else {
                throw .tooLarge(what: "a line's bytes", limit: limits.lineBytes)
            }
            return nil
        }
        let end = newline > start && buffer[newline - 1] == 13 ? newline - 1 : newline
        let length = end - start
        guard length <= limits.lineBytes else { throw .tooLarge(what: "a line's bytes", limit: limits.lineBytes) }
        size += length
        guard size <= limits.packetBytes else { throw .tooLarge(what: "a packet's bytes", limit: limits.packetBytes) }
        let text = String(decoding: buffer[start..<end], as: UTF8.self)
        start = newline + 1
        searched = start
        return text
    }

    private mutating func take(_ line: String) throws(AMIError) -> Token? {
        switch state {
        case .banner:
            guard line.hasPrefix(Self.bannerStart) else {
                throw .notAMI("it begins with '\(line.prefix(60).filter { $0 >= " " })'")
            }
            state = .headers
            size = 0
            return .banner(version: String(line.dropFirst(Self.bannerStart.count)))
        case .headers:
            // Asterisk ends some lists with one empty line too many.
            if line.isEmpty { return finish() }
            try takeHeader(line)
        case .output:
            if line.hasSuffix(Self.outputEnd) {
                let rest = line.dropLast(Self.outputEnd.count)
                if !rest.isEmpty { try add("Output", String(rest)) }
                state = .headers
            } else if lines.allSatisfy({ !$0.key.isSameKey(as: "Output") }), Self.isHeaderBeforeOutput(line) {
                try takeHeader(line)
            } else {
                try add("Output", line)
            }
        }
        return nil
    }

    /// What stands between `Response: Follows` and the output, which may look like a header itself.
    private static func isHeaderBeforeOutput(_ line: String) -> Bool {
        ["Privilege: ", "ActionID: ", "Message: "].contains { line.hasPrefix($0) }
    }

    private mutating func takeHeader(_ line: String) throws(AMIError) {
        guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex else {
            strayLines += 1
            return
        }
        var value = line[line.utf8.index(after: colon)...]
        // One blank belongs to the form; the ones behind it to the value.
        if value.first == " " { value = value.dropFirst() }
        try add(String(line[..<colon]), String(value))
        if lines.count == 1, lines[0].key.isSameKey(as: "Response"), lines[0].value.isSameKey(as: "Follows") {
            state = .output
        }
    }

    private mutating func add(_ key: String, _ value: String) throws(AMIError) {
        guard lines.count < limits.packetLines else {
            throw .tooLarge(what: "a packet's lines", limit: limits.packetLines)
        }
        lines.append(Packet.Line(key, value))
    }

    private mutating func finish() -> Token? {
        defer {
            lines = []
            size = 0
        }
        return lines.isEmpty ? nil : .packet(Packet(lines))
    }
}
