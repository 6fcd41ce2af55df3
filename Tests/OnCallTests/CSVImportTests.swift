import Foundation
import OnCall
import Testing

@Suite struct CSVImportTests {
    private func problems<T>(_ result: Result<[T], ImportProblems>) -> [String] {
        if case .failure(let error) = result { error.problems.map(\.description) } else { [] }
    }

    // MARK: Engineers

    private func engineers(_ rows: String...) -> Result<[Engineer], ImportProblems> {
        EngineerCSV.read(Data((["id,name,number"] + rows).joined(separator: "\n").utf8))
    }

    @Test func engineersAreReadInTheOrderOfTheFileWithColumnsInAnyOrder() throws {
        let data = Data("number,id,name\n+15550101,b,Second Engineer\n5550100,a,\"Engineer, First\"\n".utf8)
        let read = try EngineerCSV.read(data).get()
        #expect(read.map(\.id) == ["b", "a"])
        #expect(read.map(\.number.text) == ["+15550101", "5550100"])
        #expect(read.last?.name == "Engineer, First")
    }

    @Test func aHeaderAloneMeansNobody() throws { #expect(try engineers().get().isEmpty) }

    @Test func everyProblemOfEveryRowIsReportedInTheOrderOfTheFile() {
        let found = problems(
            engineers(
                "First,,12345678901234567", "b,Second Engineer,5550101", "b,Again,5550102", "c,Third Engineer,555 0103")
        )
        #expect(
            found == [
                "line 2, id: 'First' is no id; lower-case letters, digits and hyphens, 32 at most",
                "line 2, name: it is empty",
                "line 2, number: '12345678901234567' can't be dialled; 2 to 15 digits, + before them or not, no blanks",
                "line 4, id: the same as in line 3",
                "line 5, number: '555 0103' can't be dialled; 2 to 15 digits, + before them or not, no blanks",
            ])
    }

    @Test func mistakesOfFormAndOfValuesAreReportedTogether() {
        let found = problems(engineers("a,First Engineer,1", "b,Second Engineer", "c,x\"y,5550100", "d,D\u{7},5550100"))
        #expect(found.map { String($0.prefix(6)) } == ["line 2", "line 3", "line 4", "line 5"])
    }

    @Test func whatCanSteerADialStringIsNoNumber() {
        for number in ["5550100&SIP/x", "5550100,30", "${EXTEN}", "+", "++5550100", "1", "٥٥٥٠١٠٠", "-5550100"] {
            #expect(problems(engineers("a,First Engineer,\"\(number)\"")).count == 1, "\(number)")
        }
    }

