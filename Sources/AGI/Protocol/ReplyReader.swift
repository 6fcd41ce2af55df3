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

    /// The most bytes of one reply with its newline, or of a line passed over; more is no AGI.
    static let limit = 262_144

    /// Lines that were neither a reply nor HANGUP and were passed over.
    private(set) var strayLines = 0
    /// What came and is not read yet. Empty nearly always: a reply that came whole is never copied.
    private var pending: [UInt8] = []
    /// Where in `pending` the first token begins that is not read yet.
    private var head = 0
    private var progress = Progress()
    /// Whether a reply was too long. Where the next one begins cannot be known any more.
    private var isBroken = false

    /// How far the unfinished token has been looked at, from its own beginning, so that no byte is looked at twice.
    private struct Progress {
        /// Where the first line begins that has not been looked at.
        var line = 0
        /// Up to where there is no newline behind it.
        var searched = 0
    }

    /// Whether nothing waits, not even a part of a token.
    var isEmpty: Bool { pending.isEmpty }

    /// How many bytes are kept.
    var held: Int { pending.count }

    /// A reader before which these bytes have come; `next` answers what they hold.
    init(behind bytes: [UInt8] = []) { pending = bytes }

    /// Takes what the socket gave and answers the first token, nil when more bytes are needed; `next` answers the others.
    ///
    /// - Throws: `AGIError.protocolViolation` when a reply is longer than any can be, from then on every time.
    mutating func read(_ bytes: UnsafeRawBufferPointer) throws(AGIError) -> Token? {
        guard pending.isEmpty else {
            pending.removeFirst(head)
            head = 0
            pending += bytes
            return try next()
        }
        if isBroken { return try next() }
        var used = 0
        let found = token(in: bytes, from: &used)
        if isBroken { return try next() }
        if used < bytes.count { pending = Array(bytes[used...]) }
        return found
    }

    /// The next token of what was taken, or nil when more bytes are needed.
    ///
    /// - Throws: `AGIError.protocolViolation` when a reply is longer than any can be, from then on every time.
    mutating func next() throws(AGIError) -> Token? {
        if isBroken { throw .protocolViolation("a reply without end") }
        if pending.isEmpty { return nil }
        // Taken out while it is read, so that it is not copied.
        var bytes: [UInt8] = []
        swap(&bytes, &pending)
        var used = 0
        let found = bytes.withUnsafeBytes { token(in: UnsafeRawBufferPointer(rebasing: $0[head...]), from: &used) }
        if isBroken { throw .protocolViolation("a reply without end") }
        head += used
        if head == bytes.count {
            head = 0
        } else {
            pending = bytes
        }
        return found
    }

    // MARK: Tokens

    /// The first token in `bytes`; `used` becomes the end of it, or of the lines before it that are none.
    private mutating func token(in bytes: UnsafeRawBufferPointer, from used: inout Int) -> Token? {
        while true {
            guard progress.line == 0 else { return continuation(in: bytes, from: &used) }
            guard let line = bytes.line(from: used, searched: used + progress.searched) else {
                return more(in: bytes, from: used)
            }
            // However the bytes came: what is refused in pieces is refused in one piece too.
            guard line.following - used <= Self.limit else { return broken() }
            progress = Progress()
            if bytes.matches("200 result=", at: line) {
                if let reply = reply(in: bytes, line) {
                    used = line.following
                    return .reply(reply)
                }
                progress = Progress(line: line.following - used, searched: line.following - used)
            } else if bytes.matches("520-", at: line) {
                progress = Progress(line: line.following - used, searched: line.following - used)
            } else {
                used = line.following
                if bytes.matches("HANGUP", at: line), line.end - line.start == 6 { return .hangUp }
                if let code = errorCode(bytes, line) {
                    return .reply(Reply(code: code, tail: bytes.text(line.start + 4..<line.end)))
                }
                if !bytes.matches("100 ", at: line) { strayLines += 1 }
            }
        }
    }

    /// Goes on with a value over several lines or a usage block whose first line begins at `used`.
    private mutating func continuation(in bytes: UnsafeRawBufferPointer, from used: inout Int) -> Token? {
        let start = used
        let isUsage = bytes[start] == UInt8(ascii: "5")
        while let line = bytes.line(from: start + progress.line, searched: start + progress.searched) {
            guard line.following - start <= Self.limit else { return broken() }
            progress = Progress(line: line.following - start, searched: line.following - start)
            if isUsage {
                guard bytes.matches("520 ", at: line) else { continue }
                finish()
                let hasReturn = bytes[line.start - 2] == UInt8(ascii: "\r")
                return .reply(Reply(code: 520, tail: bytes.text(start + 4..<line.start - (hasReturn ? 2 : 1))))
            }
            guard let end = closing(in: bytes, line.start, line) else { continue }
            finish()
            return .reply(value(in: bytes, from: start, end, line))

            func finish() {
                used = line.following
                progress = Progress()
            }
        }
        return more(in: bytes, from: start)
    }

    /// The token that begins at `start` is not whole yet.
    private mutating func more(in bytes: UnsafeRawBufferPointer, from start: Int) -> Token? {
        guard bytes.count - start <= Self.limit else { return broken() }
        progress.searched = bytes.count - start
        return nil
    }

    private mutating func broken() -> Token? {
        isBroken = true
        return nil
    }

    private func errorCode(_ bytes: UnsafeRawBufferPointer, _ line: ByteLine) -> Int? {
        if bytes.matches("510 ", at: line) { return 510 }
        if bytes.matches("511 ", at: line) { return 511 }
        return bytes.matches("520 ", at: line) ? 520 : nil
    }

    // MARK: Replies to commands that were done

    /// The reply in its one line; nil when its value goes on in the next.
    private func reply(in bytes: UnsafeRawBufferPointer, _ line: ByteLine) -> Reply? {
        let result = resultEnd(bytes, line)
        let start = line.start + 11
        guard result < line.end else { return Reply(code: 200, result: bytes.text(start..<line.end)) }
        guard result + 1 < line.end, bytes[result + 1] == UInt8(ascii: "(") else {
            return Reply(code: 200, result: bytes.text(start..<result), tail: bytes.text(result + 1..<line.end))
        }
        guard let end = closing(in: bytes, result + 2, line) else { return nil }
        return value(in: bytes, from: line.start, end, line)
    }

    private func resultEnd(_ bytes: UnsafeRawBufferPointer, _ line: ByteLine) -> Int {
        var position = line.start + 11
        while position < line.end, bytes[position] != UInt8(ascii: " ") { position += 1 }
        return position
    }

    /// The reply that begins at `start` and whose value ends in `last`.
    private func value(
        in bytes: UnsafeRawBufferPointer, from start: Int, _ end: (value: Int, tail: Int), _ last: ByteLine
    ) -> Reply {
        var result = start + 11
        while bytes[result] != UInt8(ascii: " ") { result += 1 }
        return Reply(
            code: 200, result: bytes.text(start + 11..<result), text: bytes.text(result + 2..<end.value),
            tail: bytes.text(end.tail..<last.end))
    }

    /// Where a value ends in this line, and where what follows begins: `…)`, or `…) endpos=N…` and `…) digit=N…` of the
    /// commands that play, record and listen.
    private func closing(
        in bytes: UnsafeRawBufferPointer, _ start: Int, _ line: ByteLine
    ) -> (value: Int, tail: Int)? {
        if line.end > start, bytes[line.end - 1] == UInt8(ascii: ")") { return (line.end - 1, line.end) }
        var position = line.end - 1
        while position >= start {
            let rest = ByteLine(start: position, end: line.end, following: line.following)
            if bytes[position] == UInt8(ascii: ")"),
                bytes.matches(") endpos=", at: rest) || bytes.matches(") digit=", at: rest)
            {
                return (position, position + 2)
            }
            position -= 1
        }
        return nil
    }
}
