import Foundation
import OnCall
import Testing

@Suite struct TimeRuleTests {
    private func holds(_ rule: String, _ time: String, zone: String = "GMT") throws -> Bool {
        let zone = try TimeZone.named(zone)
        return try TimeRule(parsing: rule).matches(try #require(LocalTime.instant(time, in: zone)), in: zone)
    }

    @Test(arguments: [
        ("2026-11-20 08:59:59", false), ("2026-11-20 09:00", true), ("2026-11-20 17:00:59", true),
        ("2026-11-20 17:01", false),
    ])
    func theEndMinuteBelongsToTheRange(_ time: String, _ expected: Bool) throws {
        #expect(try holds("09:00-17:00,mon-fri,*,*", time) == expected)
    }

    @Test(arguments: [
        ("2026-11-20 21:59", false), ("2026-11-20 22:00", true), ("2026-11-20 23:59", true),
        ("2026-11-21 00:00", true), ("2026-11-21 06:00", true), ("2026-11-21 06:01", false),
    ])
    func timesWrapAroundMidnight(_ time: String, _ expected: Bool) throws {
        #expect(try holds("22:00-06:00,*,*,*", time) == expected)
    }

    @Test func theWeekdayAfterMidnightIsThatOfTheNewDay() throws {
        // 2026-11-20 is a Friday.
        #expect(try holds("22:00-06:00,fri,*,*", "2026-11-20 23:00"))
        #expect(try holds("22:00-06:00,fri,*,*", "2026-11-20 05:00"))
        #expect(try !holds("22:00-06:00,fri,*,*", "2026-11-21 05:00"))
    }

    @Test func aSingleTimeIsOneMinute() throws {
        #expect(try holds("12:00", "2026-11-20 12:00:59"))
        #expect(try !holds("12:00", "2026-11-20 12:01"))
    }

    @Test(arguments: [(19, false), (20, true), (21, true), (22, true), (23, true), (24, false)])
    func weekdaysWrapAround(_ day: Int, _ expected: Bool) throws {
        #expect(try holds("*,fri-mon,*,*", "2026-11-\(day) 12:00") == expected)
    }

    @Test(arguments: [("02-27", false), ("02-28", true), ("03-01", true), ("03-03", true), ("03-04", false)])
    func daysOfTheMonthWrapAround(_ day: String, _ expected: Bool) throws {
        #expect(try holds("*,*,28-3,*", "2026-\(day) 12:00") == expected)
    }

    @Test(arguments: [("11-30", false), ("12-01", true), ("01-31", true), ("02-01", false)])
    func monthsWrapAround(_ day: String, _ expected: Bool) throws {
        #expect(try holds("*,*,*,dec-jan", "2026-\(day) 12:00") == expected)
    }

    @Test func partsAreJoinedByAmpersands() throws {
        let rule = "08:00-12:00&14:00-18:00,mon&wed-thu,*,jan&nov"
        #expect(try holds(rule, "2026-11-18 12:00"))
        #expect(try !holds(rule, "2026-11-18 13:00"))
        #expect(try holds(rule, "2026-11-16 14:00"))
        #expect(try !holds(rule, "2026-11-17 14:00"))
        #expect(try !holds(rule, "2026-10-19 14:00"))
    }

    @Test func fieldsLeftOutOrEmptyHoldAlways() throws {
        #expect(try holds("09:00-17:00", "2026-11-22 10:00"))
        #expect(try holds(",sun,,", "2026-11-22 03:00"))
        #expect(try holds("*|sun|*|*", "2026-11-22 03:00"))
    }

    @Test func namesAreReadInAnyCaseAndAsNumbersFromOne() throws {
        #expect(try holds("*,SUN,*,NoV", "2026-11-22 10:00"))
        #expect(try holds("*,1,*,11", "2026-11-22 10:00"))
    }

    @Test(arguments: [
        ("25:00-26:00,*,*,*", "times"), ("09:00-17:60,*,*,*", "times"), ("9-17,*,*,*", "times"),
        ("09:00-12:00-13:00,*,*,*", "times"), ("-17:00,*,*,*", "times"), ("*&09:00-10:00", "times"),
        ("*,monday,*,*", "weekdays"), ("*,mon-,*,*", "weekdays"), ("*,8,*,*", "weekdays"),
        ("*,*,0,*", "days-of-month"), ("*,*,32,*", "days-of-month"), ("*,*,first,*", "days-of-month"),
        ("*,*,*,13", "months"), ("*,*,*,december", "months"), ("*,*,*,jan&", "months"),
    ])
    func aMistakeNamesItsField(_ text: String, _ field: String) {
        let error = #expect(throws: TimeRuleError.self) { try TimeRule(parsing: text) }
        #expect(error?.description.contains("the \(field) field") == true)
        #expect(error?.hint.hasPrefix("write ") == true)
    }

    @Test(arguments: ["", " ", ",,,", "*,*,*,*,Europe/Berlin", "09:00-17:00;mon-fri"])
    func whatIsNoRuleIsRefused(_ text: String) {
        #expect(throws: TimeRuleError.self) { try TimeRule(parsing: text) }
    }

    @Test func aRuleKnowsItsText() throws {
        #expect(try TimeRule(parsing: "09:00-17:00,mon-fri,*,*").description == "09:00-17:00,mon-fri,*,*")
    }
}
