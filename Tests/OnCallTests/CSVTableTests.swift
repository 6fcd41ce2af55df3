import Foundation
import OnCall
import Testing

@Suite struct CSVTableTests {
    private func table(_ text: String) throws -> CSVTable { try CSVTable(parsing: Data(text.utf8)) }

    private func problems(_ text: String) -> [String] { problems(Data(text.utf8)) }

    private func problems(_ data: Data) -> [String] {
        let error = #expect(throws: ImportProblems.self) { try CSVTable(parsing: data) }
        return error?.problems.map(\.description) ?? []
    }

    @Test func fieldsAreQuotedOrNot() throws {
        let row = try #require(try table("a,b,c\n1, two ,\"th\"\"r,ee\"\n").rows.first)
        #expect([row["a"], row["b"], row["c"]] == ["1", "two", "th\"r,ee"])
        #expect(row["d"] == nil)
        #expect(row.line == 2)
    }

    @Test func quotedFieldsKeepTheirBlanks() throws {
        #expect(try table("a,b\n\" x \",y").rows.first?["a"] == " x ")
        #expect(try table("a,b\n\"x\" ,y").rows.first?["a"] == "x")
    }

    @Test(arguments: ["a,b\n1,2\n3,4\n", "a,b\r\n1,2\r\n3,4\r\n", "a,b\r\n1,2\n3,4", "\u{FEFF}a,b\n1,2\n3,4"])
    func linesEndInLFOrCRLFAndAByteOrderMarkIsSkipped(_ text: String) throws {
        let table = try table(text)
        #expect(table.header == ["a", "b"])
        #expect(table.rows.map { $0["b"] } == ["2", "4"])
        #expect(table.rows.map(\.line) == [2, 3])
    }

    @Test func emptyLinesAreLeftOutAndCounted() throws {
        let table = try table("\n a,b\n\n1,2\n\n\n3,4\n")
        #expect(table.headerLine == 2)
        #expect(table.rows.map(\.line) == [4, 7])
    }

    @Test func anEmptyLastFieldIsAField() throws {
        #expect(try table("a,b\n1,").rows.first?["b"] == "")
        #expect(try table("a,b\n,\n").rows.first?["a"] == "")
    }

    @Test func aHeaderAloneIsATable() throws {
        #expect(try table("a,b").rows.isEmpty)
        #expect(try table("A,B\n").header == ["a", "b"])
    }

    @Test func aLineBreakWithinQuotesCountsAsALineAndIsAProblem() {
        let text = "a,b\n\"1\n1\",2\n3\n"
        #expect(
            problems(text)
                == [
                    "line 4: 1 fields where the header has 2",
                    "line 2, a: a control character or a line break; take it out",
                ]
                .sorted())
    }

    @Test func allMistakesOfFormAreReportedNotOnlyTheFirst() {
        let found = problems("a,b\n1\"1,2\n\"3\"x,4\n5,6,7\n8\n9,\"x\n")
        #expect(found.count == 6)
        #expect(found.contains { $0.hasPrefix("line 2: a quote in a field") })
        #expect(found.contains { $0.hasPrefix("line 3: text behind a closing quote") })
        #expect(found.contains("line 4: 3 fields where the header has 2"))
        #expect(found.contains("line 5: 1 fields where the header has 2"))
        #expect(found.contains("line 6: a quote that is never closed"))
    }

    @Test func separatorsOfUnicodeDoNotEndARow() {
        #expect(problems("a,b\n1\u{2028}2,3\n") == ["line 2, a: a control character or a line break; take it out"])
        #expect(problems("a,b\n1\u{85}2,3\n").count == 1)
        #expect(problems("a,b\r1,2\r").isEmpty == false)
    }

    @Test(arguments: ["\u{0}", "\u{7}", "\u{1B}", "\u{7F}", "\u{9B}", "\u{202E}", "\u{FEFF}", "\r", "\t"])
    func controlCharactersAreProblems(_ character: String) {
        #expect(problems("a,b\nx\(character)y,2\n") == ["line 2, a: a control character or a line break; take it out"])
    }

    @Test func lettersOfAnyLanguageAreFine() throws {
        #expect(try table("a\nZoë Müller 山田 👩‍🔧\n").rows.first?["a"] == "Zoë Müller 山田 👩‍🔧")
    }

    @Test func columnsMayNotComeTwice() {
        #expect(problems("a,b,A\n1,2,3\n") == ["line 1, 'a': this column comes twice"])
    }

    @Test(arguments: ["", "\n\n", "\u{FEFF}"])
    func anEmptyFileIsAProblem(_ text: String) {
        #expect(problems(text) == ["line 1: the file is empty; its first line names the columns"])
    }

    @Test func whatIsNotUTF8IsNamedByItsLine() {
        #expect(
            problems(Data("a,b\n1,2\n".utf8) + [0xE4, 0x0A])
                == ["line 3: the file is not UTF-8; save it as CSV UTF-8"])
    }

    @Test func aFieldHas500CharactersAtMost() throws {
        #expect(try table("a\n" + String(repeating: "ä", count: 500)).rows.count == 1)
        #expect(problems("a\n" + String(repeating: "x", count: 501)) == ["line 2, a: more than 500 characters"])
    }

    @Test func aFileHas100000RowsAtMost() throws {
        let full = "a\n" + String(repeating: "1\n", count: 100_000)
        #expect(try table(full).rows.count == 100_000)
        #expect(problems(full + "1\n") == ["line 100002: more than 100000 rows; split the file"])
    }

    @Test func aFileHas16MiBAtMost() {
        #expect(problems(Data(repeating: 65, count: (16 << 20) + 1)).first?.contains("16 MiB") == true)
    }

    @Test func anyBytesEndInATableOrInProblems() {
        var state: UInt64 = 0x9E37_79B9
        let alphabet = Array("a,\"\"\n\r ;é\u{0}".utf8)
        for length in 0..<400 {
            let bytes = (0..<(length % 40)).map { _ -> UInt8 in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return alphabet[Int((state >> 33) % UInt64(alphabet.count))]
            }
            do throws(ImportProblems) {
                let table = try CSVTable(parsing: Data(bytes))
                #expect(!table.header.isEmpty)
            } catch {
                #expect(!error.problems.isEmpty)
            }
        }
    }
}
