import Fuzzing

@testable import AGI

/// Any argument list, quoted by us, is parsed back unchanged by Asterisk's own rules.
///
/// An input is the arguments, each ended by the byte FF, which no text holds. One that is decimal digits is sent as a
/// number.
enum CommandTarget {
    static let target = Target("command", generate: generate, check: check)

    static func check(_ input: [UInt8]) throws {
        let texts = input.split(separator: 0xFF, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        let buffer = CommandBuffer()
        var writer = CommandWriter(buffer, verb: "SET VARIABLE")
        for text in texts {
            if let number = Int(text), String(number) == text {
                writer.argument(number)
            } else {
                writer.argument(text)
            }
        }
        let (count, words, isForbidden) = (writer.count, writer.argumentCount, writer.isForbidden)
        let line = Array(writer.finish())
        let holdsForbidden = texts.contains { $0.utf8.contains { [0, 10, 13].contains($0) } }
        try Broken.unless(isForbidden, is: holdsForbidden, "whether an argument holds CR, LF or NUL")
        try Broken.unless(words, is: 2 + texts.count, "the number of words")
        try Broken.unless(line.count, is: min(count + 1, CommandBuffer.capacity), "the length of the line")
        guard !isForbidden, count < CommandBuffer.capacity, words <= AsteriskParser.most else { return }
        try Broken.unless(line.firstIndex(of: UInt8(ascii: "\n")), is: line.count - 1, "where the line ends")
        try Broken.unless(
            AsteriskParser.parse(line), is: [Array("SET".utf8), Array("VARIABLE".utf8)] + texts.map { Array($0.utf8) },
            "what Asterisk makes of \(Broken.shown(line))")
    }

    private static func generate(_ random: inout SplitMix64) -> [UInt8] {
        let pieces = [
            "\"", "\\", " ", "\t", ",", "&", "$(x)", "${y}", "|", "'", "#", "é", "😀", "\u{1}", "\u{7F}", "15550142",
            "-1", "support", "\u{600}", "\r", "\u{301}",
        ]
        var input: [UInt8] = []
        for number in 0...random.below(random.onceIn(200) ? 200 : 6) {
            if number > 0 { input.append(0xFF) }
            let most = random.onceIn(500) ? 9_000 : 12
            input += random.text(of: pieces, atMost: most).utf8
        }
        return input
    }
}
