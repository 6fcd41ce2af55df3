import Testing

@testable import AGI

struct CommandWriterTests {
    private let buffer = CommandBuffer()

    @Test(arguments: [
        ["plain"], [""], ["two words"], ["a\"b"], ["a\\b"], ["\\\""], ["a\tb"],
        ["'", "`", "$(x)", "${y}", "|", "&", ";"],
        ["ünïcödé", "😀"], ["", "", ""], ["trailing\\"], ["\"\"\"\""],
    ])
    func anyArguments_areParsedBackUnchanged(_ arguments: [String]) {
        #expect(AsteriskParser.parse(write("SET VARIABLE", arguments)) == ["SET", "VARIABLE"] + arguments)
    }

    @Test func randomArguments_areParsedBackUnchanged() {
        var generator = SystemRandomNumberGenerator()
        let alphabet = Array("\"\\ \tab,&$(){}|'*#\u{1}\u{7F}é")
        for _ in 0..<20_000 {
            let arguments = (0..<Int.random(in: 1...6, using: &generator)).map { _ in
                String((0..<Int.random(in: 0...12, using: &generator)).map { _ in alphabet.randomElement() ?? "a" })
            }
            #expect(AsteriskParser.parse(write("EXEC", arguments)) == ["EXEC"] + arguments)
        }
    }

    @Test(arguments: ["a\nb", "a\rb", "a\0b", "\n"])
    func anArgumentThatWouldEndTheLine_isForbidden(_ text: String) {
        var writer = CommandWriter(buffer, verb: "NOOP")
        writer.argument(text)
        let isForbidden = writer.isForbidden
        #expect(isForbidden)
    }

    @Test func numbersAndWords_areWrittenAsTheyAre() {
        var writer = CommandWriter(buffer, verb: "RECORD FILE")
        writer.argument(-1)
        writer.word("BEEP")
        let count = writer.argumentCount
        #expect(count == 4)
        #expect(String(decoding: writer.finish(), as: UTF8.self) == "RECORD FILE -1 BEEP\n")
    }

    @Test func aLineThatDoesNotFitTheBuffer_isCountedWhole() {
        var writer = CommandWriter(buffer, verb: "VERBOSE")
        writer.argument(String(repeating: "x", count: 2 * CommandBuffer.capacity))
        let count = writer.count
        #expect(count == "VERBOSE ".utf8.count + 2 + 2 * CommandBuffer.capacity)
        #expect(writer.finish().count == CommandBuffer.capacity)
    }

    private func write(_ verb: StaticString, _ arguments: [String]) -> String {
        var writer = CommandWriter(buffer, verb: verb)
        for argument in arguments { writer.argument(argument) }
        return String(decoding: writer.finish(), as: UTF8.self)
    }
}

/// Asterisk's own splitting of a command line, as `parse_args` in `res/res_agi.c` does it.
enum AsteriskParser {
    static func parse(_ line: String) -> [String] {
        var words: [[UInt8]] = []
        var current: [UInt8] = []
        var (quoted, escaped, isInWord) = (false, false, false)
        for byte in line.utf8.prefix(while: { $0 != UInt8(ascii: "\n") }) {
            if escaped {
                current.append(byte)
                escaped = false
                continue
            }
            switch byte {
            case UInt8(ascii: "\\"):
                escaped = true
                isInWord = true
            case UInt8(ascii: "\""):
                quoted.toggle()
                isInWord = true
            case UInt8(ascii: " ") where !quoted, UInt8(ascii: "\t") where !quoted:
                if isInWord { words.append(current) }
                current = []
                isInWord = false
            default:
                current.append(byte)
                isInWord = true
            }
        }
        if isInWord { words.append(current) }
        return words.map { String(decoding: $0, as: UTF8.self) }
    }
}