    @Test func badHeadersAreNamedColumnByColumn() {
        let found = problems(EngineerCSV.read(Data("id,nme,number,number\na,b,5550100,1\n".utf8)))
        #expect(
            found == [
                "line 1, 'number': this column comes twice",
                "line 1, 'nme': no such column; there are id, name, number",
                "line 1, name: this column is missing in the first line",
            ])
    }

    @Test func problemsShowNoControlCharactersAndNoEndlessText() {
        let found = problems(engineers("a\u{1B}[2J,First Engineer,\(String(repeating: "9", count: 400))"))
        #expect(found.count == 2)
        #expect(found.allSatisfy { $0.count < 160 && !$0.contains("\u{1B}") })
    }

    // MARK: Contracts

    private func contracts(_ rows: String...) -> Result<[Contract], ImportProblems> {
        ContractCSV.read(Data((["contract,customer,entitled,callback_minutes"] + rows).joined(separator: "\r\n").utf8))
    }

    @Test func contractsKeepTheirLeadingZeros() throws {
        let read = try contracts("0012345678,Example Customer,yes,30", "12345678,Other Example,NO,").get()
        #expect(read.map(\.number.digits) == ["0012345678", "12345678"])
        #expect(read.map(\.entitled) == [true, false])
        #expect(read.map(\.callbackMinutes) == [30, nil])
    }

    @Test func everyProblemOfAContractIsReported() {
        let found = problems(contracts("12-3,,maybe,0", "1,Example Customer,,10081", "1,Example Customer,yes,+5"))
        #expect(
            found.map { $0.prefix { $0 != ":" } } == [
                "line 2, contract", "line 2, customer", "line 2, entitled", "line 2, callback_minutes",
                "line 3, entitled", "line 3, callback_minutes", "line 4, contract", "line 4, callback_minutes",
            ])
        #expect(found.contains("line 4, contract: the same as in line 3"))
    }

    // MARK: Shifts

    private func shifts(
        _ rows: String..., header: String = "line,role,engineer,start,end", zones: [String: String]? = nil
    ) throws -> Result<[Shift], ImportProblems> {
        let lines = try (zones ?? ["support": "America/Chicago"]).mapValues { try TimeZone.named($0) }
        let text = ([header] + rows).joined(separator: "\n")
        return ShiftCSV.read(Data(text.utf8), engineers: ["a", "b"], lines: lines)
    }

    @Test func shiftsAreMeantInTheLinesZone() throws {
        let read = try shifts("support,on-call,a,2026-11-20 17:00,2026-11-21 09:00").get()
        #expect(
            read == [
                Shift(
                    line: "support", role: "on-call", engineer: "a", start: try .at("2026-11-20T23:00Z"),
                    end: try .at("2026-11-21T15:00Z"))
            ])
    }

    @Test(arguments: ["", "*"])
    func anEmptyLineOrAStarIsEveryLine(_ line: String) throws {
        #expect(try shifts("\(line),on-call,a,2026-11-20 17:00,2026-11-21 09:00").get().first?.line == .some(nil))
    }

    @Test func timesWithAnOffsetNeedNoZone() throws {
        let zones = ["support": "America/Chicago", "berlin": "Europe/Berlin"]
        let read = try shifts("*,on-call,a,2026-11-20T17:00Z,2026-11-21T09:00+01:00", zones: zones).get()
        #expect(read.first?.end == (try Date.at("2026-11-21T08:00Z")))
    }

    @Test func aShiftOfEveryLineNeedsToKnowItsZoneWhenTheLinesDiffer() throws {
        let zones = ["support": "America/Chicago", "berlin": "Europe/Berlin"]
        let row = "*,on-call,a,2026-11-20 17:00,2026-11-21 09:00"
        let found = problems(try shifts(row, zones: zones))
        #expect(found.count == 2)
        #expect(found.allSatisfy { $0.contains("time_zone") })
        let header = "line,role,engineer,start,end,time_zone"
        let read = try shifts(row + ",Europe/Berlin", header: header, zones: zones).get()
        #expect(read.first?.start == (try Date.at("2026-11-20T16:00Z")))
    }

    @Test func theOrderIsZeroUnlessGiven() throws {
        let header = "order,line,role,engineer,start,end"
        let read = try shifts(
            ",support,on-call,a,2026-11-20 17:00,2026-11-21 09:00",
            "-2,support,on-call,b,2026-11-20 17:00,2026-11-21 09:00", header: header
        ).get()
        #expect(read.map(\.order) == [0, -2])
    }

    @Test func aNightOverTheChangeOfTheClockHasItsRealLength() throws {
        let read = try shifts(
            "support,on-call,a,2026-03-07 17:00,2026-03-08 09:00", "support,on-call,a,2026-10-31 17:00,2026-11-01 09:00"
        ).get()
        #expect(read.map { $0.end.timeIntervalSince($0.start) / 3600 } == [15, 17])
    }

    @Test func everyProblemOfAShiftIsReported() throws {
        let found = problems(
            try shifts(
                "nowhere,On Call,zoe,2026-11-20,2026-02-30 09:00,x",
                "support,on-call,a,2026-11-20 17:00,2026-11-20 17:00,0",
                "support,on-call,a,2026-11-21 17:00,2026-11-20 17:00,0",
                "support,on-call,a,2026-11-20 17:00,2027-12-20 17:00,0",
                "support,on-call,b,2026-11-20 17:00,2026-11-21 17:00,0",
                "support,on-call,b,2026-11-20T23:00Z,2026-11-22 17:00,0",
                header: "line,role,engineer,start,end,order"))
        #expect(
            found.map { $0.prefix { $0 != ":" } } == [
                "line 2, line", "line 2, role", "line 2, engineer", "line 2, order", "line 2, start", "line 2, end",
                "line 3, end", "line 4, end", "line 5, end", "line 5, start", "line 7, start",
            ])
        #expect(found.first == "line 2, line: no line 'nowhere'; there are support")
        #expect(found.contains("line 2, engineer: no engineer 'zoe'; import the engineers first"))
        #expect(found.contains("line 5, end: the shift is longer than a year"))
        #expect(found.last == "line 7, start: the same as in line 6")
    }

    @Test func aShiftOfAYearIsNotTooLong() throws {
        #expect(try shifts("support,on-call,a,2026-01-01 00:00,2027-01-01 00:00").get().count == 1)
    }
}
