import Foundation
import OnCall
import Testing

extension TimeZone {
    /// A zone that the tests can't do without.
    static func named(_ identifier: String) throws -> TimeZone { try #require(TimeZone(identifier: identifier)) }
}

extension Date {
    /// An instant from ISO 8601 with an offset or Z.
    static func at(_ text: String) throws -> Date { try #require(LocalTime.instant(text, in: .gmt)) }
}

extension Line {
    static func make(
        name: String = "support", timeZone: String = "America/Chicago", hours: Hours = Hours(), wrongPerCaller: Int = 9,
        wrongPerLine: Int = 60
    ) throws -> Line {
        Line(
            name: name, number: try #require(PhoneNumber("15550100")), timeZone: try .named(timeZone), hours: hours,
            mailbox: try #require(Mailbox("1000@support")), wrongPerCaller: wrongPerCaller, wrongPerLine: wrongPerLine)
    }
}

extension Engineer {
    static func make(_ id: String) throws -> Engineer {
        Engineer(id: id, name: "Engineer \(id)", number: try #require(PhoneNumber("5550100")))
    }
}

extension Shift {
    static func make(
        _ engineer: String, line: String? = nil, role: String = "on-call", from start: String = "2026-01-01 00:00Z",
        to end: String = "2027-01-01 00:00Z", order: Int = 0
    ) throws -> Shift {
        Shift(
            line: line, role: role, engineer: engineer, start: try .at(start.replacing(" ", with: "T")),
            end: try .at(end.replacing(" ", with: "T")), order: order)
    }
}

extension Hours {
    static func make(open: [String] = [], closed: [String] = [], holidays: [String] = []) throws -> Hours {
        Hours(
            open: try open.map { try TimeRule(parsing: $0) }, closed: try closed.map { try TimeRule(parsing: $0) },
            holidays: try holidays.map { try Holiday(parsing: $0) })
    }
}
