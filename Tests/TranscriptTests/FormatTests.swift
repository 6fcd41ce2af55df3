import Foundation
import Testing

@testable import Transcript

@Suite struct FormatTests {
    private static let whole = """
        #: asterisk 22.10.0
        #: recorded 2026-11-21T03:00:00Z
        # a comment

        agi_network_script: after-hours?line=support
        agi_rdnis:
        > ANSWER
        < 200 result=0
        @ 1.250
        > GET VARIABLE "%{NAME:word}"
        < 200 result=1 (first line
        < second %{NAME}
        <
        < )
        {
        > SET VARIABLE "A" "1"
        < 200 result=1
        > SET VARIABLE "B" "2"
        ! HANGUP
        < 200 result=1
        }
        = engineer engineer?ring=%{NAME}
        agi_callerid: 15550100
        > ANSWER
        . asterisk
        = caller
        . server

        """

    @Test func whatIsWrittenReadsAsTheSame() throws {
        let transcript = try Transcript(parsing: Self.whole, name: "a.agi")
        #expect(transcript.text == Self.whole)
        #expect(try Transcript(parsing: transcript.text, name: "b.agi") == transcript)
        #expect(transcript.legs == ["caller", "engineer"])
        #expect(transcript.heading("asterisk") == "22.10.0")
        #expect(transcript.headings.count == 2)
        #expect(transcript.lines[9].command?.names == ["NAME"])
        #expect(transcript.lines[9].number == 10)
    }

    @Test func otherWaysToWriteItBecomeTheNormalForm() throws {
        let text = "\u{FEFF}agi_callerid:15550142\r\n> A%{x42}%{%}C \r\n@ 1\r\n< \r\n  \r\n{ \r\n>\r\n}\t\r\n. server "
        let normal = "agi_callerid: 15550142\n> AB%C%{x20}\n@ 1.000\n<\n\n{\n>\n}\n. server\n"
        let transcript = try Transcript(parsing: text, name: "a.agi")
        #expect(transcript.text == normal)
        #expect(try Transcript(parsing: normal, name: "a.agi") == transcript)
    }

    @Test(arguments: [
        ("agi_x: 1\nANSWER", 2, "begins with none of"), (">ANSWER", 1, "no blank behind the mark '>'"),
        ("#:", 1, "a heading without a name"), ("> A\n#: b c", 2, "a heading behind the conversation's begin"),
        ("> A\nagi_x: 1", 2, "an environment line within the conversation"), ("agi_x", 1, "without a colon"),
        ("agi_a-b: 1", 1, "no name of an environment line"), ("> %{", 1, "without '}'"),
        ("< %{digits}", 1, "a kind ('digits') in a line that Asterisk sends"),
        ("> %{A}\n< %{A:word}", 2, "a kind ('word')"), ("< %{A}", 1, "nothing has bound %{A} yet"),
        ("agi_x: %{A}", 1, "nothing has bound %{A} yet"), ("= e s?%{A}", 1, "nothing has bound %{A} yet"),
        ("agi_x: a%{x0A}b", 1, "never holds %{x0A}"), ("@ 1.2345\n> A", 1, "is no time"),
        ("@ -1\n> A", 1, "is no time"), ("@ 604801\n> A", 1, "more than a week"),
        ("> A\n@ 1", 2, "nothing follows '@'"),
        ("@ 1\n@ 2\n> A", 2, "two times"), ("= engineer", 1, "there is no leg 'engineer' yet"),
        ("=", 1, "no name of a leg"), ("= caller x", 1, "there is a leg 'caller' already"),
        (". nobody", 1, "closes nothing"),
        (". server\n> A", 2, "has ended in line 1"), ("{\n> A", 1, "never closed"), ("}", 1, "'}' without '{'"),
        ("{\n}", 2, "a block without a command"), ("{\n< A\n}", 2, "begins with what Asterisk says"),
        ("{\n{", 2, "another block within the block of line 1"), ("{\n> A\n= caller", 3, "a change of the leg within"),
        ("{\n> A\n. server", 3, "the end of a leg within"), ("{\n> A\n@ 1\n}", 4, "'@' at the end of a block"),
        ("# a\u{0}", 1, "a NUL"),
    ])
    func aMistakeIsNamedWithItsLine(text: String, line: Int, problem: String) throws {
        let error = #expect(throws: TranscriptError.self) { try Transcript(parsing: text, name: "a.agi") }
        #expect(error?.place == Place(file: "a.agi", line: line))
        #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
        #expect(error?.description.hasPrefix("a.agi:\(line): ") == true)
        #expect(error?.description.contains("; ") == true)
    }

    @Test func everythingHasALimit() throws {
        let legs = (1...64).map { "= leg\($0) script\n" }.joined()
        let cases = [
            ("# " + String(repeating: "x", count: 16_384), 1), (String(repeating: "\n", count: 20_001), 20_001),
            (legs, 64), (String(repeating: "x", count: 4 * 1_024 * 1_024 + 1), 1),
        ]
        for (text, line) in cases {
            let error = #expect(throws: TranscriptError.self) { try Transcript(parsing: text, name: "a.agi") }
            #expect(error?.place?.line == line)
        }
        #expect(try Transcript(parsing: "> " + String(repeating: "x", count: 16_382), name: "a.agi").lines.count == 1)
    }

    @Test func bytesThatAreNoUTF8AreNamed() throws {
        let error = #expect(throws: TranscriptError.self) {
            try Transcript(bytes: Array("> A\n> ".utf8) + [0xE9], name: "a.agi")
        }
        #expect(error?.place?.line == 2)
        #expect(error?.description.contains("not UTF-8") == true)
    }

    @Test func aFileThatIsNotThereIsNamed() throws {
        let error = #expect(throws: TranscriptError.self) { try Transcript(contentsOf: "/nowhere/a.agi") }
        #expect(error == .unreadable(file: "/nowhere/a.agi", reason: "No such file or directory"))
    }
}

/// The example of the specification, as a reader would copy it.
@Suite struct SpecificationTests {
    @Test func itsExampleIsATranscript() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
        let page = try String(
            contentsOfFile: "\(folder)/../../Sources/Transcript/Transcript.docc/Format.md", encoding: .utf8)
        let parts = page.components(separatedBy: "```\n")
        let example = try #require(parts.count > 1 ? parts[1] : nil)
        let transcript = try Transcript(parsing: example, name: "Format.md")
        #expect(transcript.legs == ["caller", "engineer"])
        #expect(transcript.text == example)
    }
}
