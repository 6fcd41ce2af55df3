import Testing

@testable import AGI

struct ReplyReaderTests {
    /// What Asterisk sends and what it must be read as, trap by trap.
    static let traps: [(name: String, bytes: String, tokens: [ReplyReader.Token])] = [
        ("a plain result", "200 result=0\n", [.reply(Reply(code: 200, result: "0"))]),
        (
            "a result with its end position", "200 result=35 endpos=8000\n",
            [.reply(Reply(code: 200, result: "35", tail: "endpos=8000"))]
        ),
        ("digits with leading zeros", "200 result=0012345678\n", [.reply(Reply(code: 200, result: "0012345678"))]),
        ("digits with a star", "200 result=*12\n", [.reply(Reply(code: 200, result: "*12"))]),
        ("no digits in time", "200 result= (timeout)\n", [.reply(Reply(code: 200, result: "", text: "timeout"))]),
        (
            "some digits in time", "200 result=123 (timeout)\n",
            [.reply(Reply(code: 200, result: "123", text: "timeout"))]
        ),
        ("no digits, ended by pound", "200 result=\n", [.reply(Reply(code: 200, result: ""))]),
        ("a variable", "200 result=1 (SUCCESS)\n", [.reply(Reply(code: 200, result: "1", text: "SUCCESS"))]),
        ("an empty variable", "200 result=1 ()\n", [.reply(Reply(code: 200, result: "1", text: ""))]),
        ("a value with parentheses", "200 result=1 (a(b)c)\n", [.reply(Reply(code: 200, result: "1", text: "a(b)c"))]),
        (
            "a value over two lines", "200 result=1 (duration=5\n)\n",
            [.reply(Reply(code: 200, result: "1", text: "duration=5\n"))]
        ),
        (
            "a value that holds the word HANGUP", "200 result=1 (a\nHANGUP\nb)\n",
            [.reply(Reply(code: 200, result: "1", text: "a\nHANGUP\nb"))]
        ),
        (
            "a value that holds a reply", "200 result=1 (a\n200 result=0\nb)\n",
            [.reply(Reply(code: 200, result: "1", text: "a\n200 result=0\nb"))]
        ),
        (
            "a recording ended by a key", "200 result=35 (dtmf) endpos=16000\n",
            [.reply(Reply(code: 200, result: "35", text: "dtmf", tail: "endpos=16000"))]
        ),
        (
            "a recording that could not be written", "200 result=-1 (writefile)\n",
            [.reply(Reply(code: 200, result: "-1", text: "writefile"))]
        ),
        (
            "speech", "200 result=1 (speech) endpos=0 results=1 score0=900 text0=\"yes\" grammar0=main\n",
            [
                .reply(
                    Reply(
                        code: 200, result: "1", text: "speech",
                        tail: "endpos=0 results=1 score0=900 text0=\"yes\" grammar0=main"))
            ]
        ),
        ("a hang-up before a reply", "HANGUP\n200 result=0\n", [.hangUp, .reply(Reply(code: 200, result: "0"))]),
        ("a hang-up behind a reply", "200 result=0\nHANGUP\n", [.reply(Reply(code: 200, result: "0")), .hangUp]),
        (
            "an unknown command", "510 Invalid or unknown command\n",
            [.reply(Reply(code: 510, tail: "Invalid or unknown command"))]
        ),
        (
            "a dead channel", "511 Command Not Permitted on a dead channel or intercept routine\n",
            [.reply(Reply(code: 511, tail: "Command Not Permitted on a dead channel or intercept routine"))]
        ),
        (
            "usage in one line", "520 Invalid command syntax.  Proper usage not available.\n",
            [.reply(Reply(code: 520, tail: "Invalid command syntax.  Proper usage not available."))]
        ),
        (
            "usage as a block",
            "520-Invalid command syntax.  Proper usage follows:\n Usage: EXEC\n\tHANGUP\n520 End of proper usage.\n200 result=0\n",
            [
                .reply(
                    Reply(code: 520, tail: "Invalid command syntax.  Proper usage follows:\n Usage: EXEC\n\tHANGUP")),
                .reply(Reply(code: 200, result: "0")),
            ]
        ),
        ("GOSUB's trying", "100 result=0 Trying...\n200 result=0\n", [.reply(Reply(code: 200, result: "0"))]),
        (
            "EXEC that returned 1", "200 result=1\n520-Invalid command syntax.\nx\n520 End of proper usage.\n",
            [.reply(Reply(code: 200, result: "1")), .reply(Reply(code: 520, tail: "Invalid command syntax.\nx"))]
        ),
        ("lines that are no AGI", "hello\n\n200 result=0\n", [.reply(Reply(code: 200, result: "0"))]),
    ]

