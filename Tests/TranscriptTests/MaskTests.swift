import Testing

@testable import Transcript

@Suite struct MaskTests {
    /// Records what is written as `>`, `<` and environment lines and masks it.
    private func masked(_ text: String) throws -> String {
        let tape = Tape(began: 0, start: 0)
        var leg = 0
        for part in text.split(separator: "=leg\n") {
            let lines = part.split(separator: "\n").map(String.init)
            let environment = lines.filter { $0.hasPrefix("agi_") }.map { line in
                (name: String(line.prefix { $0 != ":" }), value: Array(line.drop { $0 != ":" }.dropFirst(2).utf8))
            }
            leg = tape.begin(environment, at: 0)
            for line in lines where !line.hasPrefix("agi_") {
                tape.hear(
                    Array(line.dropFirst(2).utf8), from: line.hasPrefix(">") ? .server : .asterisk, leg: leg, at: 0)
            }
        }
        let lines = try tape.transcript(masked: true).text.split(separator: "\n").dropFirst()
        return lines.joined(separator: "\n")
    }

    @Test func typedNumbersKeepTheirLastThreeDigits() throws {
        let text = """
            agi_extension: 4321
            > NOOP "0012345678"
            > GET DATA "a" 8000 10
            < 200 result=0012345678
            > SET VARIABLE "CONTRACT" "0012345678"
            > GET DATA "b" 8000 10
            < 200 result=99*4321 (timeout)
            > GET DATA "c" 8000 10
            < 200 result=987
            > NOOP "x0012345678x 4321 987"
            """
        #expect(
            try masked(text) == """
                agi_extension: 4321
                > NOOP "0012345678"
                > GET DATA "a" 8000 10
                < 200 result=5555555678
                > SET VARIABLE "CONTRACT" "5555555678"
                > GET DATA "b" 8000 10
                < 200 result=99*5321 (timeout)
                > GET DATA "c" 8000 10
                < 200 result=987
                > NOOP "x5555555678x 5321 987"
                """)
    }

    @Test func keysTypedOneByOneAreANumberToo() throws {
        let keys = ["49", "50", "51", "52", "53"].map { "> WAIT FOR DIGIT 5000\n< 200 result=\($0)\n" }.joined()
        let text =
            "agi_x: 1\n\(keys)> WAIT FOR DIGIT 5000\n< 200 result=35\n> GET OPTION \"a\" \"1\"\n< 200 result=57 endpos=1\n> SAY DIGITS \"12345\" \"\"\n"
        let masked = try masked(text)
        #expect(
            masked.split(separator: "\n").filter { $0.hasPrefix("< 200") }.map { String($0.dropFirst(13)) } == [
                "53", "53", "51", "52", "53", "35", "57 endpos=1",
            ])
        #expect(masked.hasSuffix("> SAY DIGITS \"55345\" \"\""))
    }

    @Test func whatReadPutInAVariableIsTyped() throws {
        let text = """
            agi_x: 1
            > EXEC "Read" "PIN,enter,4"
            < 200 result=0
            > GET VARIABLE "OTHER"
            < 200 result=1 (7777)
            > GET VARIABLE "PIN"
            < 200 result=1 (1234)
            > NOOP "7777 1234"
            """
        #expect(
            try masked(text).hasSuffix(
                "< 200 result=1 (7777)\n> GET VARIABLE \"PIN\"\n< 200 result=1 (5234)\n> NOOP \"7777 5234\""))
    }

    @Test func whoCalledIsReplacedEverywhere() throws {
        let text = """
            agi_network_script: a?from=+15550199
            agi_channel: PJSIP/15550199-00000001
            agi_uniqueid: 1795221234.15550199
            agi_callerid: +15550199
            agi_calleridname: Ann
            agi_callington: 0
            agi_rdnis: unknown
            > NOOP "15550199 Ann Anna +15550199"
            > GET DATA "a" 1 4
            < 200 result=1234
            > NOOP "1795221234.15550199 1234"
            """
        #expect(
            try masked(text) == """
                agi_network_script: a?from=15550142
                agi_channel: PJSIP/15550142-00000001
                agi_uniqueid: 1795221234.15550199
                agi_callerid: 15550142
                agi_calleridname: Caller
                agi_callington: 0
                agi_rdnis: unknown
                > NOOP "15550142 Caller Anna 15550142"
                > GET DATA "a" 1 4
                < 200 result=5234
                > NOOP "1795221234.15550199 5234"
                """)
    }

    @Test func aShortExtensionIsReplacedOnlyWhereItStandsAlone() throws {
        let text = "agi_callerid: 100\n> EXEC \"VoiceMail\" \"1000@support,100\"\n"
        #expect(try masked(text) == "agi_callerid: 15550142\n> EXEC \"VoiceMail\" \"1000@support,15550142\"")
    }

    @Test func whatTheServerKnewBeforeALegCameIsNoCallersNumber() throws {
        let text = """
            agi_callerid: 15550199
            > EXEC "Originate" "Local/15550101@x,c(15550100)"
            =leg
            agi_callerid: 15550100
            > NOOP "15550100"
            =leg
            agi_callerid: 15550188
            > NOOP "15550188"
            """
        let masked = try masked(text)
        #expect(masked.contains("c(15550100)\"\n= leg /\nagi_callerid: 15550100\n> NOOP \"15550100\""))
        #expect(masked.hasSuffix("agi_callerid: 15550142\n> NOOP \"15550142\""))
    }

    @Test func commandsAreSplitAsAsteriskSplitsThem() {
        #expect(
            TypedNumbers.words(Array("EXEC Read \"A b\\\"c,d\"  x\\ y \"\"".utf8)) == [
                "EXEC", "Read", "A b\"c,d", "x y", "",
            ])
    }
}
