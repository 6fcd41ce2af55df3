public import Foundation

/// A date and a time as people write them: `2026-11-20 17:00`, or ISO 8601 with an offset, `2026-11-20T17:00:00-06:00`.
public struct LocalTime: Sendable, Equatable {
    /// The year, 1900 to 9999.
    public let year: Int
    /// 1 to 12.
    public let month: Int
    /// 1 to 31.
    public let day: Int
    /// 0 to 23.
    public let hour: Int
    /// 0 to 59.
    public let minute: Int
    /// 0 to 59.
    public let second: Int
    /// Seconds east of UTC if the text carries them, else nil: the time is then local to some zone.
    public let offset: Int?

    /// Reads `YYYY-MM-DD HH:MM[:SS]`, with a `T` or a blank between, and at the end nothing, `Z`, `+HH`, `+HHMM` or `+HH:MM`.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int? {
            guard range.upperBound <= bytes.count, bytes[range].allSatisfy(Names.isDigit) else { return nil }
            return bytes[range].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        }
        func has(_ characters: String, at index: Int) -> Bool {
            index < bytes.count && characters.utf8.contains(bytes[index])
        }
        guard let year = number(0..<4), has("-", at: 4), let month = number(5..<7), has("-", at: 7),
            let day = number(8..<10), has("T ", at: 10), let hour = number(11..<13), has(":", at: 13),
            let minute = number(14..<16), Self.isDay(year: year, month: month, day: day), hour < 24, minute < 60
        else { return nil }
        var rest = 16
        var second = 0
        if has(":", at: 16) {
            guard let seconds = number(17..<19), seconds < 60 else { return nil }
            second = seconds
            rest = 19
        }
        (self.year, self.month, self.day) = (year, month, day)
        (self.hour, self.minute, self.second) = (hour, minute, second)
        guard rest < bytes.count else {
            offset = nil
            return
        }
        guard let offset = Self.offset(String(decoding: bytes[rest...], as: UTF8.self)) else { return nil }
        self.offset = offset
    }

    /// The instant of a text in a zone; nil when the text is no time. An offset in the text wins over the zone.
    public static func instant(_ text: String, in zone: TimeZone) -> Date? {
        LocalTime(text)?.instant(in: zone)
    }

    /// `2026-11-20 17:00 CST`: what a clock in the zone shows at that instant, and the zone's short name then, where English has
    /// none its distance from GMT (`2026-11-20 17:00 GMT+1`).
    public static func text(_ date: Date, in zone: TimeZone) -> String {
        let clock = WallClock(date, in: zone)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
        // In a fixed language: what `abbreviation(for:)` says depends on the locale the process was started in.
        let style: TimeZone.NameStyle = zone.isDaylightSavingTime(for: date) ? .shortDaylightSaving : .shortStandard
        let name = zone.localizedName(for: style, locale: Locale(identifier: "en_US")) ?? zone.identifier
        return "\(clock.year)-\(two(clock.month))-\(two(clock.day)) \(two(clock.hour)):\(two(clock.minute)) \(name)"
    }

    /// The instant this time means in a zone. A local time that a change of the clock skips is the first instant after
    /// it; one that comes twice is the first of the two.
    public func instant(in zone: TimeZone) -> Date {
        let local = Self.daysSince1970(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second
        if let offset { return Self.date(local - offset) }
        // The offsets a day before and a day after are those on either side of a change, if there is one near.
        let before = Self.offset(of: zone, at: local - 86_400)
        let after = Self.offset(of: zone, at: local + 86_400)
        let fitting = [local - before, local - after].filter { Self.offset(of: zone, at: $0) == local - $0 }
        if let first = fitting.min() { return Self.date(first) }
        // No instant shows this time: the change lies after `local - after` and not after `local - before`.
        var early = min(local - after, local - before)
        var late = max(local - after, local - before)
        while late - early > 1 {
            let middle = early + (late - early) / 2
            if Self.offset(of: zone, at: middle) == after { late = middle } else { early = middle }
        }
        return Self.date(late)
    }

    /// Whether the Gregorian calendar has such a day, from 1900 on.
    static func isDay(year: Int, month: Int, day: Int) -> Bool {
        guard (1900...9999).contains(year), (1...12).contains(month) else { return false }
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return (1...lengths[month - 1]).contains(day)
    }

    private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
        // Years counted from March put the leap day at their end.
        let shifted = month > 2 ? year : year - 1
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    }

    private static func offset(_ text: String) -> Int? {
        if text == "Z" || text == "z" { return 0 }
        guard let sign = text.first, sign == "+" || sign == "-" else { return nil }
        var digits = text.dropFirst()
        if digits.count == 5, let colon = digits.firstIndex(of: ":"),
            digits.distance(from: digits.startIndex, to: colon) == 2
        {
            digits.remove(at: colon)
        }
        guard Names.isDigits(digits, 2...2) || Names.isDigits(digits, 4...4), let hours = Int(digits.prefix(2)),
            let minutes = digits.count == 4 ? Int(digits.suffix(2)) : 0, hours <= 18, minutes < 60
        else { return nil }
        return (sign == "-" ? -1 : 1) * (hours * 3600 + minutes * 60)
    }

    private static func offset(of zone: TimeZone, at seconds: Int) -> Int { zone.secondsFromGMT(for: date(seconds)) }

    private static func date(_ seconds: Int) -> Date { Date(timeIntervalSince1970: TimeInterval(seconds)) }
}
