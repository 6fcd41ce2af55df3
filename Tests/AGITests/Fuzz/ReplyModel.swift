@testable import AGI

/// A second reader of replies, slow and obvious: all bytes at once, written from the rules and not from the reader.
struct ReplyModel: Equatable {
    var tokens: [ReplyReader.Token] = []
    /// Lines that are neither a reply nor a hang-up.
    var strayLines = 0
    /// Something is longer than a reply can be; nothing is read behind it.
    var isRefused = false

    /// Bytes of a reply, or of a line that is none, with the newline.
    static let most = 262_144

    init(_ bytes: [UInt8]) {
        // The last line has no newline: it is not there yet.
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[...]
        var begin = 0
        while lines.count > 1 {
            let taken = read(lines.dropLast())
            let end = begin + (taken.map { lines.prefix($0).reduce(0) { $0 + $1.count + 1 } } ?? bytes.count - begin)
            if end - begin > Self.most {
                isRefused = true
                return
            }
            guard let taken, let result = result(Array(lines.prefix(taken))) else { return }
            if let token = result.token { tokens.append(token) }
            if result.isStray { strayLines += 1 }
            lines = lines.dropFirst(taken)
            begin = end
        }
        if bytes.count - begin > Self.most { isRefused = true }
    }

    /// How many lines the first thing has; nil while its last line is not there.
    private func read(_ lines: ArraySlice<ArraySlice<UInt8>>) -> Int? {
        guard let first = lines.first.map(Self.line) else { return nil }
        if first.starts(with: "520-".utf8) {
            return lines.dropFirst().firstIndex { Self.line($0).starts(with: "520 ".utf8) }.map {
                $0 - lines.startIndex + 1
            }
        }
        guard first.starts(with: "200 result=".utf8), let value = Self.valueBegin(first) else { return 1 }
        for (index, line) in lines.enumerated() {
            let line = Self.line(line)
            if Self.valueEnd(line, from: index == 0 ? value : 0) != nil { return index + 1 }
        }
        return nil
    }

    /// What these lines say.
    private func result(_ lines: [ArraySlice<UInt8>]) -> (token: ReplyReader.Token?, isStray: Bool)? {
        guard let first = lines.first.map(Self.line), let last = lines.last.map(Self.line) else { return nil }
        if first.starts(with: "520-".utf8) {
            let prose = Self.line(Self.joined(lines.dropLast())[...]).dropFirst(4)
            return (.reply(Reply(code: 520, tail: Self.text(prose))), false)
        }
        for code in [510, 511, 520] where first.starts(with: "\(code) ".utf8) {
            return (.reply(Reply(code: code, tail: Self.text(first.dropFirst(4)))), false)
        }
        if first == Array("HANGUP".utf8) { return (.hangUp, false) }
        if first.starts(with: "100 ".utf8) { return (nil, false) }
        guard first.starts(with: "200 result=".utf8) else { return (nil, true) }
        let rest = first.dropFirst(11)
        guard let blank = rest.firstIndex(of: UInt8(ascii: " ")) else {
            return (.reply(Reply(code: 200, result: Self.text(rest))), false)
        }
        let result = Self.text(rest[..<blank])
        guard let value = Self.valueBegin(first) else {
            return (.reply(Reply(code: 200, result: result, tail: Self.text(rest[(blank + 1)...]))), false)
        }
        guard let end = Self.valueEnd(last, from: lines.count == 1 ? value : 0) else { return nil }
        let before = Self.joined(lines.dropLast())
        let whole = before.isEmpty && lines.count == 1 ? last : before + [UInt8(ascii: "\n")] + last
        let offset = whole.count - last.count
        return (
            .reply(
                Reply(
                    code: 200, result: result, text: Self.text(whole[value..<offset + end]),
                    tail: Self.text(last[min(end + 2, last.count)...]))), false
        )
    }

    /// Where the value in parentheses begins: a blank and a parenthesis behind the result.
    private static func valueBegin(_ first: [UInt8]) -> Int? {
        guard let blank = first.dropFirst(11).firstIndex(of: UInt8(ascii: " ")) else { return nil }
        return first.dropFirst(blank + 1).first == UInt8(ascii: "(") ? blank + 2 : nil
    }

    /// Where a value ends in this line: at a parenthesis at its end, or before the last `) endpos=` or `) digit=`.
    private static func valueEnd(_ line: [UInt8], from start: Int) -> Int? {
        let part = line.dropFirst(start)
        if part.last == UInt8(ascii: ")") { return line.count - 1 }
        return part.indices.last { index in
            [") endpos=", ") digit="].contains { part[index...].starts(with: $0.utf8) }
        }
    }

    private static func line(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        Array(bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes)
    }

    private static func joined(_ lines: some Sequence<ArraySlice<UInt8>>) -> [UInt8] {
        Array(lines.joined(separator: [UInt8(ascii: "\n")]))
    }

    private static func text(_ bytes: some Collection<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
