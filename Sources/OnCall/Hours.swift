public import Foundation

/// What a line's hours say of a moment.
public enum HoursStatus: Sendable, Equatable {
    /// People are there; calls go on to the queue.
    case open
    /// After hours.
    case closed
    /// After hours all day, with the holiday's name if it has one.
    case holiday(String?)

    /// `OPEN`, `CLOSED` or `HOLIDAY`: what the channel variable NIGHTBELL_HOURS says.
    public var channelValue: String {
        switch self {
        case .open: "OPEN"
        case .closed: "CLOSED"
        case .holiday: "HOLIDAY"
        }
    }
}

/// A day on which a line is not open, whatever its rules say.
public struct Holiday: Sendable, Equatable {
    /// The year, such as 2026.
    public let year: Int
    /// 1 to 12.
    public let month: Int
    /// 1 to 31.
    public let day: Int
    /// What the day is called, nil if nobody said.
    public let name: String?

    /// Nil unless such a day exists.
    public init?(year: Int, month: Int, day: Int, name: String? = nil) {
        guard LocalTime.isDay(year: year, month: month, day: day) else { return nil }
        self.year = year
        self.month = month
        self.day = day
        self.name = name
    }

    /// Reads `2026-12-25` or `2026-12-25, Christmas Day`.
    public init(parsing text: String) throws(TimeRuleError) {
        let parts = text.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false).map { Text.trimmed($0) }
        let name = parts.count == 2 && !parts[1].isEmpty ? parts[1] : nil
        guard let first = parts.first, let time = LocalTime(first + " 00:00"), time.offset == nil,
            let day = Holiday(year: time.year, month: time.month, day: time.day, name: name)
        else {
            throw TimeRuleError(
                what: "'\(parts.first ?? "")' is no day",
                hint: "write YYYY-MM-DD, name, such as 2026-12-25, Christmas Day")
        }
        guard !Text.hasControl(text), (name ?? "").count <= 60 else {
            throw TimeRuleError(
                what: "the holiday's name has a control character or more than 60 characters",
                hint: "write a short name")
        }
        self = day
    }
}

/// When a line is open: rules for open, exceptions for closed, and holidays.
public struct Hours: Sendable, Equatable {
    /// When the line is open; without any it is always closed.
    public var open: [TimeRule]
    /// When it is closed although a rule of `open` holds.
    public var closed: [TimeRule]
    /// Whole days on which it is closed.
    public var holidays: [Holiday]

    /// Hours; none at all means always closed.
    public init(open: [TimeRule] = [], closed: [TimeRule] = [], holidays: [Holiday] = []) {
        self.open = open
        self.closed = closed
        self.holidays = holidays
    }

    /// What holds at that time in the zone: a holiday before a closed rule, a closed rule before an open one.
    public func status(at date: Date, in zone: TimeZone) -> HoursStatus {
        let clock = WallClock(date, in: zone)
        let today = holidays.first { $0.year == clock.year && $0.month == clock.month && $0.day == clock.day }
        if let today { return .holiday(today.name) }
        if closed.contains(where: { $0.matches(clock) }) { return .closed }
        return open.contains { $0.matches(clock) } ? .open : .closed
    }
}
