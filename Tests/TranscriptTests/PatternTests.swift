import Testing

@testable import Transcript

@Suite struct PatternTests {
    struct Case: CustomTestStringConvertible {
        let pattern: String
        let command: String
        /// What each name is bound to; nil when it must not match.
        let bound: [String: String]?

        init(_ pattern: String, _ command: String, _ bound: [String: String]? = [:]) {
            self.pattern = pattern
            self.command = command
            self.bound = bound
        }

        var testDescription: String { "\(pattern) and \(command)" }
    }

    static let cases = [
        Case("ANSWER", "ANSWER"), Case("ANSWER", "ANSWE", nil), Case("ANSWE", "ANSWER", nil), Case("", ""),
        Case("", "x", nil), Case("%{*}", ""), Case("a%{*}c", "a b c"), Case("a%{*}b", "a b c", nil),
        Case("abc%{*}", "abc"), Case("ab%{*}b", "ab", nil), Case("a%{*}b%{*}c", "a1b2c"),
        Case("%{digits}", "0012"), Case("%{digits}", "", nil), Case("%{digits}", "1a", nil),
        Case("%{number}", "-1.50"), Case("%{number}", "+7"), Case("%{number}", "1.", nil), Case("%{number}.", "1."),
        Case("%{number}", "-", nil), Case("%{number}%{*}", "1.5x"), Case("%{path}", "/a/b,c"),
        Case("%{path}", "a b", nil), Case("%{path}", "a\"b", nil), Case("%{path}", "", nil), Case("%{word}", "a-b"),
        Case("%{word}", "a,b", nil), Case("%{word},%{word}", "a,b"), Case("100%", "100%"),
        Case("%{%}{X}", "%{X}"), Case("a%{x09}b", "a\tb"), Case("é%{*}", "é!"), Case("%{xC3}%{xA9}", "é"),
        Case("n %{A}", "n 1", ["A": "1"]), Case("%{A}-%{B}", "1-2-3", ["A": "1", "B": "2-3"]),
        Case("%{A:digits}%{*}", "123x", ["A": "123"]), Case("%{A:number}%{B}", "-1.5.", ["A": "-1.5", "B": "."]),
        Case("%{A:digits}%{B:digits}", "123", ["A": "12", "B": "3"]), Case("%{A}-%{A}", "ab-ab", ["A": "ab"]),
        Case("%{A}-%{A}", "ab-ac", nil), Case("%{*}%{A:word}=%{A}", "xab=ab", ["A": "ab"]),
        Case("%{A:digits}/%{A}/%{A}", "12/12/12", ["A": "12"]), Case("%{*}%{A}%{A}", "abcc", ["A": "c"]),
    ]

    @Test(arguments: cases) func aCommandMatchesOrNot(_ given: Case) throws {
        let bindings = try Pattern(given.pattern).match(Array(given.command.utf8))
        let found = bindings.map { bindings in
            Dictionary(
                uniqueKeysWithValues: bindings.names.map {
                    ($0, String(decoding: bindings[$0] ?? [], as: UTF8.self))
                })
        }
        #expect(found == given.bound)
    }

    @Test func aBoundNameMatchesOnlyItsText() throws {
        var bindings = Bindings()
        bindings["ID"] = Array("77".utf8)
        #expect(try Pattern("NOOP %{ID:word}").match(Array("NOOP 77".utf8), bindings) == bindings)
        #expect(try Pattern("NOOP %{ID}").match(Array("NOOP 78".utf8), bindings) == nil)
    }

    @Test(arguments: [
        String(repeating: "%{*}a", count: 64), String(repeating: "%{*}aa", count: 64) + "b",
        String(repeating: "%{word}", count: 64) + "b", String(repeating: "%{number}", count: 64) + "b",
        String(repeating: "%{path}%{digits}", count: 32),
    ])
    func chainsOfWildcardsTakeOneStepAByteEach(_ text: String) throws {
        let command = Array(repeating: UInt8(ascii: "a"), count: 4_000)
        let pattern = try Pattern(text)
        var matching = Matching(pattern, command, Bindings())
        _ = matching.run()
        #expect(matching.work <= 3 * (pattern.tokens.count + 1) * (command.count + 2))
    }

    @Test func aNewNameThatStandsTwiceStopsAtTheBudget() throws {
        let pattern = try Pattern("%{A}%{B}%{C}%{D}%{A}%{B}%{C}%{D}x%{*}y")
        let command = Array(repeating: UInt8(ascii: "a"), count: 1_000) + Array("xz".utf8)
        var matching = Matching(pattern, command, Bindings())
        let isFound = matching.run()
        #expect(!isFound)
        #expect(matching.work <= Matching.budget + 10 * 1_100)
        // The table alone sees that one without a walk; this one it cannot.
        let other = try Pattern("%{A}%{B}%{C}-%{A}%{B}%{C}")
        let line =
            Array(repeating: UInt8(ascii: "a"), count: 400) + Array(("-" + String(repeating: "b", count: 400)).utf8)
        var trying = Matching(other, line, Bindings())
        let isFoundToo = trying.run()
        #expect(!isFoundToo)
        #expect(trying.work <= Matching.budget + 10 * 1_100)
    }

    @Test(arguments: [
        ("%{", "a '%{' without '}'"), ("%{1}", "'%{1}' is neither a kind nor a name"), ("%{}", "'%{}' is neither"),
        ("%{A:blue}", "there is no kind 'blue'"), ("%{digits:word}", "neither a kind nor a name"),
        ("%{x0A}", "never holds %{x0A}"), (String(repeating: "%{*}", count: 65), "more than 64 wildcards"),
    ])
    func aMalformedPlaceholderIsNamed(text: String, problem: String) throws {
        let error = #expect(throws: TranscriptError.self) { try Pattern(text) }
        #expect(error?.description.contains(problem) == true)
    }

    @Test(arguments: ["a%{*}b", "%{A:digits} %{A}", "tab%{x09}", "%{%}{x}", "blank%{x20}", "%{xFF}", "é %"])
    func aPatternIsWrittenAsItWasRead(_ text: String) throws {
        #expect(try Pattern(text).description == text)
    }

    @Test func bytesThatAreNoTextAreEscaped() {
        let bytes: [UInt8] = [0x61, 0, 0xE9, 0x25, 0x7B, 0xE2, 0x82, 0xAC, 0x7F, 0x20]
        #expect(Pattern(literal: bytes).description == "a%{x00}%{xE9}%{%}{€%{x7F}%{x20}")
    }
}
