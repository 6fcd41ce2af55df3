import Testing

@testable import Transcript

/// What generated inputs have found, each as it was found.
@Suite struct RoundTripTests {
    @Test(arguments: ["# a\r\r\n", "#: a b\r \r\n", "#: \u{301}\r \n", "#: n \u{301}x\n", "> a \u{600} \n", "< \r\r\n"])
    func whatEndsInCarriageReturnsOrBlanks_readsBackTheSame(_ text: String) throws {
        let transcript = try Transcript(parsing: text, name: "a.agi")
        let again = try Transcript(parsing: transcript.text, name: "a.agi")
        #expect(again == transcript)
        #expect(Array(again.text.utf8) == Array(transcript.text.utf8))
    }

    @Test func aBlankBehindAPrependedScalar_isWrittenOut() throws {
        #expect(try Transcript(parsing: "> \u{600} ", name: "a.agi").text == "> \u{600}%{x20}\n")
        #expect(try Transcript(parsing: "#: a b\u{600} ", name: "a.agi").heading("a") == "b\u{600}")
    }

    @Test func aHeadingWhoseValueBeginsWithACombiningMark_hasItsName() throws {
        #expect(try Transcript(parsing: "#: name \u{301}x", name: "a.agi").heading("name") == "\u{301}x")
    }

    @Test func aSignBehindAnX_isANameAndNoByte() throws {
        let transcript = try Transcript(parsing: "> %{x-0}\n", name: "a.agi")
        #expect(transcript.lines.first?.command?.names == ["x-0"])
        #expect(throws: TranscriptError.self) { try Transcript(parsing: "> %{x+0}\n", name: "a.agi") }
        #expect(try Transcript(parsing: "< %{x0a}\n", name: "a.agi").text == "< %{x0A}\n")
    }

    @Test func whatWouldBeTooLongOnceWritten_isRefusedAtOnce() throws {
        for text in [
            "> " + String(repeating: "\u{1}", count: 3_000), "> " + String(repeating: "x", count: 16_381) + " ",
        ] {
            let error = #expect(throws: TranscriptError.self) { try Transcript(parsing: text, name: "a.agi") }
            #expect(error?.description.contains("once its control characters are written") == true)
        }
        let lines = String(repeating: "> " + String(repeating: "\u{1}", count: 2_700) + "\n", count: 300)
        #expect(throws: TranscriptError.self) { try Transcript(parsing: lines, name: "a.agi") }
    }

    @Test func aControlCharacterInTheNameOfALeg_isNamed() {
        let error = #expect(throws: TranscriptError.self) { try Transcript(parsing: "= a\u{1} x", name: "a.agi") }
        #expect(error?.description.contains("in the name of a leg") == true)
    }

    @Test func whatAServerSaidBeforeTheEnvironment_isWrittenBeforeWhatAsteriskSaidBehindIt() throws {
        var tapes: [Tape] = []
        let leg = RecordedLeg { time in
            tapes.append(Tape(began: 0, start: time))
            return tapes[tapes.count - 1]
        }
        leg.hear(Array("EARLY\n".utf8), from: .server, at: 1)
        leg.hear(Array("agi_x: 1\n\nHANGUP\n".utf8), from: .asterisk, at: 1)
        leg.end(.server, at: 1)
        let text = try #require(try tapes.first?.transcript(masked: false).text)
        #expect(text.hasSuffix("agi_x: 1\n> EARLY\n! HANGUP\n. server\n"))
    }
}
