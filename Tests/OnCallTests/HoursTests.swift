import Foundation
import OnCall
import Testing

@Suite struct HoursTests {
    private let rules = ["09:00-17:00,mon-fri,*,*"]

    private func status(_ hours: Hours, _ instant: String, zone: String = "America/Chicago") throws -> HoursStatus {
        hours.status(at: try .at(instant), in: try .named(zone))
    }

    @Test func withoutOpenRulesALineIsAlwaysClosed() throws {
        #expect(try status(Hours(), "2026-11-20T18:00Z") == .closed)
    }

    @Test func hoursAreThoseOfTheZone() throws {
        let hours = try Hours.make(open: rules)
        #expect(try status(hours, "2026-11-20T15:00Z") == .open)
        #expect(try status(hours, "2026-11-20T14:59Z") == .closed)
        #expect(try status(hours, "2026-11-20T14:59Z", zone: "Europe/Berlin") == .open)
    }

    @Test func aClosedRuleWinsOverAnOpenOne() throws {
        let hours = try Hours.make(open: ["*,*,*,*"], closed: ["12:00-17:00,*,24,dec"])
        #expect(try status(hours, "2026-12-24T17:59Z") == .open)
        #expect(try status(hours, "2026-12-24T18:00Z") == .closed)
    }

    @Test func aHolidayWinsOverAllRulesFromMidnightToMidnightInTheZone() throws {
        let hours = try Hours.make(open: ["*,*,*,*"], closed: ["*,*,25,dec"], holidays: ["2026-12-25, Christmas Day"])
        #expect(try status(hours, "2026-12-25T05:59:59Z") == .open)
        #expect(try status(hours, "2026-12-25T06:00Z") == .holiday("Christmas Day"))
        #expect(try status(hours, "2026-12-26T05:59:59Z") == .holiday("Christmas Day"))
        #expect(try status(hours, "2026-12-26T06:00Z") == .open)
        #expect(try status(hours, "2027-12-25T18:00Z") == .closed)
    }

    @Test func theChannelHearsOneOfThreeWords() {
        #expect(HoursStatus.open.channelValue == "OPEN")
        #expect(HoursStatus.closed.channelValue == "CLOSED")
        #expect(HoursStatus.holiday(nil).channelValue == "HOLIDAY")
        #expect(HoursStatus.holiday("New Year's Day").channelValue == "HOLIDAY")
    }

    @Test func aLineAsksItsHoursInItsZone() throws {
        let line = try Line.make(hours: try .make(open: rules))
        #expect(line.status(at: try .at("2026-11-20T15:00Z")) == .open)
    }

    // MARK: Changes of the clock

    @Test func inSpringTheHourThatIsSkippedShortensTheRange() throws {
        // Chicago, 2026-03-08: 01:59 CST is followed by 03:00 CDT.
        let hours = try Hours.make(open: ["01:30-03:29,*,*,*"])
        #expect(try status(hours, "2026-03-08T07:29:59Z") == .closed)
        #expect(try status(hours, "2026-03-08T07:30Z") == .open)
        #expect(try status(hours, "2026-03-08T08:00Z") == .open)
        #expect(try status(hours, "2026-03-08T08:29:59Z") == .open)
        #expect(try status(hours, "2026-03-08T08:30Z") == .closed)
    }

    @Test func aRangeWithinTheSkippedHourNeverHolds() throws {
        let hours = try Hours.make(open: ["02:00-02:59,*,*,*"])
        for minute in 0..<(24 * 60) {
            let date = try Date.at("2026-03-08T06:00Z").addingTimeInterval(Double(minute) * 60)
            #expect(hours.status(at: date, in: try .named("America/Chicago")) == .closed)
        }
    }

    @Test func inAutumnTheHourThatComesTwiceHoldsTwice() throws {
        // Chicago, 2026-11-01: 01:59 CDT is followed by 01:00 CST.
        let hours = try Hours.make(open: ["01:30-01:59,*,*,*"])
        let zone = try TimeZone.named("America/Chicago")
        let start = try Date.at("2026-11-01T05:00Z")
        let open = (0..<(25 * 60)).filter {
            hours.status(at: start.addingTimeInterval(Double($0) * 60), in: zone) == .open
        }
        #expect(open == Array(90..<120) + Array(150..<180))
    }

    @Test func theDaysOfChangeHave23And25Hours() throws {
        let zone = try TimeZone.named("America/Chicago")
        for (day, minutes) in [("2026-03-08", 23 * 60), ("2026-11-01", 25 * 60), ("2026-11-20", 24 * 60)] {
            let hours = try Hours.make(open: ["*"], holidays: [day])
            let start = try #require(LocalTime.instant("\(day) 00:00", in: zone))
            let count = (-300..<2000).count {
                hours.status(at: start.addingTimeInterval(Double($0) * 60), in: zone) == .holiday(nil)
            }
            #expect(count == minutes, "\(day)")
        }
    }

    // MARK: Holidays

    @Test func aHolidayNeedsNoName() throws {
        let day = try Holiday(parsing: "2026-12-25")
        #expect(day == Holiday(year: 2026, month: 12, day: 25))
        #expect(day.name == nil)
        #expect(try Holiday(parsing: "2026-12-25,").name == nil)
    }

    @Test func aHolidaysNameMayHaveCommas() throws {
        #expect(try Holiday(parsing: " 2026-12-25 , Christmas, first day").name == "Christmas, first day")
    }

    @Test(arguments: [
        "", "Christmas", "2026-02-30", "2025-02-29", "2026-13-01", "2026-1-1", "25.12.2026", "2026-12-25T00:00",
        "2026-12-25 Christmas", "2026-12-25, a\u{7}b",
    ])
    func whatIsNoDayIsRefused(_ text: String) {
        #expect(throws: TimeRuleError.self) { try Holiday(parsing: text) }
    }

    @Test func leapDaysAreDays() throws {
        #expect(try Holiday(parsing: "2028-02-29").day == 29)
    }
}
