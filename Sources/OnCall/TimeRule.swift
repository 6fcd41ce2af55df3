public import Foundation

/// A recurring time in the syntax of GotoIfTime: `times,weekdays,days-of-month,months`, such as `09:00-17:00,mon-fri,*,*`.
///
/// It means what `ast_build_timing` and `ast_check_timing` in Asterisk's `main/pbx_timing.c` make of it: the end minute
/// belongs to the range (`09:00-17:00` holds until 17:01), ranges wrap around (`22:00-06:00`, `fri-mon`), weekday, day
/// and month are always those of the moment asked for, parts are joined by `&`. Where Asterisk warns and skips a part,
/// this refuses the rule; blanks around names and times, which Asterisk takes in some places only, are allowed in all.
public struct TimeRule: Sendable, Equatable, CustomStringConvertible {
    /// The rule as written.
    public let text: String
    /// Which of the 1,440 minutes of a day belong to the rule.
    let minutes: MinuteSet
    /// Bit 0 is Sunday.
    let weekdays: UInt32
    /// Bit 0 is the 1st.
    let days: UInt32
    /// Bit 0 is January.
    let months: UInt32

    /// The same as `text`.
    public var description: String { text }

    /// Whether the rule holds at that time in the zone.
    public func matches(_ date: Date, in zone: TimeZone) -> Bool { matches(WallClock(date, in: zone)) }

    func matches(_ clock: WallClock) -> Bool {
        months & (1 << UInt32(clock.month - 1)) != 0 && days & (1 << UInt32(clock.day - 1)) != 0
            && weekdays & (1 << UInt32(clock.weekday)) != 0 && minutes.contains(clock.hour * 60 + clock.minute)
    }
}

/// A set of minutes of the day, 0 to 1,439.
struct MinuteSet: Sendable, Equatable {
    private var words = [UInt64](repeating: 0, count: 23)

    static let all: MinuteSet = {
        var set = MinuteSet()
        set.insert(from: 0, through: 1439)
        return set
    }()

    func contains(_ minute: Int) -> Bool { words[minute / 64] & (1 << UInt64(minute % 64)) != 0 }

    /// Adds the range with both ends; one that ends before it begins goes over midnight.
    mutating func insert(from first: Int, through last: Int) {
        var minute = first
        while true {
            words[minute / 64] |= 1 << UInt64(minute % 64)
            if minute == last { return }
            minute = (minute + 1) % 1440
        }
    }
}

/// What a clock on the wall and a calendar show at an instant in a zone.
struct WallClock: Equatable {
    let year: Int
    let month: Int
    let day: Int
    let hour: Int
    let minute: Int
    /// 0 is Sunday.
    let weekday: Int

    init(_ date: Date, in zone: TimeZone) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .weekday], from: date)
        year = parts.year ?? 0
        month = parts.month ?? 1
        day = parts.day ?? 1
        hour = parts.hour ?? 0
        minute = parts.minute ?? 0
        weekday = (parts.weekday ?? 1) - 1
    }
}
