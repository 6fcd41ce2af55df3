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
