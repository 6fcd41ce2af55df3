import Fuzzing

@testable import AGI

/// After every piece the reader says what the model says of all that has come so far.
enum ReplyTarget {
    static let target = Target("reply", generate: generate, check: check)

    static func check(_ input: [UInt8]) throws {
        var random = SplitMix64(seedFrom: input)
        try check(Cuts.pieces(of: input, at: []))
        try check(Cuts.pieces(of: input, &random))
        try check(Cuts.pieces(of: input, at: [random.below(input.count + 1)]))
    }

    private static func check(_ pieces: [[UInt8]]) throws {
        var reader = ReplyReader()
        var tokens: [ReplyReader.Token] = []
        var sofar: [UInt8] = []
        for piece in pieces {
            sofar += piece
            let model = ReplyModel(sofar)
            do {
                var next = try piece.withUnsafeBytes { try reader.read($0) }
                while let token = next {
                    tokens.append(token)
                    next = try reader.next()
                }
            } catch {
                guard model.isRefused else { throw Broken("the reader: \(error); the model refuses nothing") }
                try Broken.unless(tokens, is: model.tokens, "what was read before it was refused")
                return try checkThatItStaysBroken(reader)
            }
            guard !model.isRefused else { throw Broken("the model refuses what the reader takes") }
            try Broken.unless(tokens, is: model.tokens, "what was read of \(sofar.count) bytes")
            try Broken.unless(reader.strayLines, is: model.strayLines, "the lines passed over")
            guard reader.held <= ReplyModel.most + piece.count else { throw Broken("\(reader.held) bytes are kept") }
        }
        if sofar.last == UInt8(ascii: "\n"), sofar.isEmpty != reader.isEmpty, tokens.isEmpty, reader.strayLines > 0 {
            // Lines that are passed over are not kept either, unless something unfinished stands behind them.
            try Broken.unless(reader.held <= sofar.count, is: true, "what is kept of \(sofar.count) bytes")
        }
    }

    private static func checkThatItStaysBroken(_ reader: ReplyReader) throws {
        var reader = reader
        for more in [[], Array("\n200 result=0\n".utf8)] {
            let token = try? more.withUnsafeBytes { try reader.read($0) }
            guard token == nil else {
                throw Broken("what comes behind a refusal is read: \(String(describing: token))")
            }
        }
    }

    private static let values = [
        "SUCCESS", "", "(", ")", " ", "a", "15550142", "\n", "\r\n", "\r", "200 result=0", "520 End", "520-", "HANGUP",
        "\nHANGUP\n",
        ") endpos=1", ") digit=1", "endpos=", " (timeout)", "é", "\u{1}", "510 ", "\"",
    ]

    private static func generate(_ random: inout SplitMix64) -> [UInt8] {
        var text = ""
        for _ in 0..<1 + random.below(5) { text += reply(&random) }
        if random.onceIn(12) {
            text = text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
        }
        if random.onceIn(5) { text = String(text.prefix(random.below(text.count + 1))) }
        return Array(text.utf8)
    }

    private static func reply(_ random: inout SplitMix64) -> String {
        // Rarely near the limit, because such an input takes as long as a thousand others.
        let most = random.onceIn(4_000) ? 80_000 : random.onceIn(20) ? 60 : 4
        let value = random.text(of: values, atMost: most)
        let number = random.one(of: ["0", "1", "-1", "", "0012345678", "*1#", "35", "a"])
        switch random.below(14) {
        case 0: return "200 result=\(number)\n"
        case 1: return "200 result=\(number) endpos=\(random.below(100_000))\n"
        case 2: return "200 result=\(number) (timeout)\n"
        case 3, 4, 5: return "200 result=\(number) (\(value))\n"
        case 6: return "200 result=\(number) (\(random.one(of: ["dtmf", "hangup", value]))) endpos=8000\n"
        case 7: return "520-Invalid command syntax.  Proper usage follows:\n\(value)\n520 End of proper usage.\n"
        case 8:
            return random.one(of: ["510 Invalid or unknown command\n", "520 Invalid command syntax.\n", "511 Dead\n"])
        case 9: return "100 result=0 Trying...\n200 result=0\n"
        case 10: return "HANGUP\n"
        case 11: return "200 result=1\n520-Usage\n\(value)\n520 End of proper usage.\n"
        case 12 where random.onceIn(3): return "200 result=1 (digit) digit=5 endpos=0\n"
        case 12: return "200 result=1 (speech) endpos=0 results=1 score0=900 text0=\"yes\" grammar0=main\n"
        default: return value + "\n"
        }
    }
}
