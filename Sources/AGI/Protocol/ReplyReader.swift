/// Turns the bytes that Asterisk sends after the environment into replies and hang-ups, however they are cut.
///
/// What `res/res_agi.c` can send besides one-line replies: a value over several lines, a usage block behind
/// `520-`, a provisional `100 Trying`, and a line `HANGUP` of Asterisk's own accord between two replies.
struct ReplyReader {
    /// What the bytes held.
    enum Token: Equatable {
        case reply(Reply)
        /// The caller is gone; not an answer to anything.
        case hangUp
    }

    /// The most bytes of one reply; more is no AGI.
    let limit: Int
    /// Lines that were neither a reply nor HANGUP and were passed over.
    private(set) var strayLines = 0

    private var pending: [UInt8] = []
    private var head = 0
    /// Where the search for the end of the line or value goes on when more bytes have come.
    private var searched = 0

    init(limit: Int = 262_144) { self.limit = limit }

    /// Whether bytes wait that are not yet a whole reply.
    var isEmpty: Bool { head == pending.count }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        if head == pending.count {
            pending.removeAll(keepingCapacity: pending.capacity <= 4_096)
            head = 0
            searched = 0
        }
        pending.append(contentsOf: bytes)
    }

    /// The next token, or nil when more bytes are needed.
    mutating func next() throws(AGIError) -> Token? {
        while head < pending.count {
            guard let line = nextLine(from: head) else {
                guard pending.count - head <= limit else { throw .protocolViolation("a line without end") }
                return nil
            }
            switch classify(line) {
            case .hangUp:
                consume(through: line.upperBound)
                return .hangUp
            case .reply:
                guard let token = try reply(firstLine: line) else { return nil }
                return token
            case .usage:
                guard let token = try usage(firstLine: line) else { return nil }
                return token
            case .provisional:
                consume(through: line.upperBound)
            case .stray:
                strayLines += 1
                consume(through: line.upperBound)
            }
        }
        return nil
    }

    private enum Kind { case hangUp, reply, usage, provisional, stray }

    private func classify(_ line: Range<Int>) -> Kind {
        if matches("HANGUP", at: line) && text(line) == "HANGUP" { return .hangUp }
        if matches("200 result=", at: line) { return .reply }
        if matches("520-", at: line) { return .usage }
        if matches("510 ", at: line) || matches("511 ", at: line) || matches("520 ", at: line) { return .reply }
        if matches("100 ", at: line) { return .provisional }
        return .stray
    }

    /// The line's bytes without its newline; the newline stands at `upperBound`.
    private mutating func nextLine(from start: Int) -> Range<Int>? {
        let from = max(start, searched)
        guard let end = pending[from...].firstIndex(of: newline) else {
            searched = pending.count
            return nil
        }
        searched = start
        return start..<end
    }

    private mutating func consume(through newlineIndex: Int) {
        head = newlineIndex + 1
        searched = head
    }

    // MARK: Replies of one line and values over several

    private mutating func reply(firstLine line: Range<Int>) throws(AGIError) -> Token? {
        if !matches("200", at: line) {
            let code = matches("510", at: line) ? 510 : matches("511", at: line) ? 511 : 520
            defer { consume(through: line.upperBound) }
            return .reply(Reply(code: code, tail: text(line.dropFirst(4))))
        }
        let rest = line.lowerBound + 11..<line.upperBound
        let resultEnd = pending[rest].firstIndex(of: space) ?? rest.upperBound
        let result = text(rest.lowerBound..<resultEnd)
        guard resultEnd < rest.upperBound else {
            consume(through: line.upperBound)
            return .reply(Reply(code: 200, result: result))
        }
        let after = resultEnd + 1..<rest.upperBound
        guard after.isEmpty == false, pending[after.lowerBound] == openParenthesis else {
            defer { consume(through: line.upperBound) }
            return .reply(Reply(code: 200, result: result, tail: text(after)))
        }
        // The value ends with the first line that closes it.
        var current = line
        while true {
            let value = after.lowerBound + 1..<current.upperBound
            if let (valueEnd, tailStart) = closing(in: max(value.lowerBound, current.lowerBound)..<value.upperBound) {
                defer { consume(through: current.upperBound) }
                let tail = min(tailStart, current.upperBound)..<current.upperBound
                return .reply(
                    Reply(
                        code: 200, result: result, text: text(value.lowerBound..<valueEnd, lines: true),
                        tail: text(tail)))
            }
            guard let following = nextLineOfValue(after: current.upperBound) else {
                guard pending.count - head <= limit else { throw .protocolViolation("a value without end") }
                return nil
            }
            current = following
        }
    }

    private func nextLineOfValue(after newlineIndex: Int) -> Range<Int>? {
        let start = newlineIndex + 1
        guard let end = pending[start...].firstIndex(of: newline) else { return nil }
        return start..<end
    }

    /// Where a value ends in this line, and where what follows begins: `…)` or `…) endpos=N…`.
    private func closing(in line: Range<Int>) -> (valueEnd: Int, tailStart: Int)? {
        let end = trimmed(line).upperBound
        if end > line.lowerBound, pending[end - 1] == closeParenthesis { return (end - 1, line.upperBound) }
        let marker = Array(") endpos=".utf8)
        guard end - line.lowerBound >= marker.count else { return nil }
        for start in stride(from: end - marker.count, through: line.lowerBound, by: -1)
        where pending[start..<start + marker.count].elementsEqual(marker) {
            return (start, start + 2)
        }
        return nil
    }

    // MARK: Usage blocks

    private mutating func usage(firstLine line: Range<Int>) throws(AGIError) -> Token? {
        var current = line
        while true {
            guard let following = nextLineOfValue(after: current.upperBound) else {
                guard pending.count - head <= limit else { throw .protocolViolation("a usage block without end") }
                return nil
            }
            current = following
            if matches("520 ", at: current) { break }
        }
        defer { consume(through: current.upperBound) }
        return .reply(Reply(code: 520, tail: text(line.lowerBound + 4..<current.lowerBound - 1, lines: true)))
    }

    // MARK: Bytes

    private let newline = UInt8(ascii: "\n")
    private let space = UInt8(ascii: " ")
    private let openParenthesis = UInt8(ascii: "(")
    private let closeParenthesis = UInt8(ascii: ")")

    private func trimmed(_ line: Range<Int>) -> Range<Int> {
        line.isEmpty || pending[line.upperBound - 1] != UInt8(ascii: "\r")
            ? line : line.lowerBound..<line.upperBound - 1
    }

    private func text(_ range: Range<Int>, lines: Bool = false) -> String {
        String(decoding: pending[lines ? range : trimmed(range)], as: UTF8.self)
    }

    private func matches(_ prefix: StaticString, at line: Range<Int>) -> Bool {
        let count = prefix.utf8CodeUnitCount
        guard line.count >= count else { return false }
        for index in 0..<count where pending[line.lowerBound + index] != prefix.utf8Start[index] { return false }
        return true
    }
}
