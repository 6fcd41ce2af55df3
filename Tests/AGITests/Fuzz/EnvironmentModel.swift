/// A second reader of environments, slow and obvious: all bytes at once, written from the rules and not from the reader.
struct EnvironmentModel: Equatable {
    /// What the bytes are.
    enum Verdict: Equatable {
        /// There is no empty line yet.
        case unfinished
        case whole
        case refused
    }

    var verdict = Verdict.unfinished
    /// Name and value of each line with a colon, in their order.
    var fields: [(name: [UInt8], value: [UInt8])] = []
    /// The hang-up behind it, or its beginning.
    var rest: [UInt8] = []

    static let mostBytes = 65_536
    static let mostLines = 256

    init(_ bytes: [UInt8]) {
        var rest = bytes[...]
        var lines = 0
        while let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
            var line = Array(rest[..<newline])
            rest = rest[(newline + 1)...]
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            if newline >= Self.mostBytes || line.contains(0) {
                verdict = .refused
                return
            }
            if line.isEmpty {
                self.rest = Array(rest)
                let isHangUp = ["HANGUP\n", "HANGUP\r\n"].contains { Array($0.utf8).starts(with: rest) }
                verdict = isHangUp ? .whole : .refused
                return
            }
            lines += 1
            if !line.starts(with: "agi_".utf8) || lines > Self.mostLines {
                verdict = .refused
                return
            }
            let halves = line.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
            if halves.count == 2 {
                let value = Array(halves[1])
                fields.append((Array(halves[0]), value.first == UInt8(ascii: " ") ? Array(value.dropFirst()) : value))
            }
        }
        if bytes.count > Self.mostBytes { verdict = .refused }
    }

    static func == (left: Self, right: Self) -> Bool { left.verdict == right.verdict && left.rest == right.rest }
}