    @Test(arguments: traps.indices)
    func everyTrap_isReadAsItIsMeant(_ index: Int) throws {
        let trap = Self.traps[index]
        #expect(try read([trap.bytes]) == trap.tokens, "\(trap.name)")
    }

    @Test(arguments: traps.indices)
    func aReplyCutAtAnyByte_isReadTheSame(_ index: Int) throws {
        let trap = Self.traps[index]
        let bytes = Array(trap.bytes)
        for cut in 1..<bytes.count {
            let parts = [String(bytes[..<cut]), String(bytes[cut...])]
            #expect(try read(parts) == trap.tokens, "\(trap.name) cut at \(cut)")
        }
        #expect(try read(bytes.map { String($0) }) == trap.tokens, "\(trap.name) byte by byte")
    }

    @Test func everyTrapBehindEveryOther_staysInStep() throws {
        for first in Self.traps {
            for second in Self.traps {
                #expect(try read([first.bytes + second.bytes]) == first.tokens + second.tokens)
            }
        }
    }

    @Test(arguments: ["200 result=0", "520-Usage\nmore", "200 result=1 (open\nvalue", "HANGU", "5"])
    func aReplyThatHasNotEnded_isNone(_ text: String) throws {
        #expect(try read([text]).isEmpty)
    }

    @Test(arguments: ["200 result=", "520-", "200 result=1 (", "nonsense"])
    func aReplyWithoutEnd_isRefusedAtTheLimit(_ start: String) {
        var reader = ReplyReader()
        let more = String(
            repeating: start.hasSuffix("(") || start == "520-" ? "\nmore text" : "more text", count: 1_000)
        #expect(throws: AGIError.protocolViolation("a reply without end")) {
            _ = try reader.read(start)
            for _ in 0...ReplyReader.limit / more.utf8.count {
                var token = try reader.read(more)
                while token != nil { token = try reader.next() }
            }
        }
    }

    @Test func aValueOfManyLines_isReadInOneGo_howeverItComes() throws {
        let value = (0..<5_000).map { "line \($0)" }.joined(separator: "\n")
        let bytes = "200 result=1 (\(value))\n"
        let whole = [ReplyReader.Token.reply(Reply(code: 200, result: "1", text: value))]
        #expect(try read([bytes]) == whole)
        #expect(try read(bytes.split(separator: "\n").map { $0 + "\n" }) == whole)
    }

    @Test func carriageReturns_areNoPartOfAReply() throws {
        #expect(
            try read(["200 result=1 (a)\r\nHANGUP\r\n"]) == [.reply(Reply(code: 200, result: "1", text: "a")), .hangUp])
    }

    private func read(_ parts: [String]) throws -> [ReplyReader.Token] {
        var reader = ReplyReader()
        var tokens: [ReplyReader.Token] = []
        for part in parts {
            var next = try reader.read(part)
            while let token = next {
                tokens.append(token)
                next = try reader.next()
            }
        }
        return tokens
    }
}

extension ReplyReader {
    mutating func read(_ text: String) throws -> Token? {
        try Array(text.utf8).withUnsafeBytes { try read($0) }
    }
}
