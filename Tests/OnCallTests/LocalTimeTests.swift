import Foundation
import OnCall
import Testing

@Suite struct LocalTimeTests {
    @Test(arguments: [
        ("2026-11-20 17:00", "2026-11-20T23:00:00Z"), ("2026-11-20T17:00", "2026-11-20T23:00:00Z"),
        ("2026-11-20 17:00:30", "2026-11-20T23:00:30Z"), ("2026-07-01 12:00", "2026-07-01T17:00:00Z"),
        ("2026-11-20T17:00Z", "2026-11-20T17:00:00Z"), ("2026-11-20T17:00:00+01:00", "2026-11-20T16:00:00Z"),
        ("2026-11-20T17:00-0530", "2026-11-20T22:30:00Z"), ("2026-11-20T17:00+14", "2026-11-20T03:00:00Z"),
    ])
    func aTimeIsLocalUnlessItHasAnOffset(_ text: String, _ expected: String) throws {
        let date = try #require(LocalTime.instant(text, in: try .named("America/Chicago")))
        #expect(date.formatted(.iso8601) == expected)
    }

    @Test(arguments: [
        ("America/Chicago", "2026-03-08 02:00", "2026-03-08T08:00:00Z"),
        ("America/Chicago", "2026-03-08 02:30", "2026-03-08T08:00:00Z"),
        ("America/Chicago", "2026-03-08 02:59:59", "2026-03-08T08:00:00Z"),
        ("America/Chicago", "2026-03-08 03:00", "2026-03-08T08:00:00Z"),
        ("America/Chicago", "2026-03-08 01:59", "2026-03-08T07:59:00Z"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03T15:30:00Z"),
        ("Europe/Berlin", "2026-03-29 02:30", "2026-03-29T01:00:00Z"),
        ("Pacific/Apia", "2011-12-30 12:00", "2011-12-30T10:00:00Z"),
    ])
    func aTimeThatIsSkippedIsTheFirstInstantAfterTheGap(_ zone: String, _ text: String, _ expected: String) throws {
        let date = try #require(LocalTime.instant(text, in: try .named(zone)))
        #expect(date.formatted(.iso8601) == expected)
    }

    @Test(arguments: [
        ("America/Chicago", "2026-11-01 00:59", "2026-11-01T05:59:00Z"),
        ("America/Chicago", "2026-11-01 01:00", "2026-11-01T06:00:00Z"),
        ("America/Chicago", "2026-11-01 01:30", "2026-11-01T06:30:00Z"),
        ("America/Chicago", "2026-11-01 02:00", "2026-11-01T08:00:00Z"),
        ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04T14:45:00Z"),
        ("Australia/Lord_Howe", "2026-04-05 02:00", "2026-04-04T15:30:00Z"),
    ])
    func aTimeThatComesTwiceIsTheFirst(_ zone: String, _ text: String, _ expected: String) throws {
        let date = try #require(LocalTime.instant(text, in: try .named(zone)))
        #expect(date.formatted(.iso8601) == expected)
    }

    @Test(arguments: [
        "", "now", "2026-02-30 10:00", "2026-02-29 10:00", "2026-00-10 10:00", "2026-11-20 24:00", "2026-11-20 10:60",
        "2026-11-20 10:00:60", "2026-11-20", "2026-11-20 9:00", "20.11.2026 09:00", "2026-11-20 10:00 CST",
        "2026-11-20 10:00+1", "2026-11-20 10:00+19:00", "2026-11-20 10:00:", "2026-11-20 10:00Zulu", "٢٠٢٦-11-20 10:00",
        "0000-01-01 00:00",
    ])
    func whatIsNoTimeIsNil(_ text: String) {
        #expect(LocalTime.instant(text, in: .gmt) == nil)
    }

    @Test(arguments: [
        ("2026-11-20T23:00Z", "2026-11-20 17:00 CST"), ("2026-07-01T17:05Z", "2026-07-01 12:05 CDT"),
        ("2026-03-08T07:59Z", "2026-03-08 01:59 CST"), ("2026-03-08T08:00Z", "2026-03-08 03:00 CDT"),
        ("2026-11-01T06:30Z", "2026-11-01 01:30 CDT"), ("2026-11-01T07:30Z", "2026-11-01 01:30 CST"),
    ])
    func aTextSaysWhichOfTwoTimesItIs(_ instant: String, _ expected: String) throws {
        #expect(LocalTime.text(try .at(instant), in: try .named("America/Chicago")) == expected)
    }

    @Test(arguments: ["America/Chicago", "Australia/Lord_Howe", "Europe/Berlin", "Asia/Kathmandu", "GMT"])
    func everyHourOfAYearIsReadBackUnlessItsTimeCameBefore(_ identifier: String) throws {
        let zone = try TimeZone.named(identifier)
        let start = try Date.at("2026-01-01T00:00Z")
        var later = 0
        for halfHour in 0..<(365 * 48) {
            let date = start.addingTimeInterval(Double(halfHour) * 1800)
            let text = String(LocalTime.text(date, in: zone).prefix(16))
            let read = try #require(LocalTime.instant(text, in: zone))
            if read == date { continue }
            later += 1
            #expect(read < date && String(LocalTime.text(read, in: zone).prefix(16)) == text)
        }
        #expect(later <= 2)
    }
}
