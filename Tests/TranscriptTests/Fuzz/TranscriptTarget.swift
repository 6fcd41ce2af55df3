import Fuzzing

@testable import Transcript

/// What a transcript is read as is written as something that is read as the same; its lines are within the limits; what
/// stands for bytes stands for those bytes.
enum TranscriptTarget {
    static let target = Target("transcript", generate: generate, check: check)

    static func check(_ input: [UInt8]) throws {
        try checkEscape(input)
        let transcript: Transcript
        do {
            transcript = try Transcript(bytes: input, name: "a.agi")
        } catch {
            guard let place = error.place, (1...TranscriptLimits.lines + 1).contains(place.line) else {
                throw Broken("an error without a line: \(error)")
            }
            return
        }
        let text = transcript.text
        let again: Transcript
        do {
            again = try Transcript(parsing: text, name: "a.agi")
        } catch {
            throw Broken("what was written is not read: \(error)\nwritten: \(Broken.shown(Array(text.utf8)))")
        }
        try Broken.unless(again, is: transcript, "what was written and read again")
        try Broken.unless(Array(again.text.utf8), is: Array(text.utf8), "what was written twice")
        try Broken.unless(
            text.utf8.count { $0 == UInt8(ascii: "\n") }, is: transcript.lines.count, "the number of lines")
        for line in transcript.lines where line.text.utf8.count > TranscriptLimits.lineBytes {
            throw Broken("line \(line.number) has \(line.text.utf8.count) bytes")
        }
        for line in transcript.lines { try checkPlaceholders(line) }
    }

    /// Escaped bytes match themselves, and stand for themselves.
    private static func checkEscape(_ input: [UInt8]) throws {
        let escaped = Placeholders.escape(input)
        let parts = try Template(parsing: Placeholders.guardTrailingBlank(escaped), lines: true)
        try Broken.unless(parts.bytes(with: Bindings()), is: input, "what '\(escaped)' stands for")
        if escaped.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) { throw Broken("not escaped: \(escaped)") }
    }

    /// The names of a line are names: a letter, then letters, digits, `_` and `-`, and neither a kind nor a byte.
    private static func checkPlaceholders(_ line: Transcript.Line) throws {
        let names: [String] =
            switch line.content {
            case .command(let pattern): pattern.names
            case .reply(let template), .unasked(let template), .environment(_, let template), .call(_, let template):
                template.names
            default: []
            }
        for name in names {
            let bytes = Array(name.utf8)
            let isByte = bytes.count == 3 && bytes[0] == UInt8(ascii: "x") && bytes[1...].allSatisfy(isHexadecimal)
            let isName =
                (1...64).contains(bytes.count) && isLetter(bytes[0])
                && bytes.allSatisfy {
                    isLetter($0) || isDigit($0) || [UInt8(ascii: "_"), UInt8(ascii: "-")].contains($0)
                }
            guard isName, !isByte, !["*", "digits", "number", "path", "word"].contains(name) else {
                throw Broken("'\(name)' is a name in line \(line.number)")
            }
        }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool { isDigit(byte) || (0x41...0x46).contains(byte & 0xDF) }

    private static let words = [
        "ANSWER", "GET DATA \"x\" 8000", "%{*}", "%{digits}", "%{A:word}", "%{A}", "%{B:digits}", "%{B}", "%{x0D}",
        "%{%}", "%{x7f}",
        "%{", "}", "%", " ", "\t", "é", "\u{301}", "\u{600}", "\u{1}", "\r", "15550142", "200 result=0", "1 (", ")",
        ":", "#", ".",
    ]

    private static func generate(_ random: inout SplitMix64) -> [UInt8] {
        let end = random.onceIn(10) ? "\r\n" : "\n"
        var text = random.onceIn(20) ? "\u{FEFF}" : ""
        for name in ["recorded", "asterisk", "x", "\u{301}"] where random.onceIn(3) {
            text += "#: \(name)\(random.onceIn(2) ? " " : "")\(random.text(of: words, atMost: 3))\(end)"
        }
        for name in ["network_script", "callerid", "x"] where random.onceIn(2) {
            text += "agi_\(name):\(random.onceIn(4) ? "" : " ")\(plain(&random))\(end)"
        }
        var isInBlock = false
        var legs = ["caller"]
        // Names that are inserted must be bound before.
        if random.onceIn(2) { text += "> \(random.one(of: ["%{A}", "%{A:word}"])) %{B}\(end)" }
        for number in 0..<random.below(12) {
            switch random.below(isInBlock ? 6 : 11) {
            case 0, 1: text += "> \(random.text(of: words, atMost: 5))"
            case 2: text += "< \(plain(&random))"
            case 3: text += isInBlock ? "> ANSWER\(end)}" : "{\(end)> ANSWER"
            case 4: text += "@ \(random.below(100)).\(random.below(1_000))\(end)> ANSWER"
            case 5: text += random.one(of: ["", "# \(random.text(of: words, atMost: 3))", "  ", "! HANGUP", "<"])
            case 6: text += "= \(random.one(of: legs))"
            case 7:
                legs.append("leg\(number)")
                text += "= leg\(number) \(random.one(of: ["engineer", " ", "%{B}"]))\(end)agi_x: 1"
            case 8: text += ". \(random.one(of: ["server", "asterisk", "server "]))\(end)= caller"
            default: text += "> \(random.text(of: words, atMost: random.onceIn(200) ? 8_000 : 3))"
            }
            if text.hasSuffix("}") || text.hasSuffix("{\(end)> ANSWER") { isInBlock.toggle() }
            text += end
        }
        if isInBlock { text += "> A\(end)}" }
        return Array(text.utf8)
    }

    /// Words without kinds, for what Asterisk sends.
    private static func plain(_ random: inout SplitMix64) -> String {
        random.text(of: words.filter { !$0.contains("{") || $0.hasPrefix("%{x") || $0 == "%{%}" }, atMost: 5)
    }
}
