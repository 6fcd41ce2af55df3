import Testing

@testable import Transcript

/// What a recorder makes of bytes and times, without a socket.
@Suite struct TapeTests {
    private final class Deck {
        var tapes: [Tape] = []
    }

    private func leg(_ deck: Deck, joining: Bool = true, limits: Tape.Limits = Tape.Limits()) -> RecordedLeg {
        RecordedLeg { time in
            if joining, let tape = deck.tapes.last, tape.takesLegs { return tape }
            let tape = Tape(began: 0, start: time, limits: limits)
            deck.tapes.append(tape)
            return tape
        }
    }

    private func hear(_ leg: RecordedLeg, _ side: Transcript.Side, _ text: String, at milliseconds: Int) {
        leg.hear(Array(text.utf8), from: side, at: 5_000_000_000 + UInt64(milliseconds) * 1_000_000)
    }

    @Test func timesAreWrittenAfterTenMilliseconds() throws {
        let deck = Deck()
        let leg = leg(deck)
        hear(leg, .asterisk, "agi_version: 22.10.0\nagi_uniqueid: 1/../2\n", at: 0)
        hear(leg, .asterisk, "\n", at: 15)
        hear(leg, .server, "ANSWER\n", at: 24)
        hear(leg, .asterisk, "200 result=0\n", at: 1_274)
        hear(leg, .asterisk, "HANGUP\n", at: 1_284)
        leg.end(.asterisk, at: 6_284_000_000)
        leg.end(.server, at: 6_300_000_000)
        leg.close()
        let tape = try #require(deck.tapes.first)
        #expect(tape.openLegs.isEmpty)
        #expect(tape.stem == "19700101T000000Z-1..2")
        #expect(
            try tape.transcript(masked: false).text == """
                #: recorded 1970-01-01T00:00:00Z
                #: asterisk 22.10.0
                agi_version: 22.10.0
                agi_uniqueid: 1/../2
                > ANSWER
                @ 1.274
                < 200 result=0
                @ 1.284
                ! HANGUP
                . asterisk

                """)
    }

    @Test func legsAreNamedAfterTheirScripts() throws {
        let deck = Deck()
        let scripts = ["a", "x/engineer?ring=1", "engineer", "", "engineer?b", "%20 é"]
        let legs = scripts.map { script in
            let leg = leg(deck)
            hear(leg, .server, "EARLY\n", at: 0)
            hear(leg, .asterisk, "agi_network_script: \(script)\n\n", at: 0)
            return leg
        }
        hear(legs[1], .server, "ANSWER\n", at: 20)
        for leg in legs {
            leg.end(.server, at: 0)
            leg.close()
        }
        let tape = try #require(deck.tapes.first)
        let transcript = try tape.transcript(masked: false)
        #expect(transcript.legs == ["caller", "engineer", "engineer2", "leg", "engineer3", "20"])
        #expect(
            transcript.text.contains("= engineer x/engineer?ring=1\nagi_network_script: x/engineer?ring=1\n> EARLY\n"))
        #expect(transcript.text.contains("= leg /\nagi_network_script:\n"))
        #expect(transcript.text.contains("= engineer\n@ 0.020\n> ANSWER\n"))
        // All have ended, so the next one begins another file.
        hear(leg(deck), .asterisk, "agi_x: 1\n\n", at: 30)
        #expect(deck.tapes.count == 2)
    }

    @Test func beyondTheLimitTheRestIsCutAndItStillReplays() throws {
        let deck = Deck()
        var limits = Tape.Limits()
        limits.recordedBytes = 60
        let first = leg(deck, limits: limits)
        let second = leg(deck, limits: limits)
        hear(first, .asterisk, "agi_x: 1\n\n", at: 0)
        hear(second, .asterisk, "agi_x: 2\n\n", at: 0)
        hear(first, .server, "SET VARIABLE \"A\" \"1\"\n", at: 1)
        first.end(.server, at: 1)
        hear(second, .server, "SET VARIABLE \"B\" \"2\"\n", at: 2)
        hear(second, .asterisk, "200 result=1 (too much)\n", at: 3)
        let tape = try #require(deck.tapes.first)
        #expect(tape.cut == "after 60 bytes")
        #expect(!tape.takesLegs)
        let text = try tape.transcript(masked: false).text
        #expect(text.hasPrefix("#: recorded 1970-01-01T00:00:00Z\n#: cut after 60 bytes\n"))
        #expect(text.hasSuffix("= leg\n> SET VARIABLE \"B\" \"2\"\n= leg\n. asterisk\n"))
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\n", false), ("agi_x\n", false), ("agi_a-b: 1\n", false),
        (String(repeating: "agi_x: 1\n", count: 257), false), (String(repeating: "a", count: 65_537), false),
        ("agi_x: 1\n\n", true), ("agi_x: 1\r\n\r\n", true),
    ])
    func onlyAnEnvironmentBeginsACall(text: String, isCall: Bool) {
        let deck = Deck()
        let leg = leg(deck)
        hear(leg, .asterisk, text, at: 0)
        #expect(leg.beginning == (isCall ? .call : .notAGI))
        #expect(deck.tapes.count == (isCall ? 1 : 0))
    }

    @Test func aLineTooLongForAFileCutsTheCall() throws {
        let deck = Deck()
        let leg = leg(deck)
        hear(leg, .asterisk, "agi_x: 1\n\n", at: 0)
        hear(leg, .asterisk, "200 result=1 (" + String(repeating: "x", count: 20_000), at: 0)
        let tape = try #require(deck.tapes.first)
        #expect(try tape.transcript(masked: false).heading("cut")?.hasPrefix("before a line of more than") == true)
    }
}
