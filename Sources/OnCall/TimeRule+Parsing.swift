/// What is wrong with the text of a time rule or a holiday, and what would be right.
public struct TimeRuleError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong, naming the field and the text.
    public let what: String
    /// What would be right.
    public let hint: String

    /// Both, in one line.
    public var description: String { "\(what); \(hint)" }
}

extension TimeRule {
    /// Reads `times,weekdays,days-of-month,months`; as in Asterisk, fields left out at the end or left empty are `*`.
    public init(parsing text: String) throws(TimeRuleError) {
        let fields = text.split(omittingEmptySubsequences: false) { $0 == "," || $0 == "|" }.map { Text.trimmed($0) }
        guard fields.count <= 4 else {
            throw TimeRuleError(
                what: "'\(text)' has \(fields.count) fields",
                hint: "write times,weekdays,days-of-month,months; the time zone is the line's time_zone")
        }
        guard fields.contains(where: { !$0.isEmpty }) else {
            throw TimeRuleError(what: "the rule is empty", hint: "write it like 09:00-17:00,mon-fri,*,*")
        }
        func field(_ index: Int) -> String { index < fields.count ? fields[index] : "" }
        self.text = text
        minutes = try Self.times(field(0))
        weekdays = try TimeField.weekdays.mask(field(1))
        days = try TimeField.days.mask(field(2))
        months = try TimeField.months.mask(field(3))
    }

    private static func times(_ field: String) throws(TimeRuleError) -> MinuteSet {
        if field.isEmpty || field == "*" { return .all }
        var set = MinuteSet()
        for part in field.split(separator: "&", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Text.trimmed($0) }
            guard ends.count <= 2 else { throw timesError(String(part)) }
            let first = try minute(ends[0])
            set.insert(from: first, through: ends.count == 2 ? try minute(ends[1]) : first)
        }
        return set
    }

    private static func minute(_ text: String) throws(TimeRuleError) -> Int {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, Names.isDigits(parts[0], 1...2), Names.isDigits(parts[1], 1...2),
            let hour = Int(parts[0]), let minute = Int(parts[1]), hour < 24, minute < 60
        else { throw timesError(text) }
        return hour * 60 + minute
    }

    private static func timesError(_ text: String) -> TimeRuleError {
        TimeRuleError(
            what: "the times field has '\(text)', which is no time",
            hint: "write HH:MM-HH:MM from 00:00 to 23:59, such as 09:00-17:00 (17:00 belongs to it), or *")
    }
}

/// One of the three fields of a rule that name days or months.
struct TimeField {
    let name: String
    let count: Int
    let words: [String]
    let hint: String

    static let weekdays = TimeField(
        name: "weekdays", count: 7, words: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
        hint: "write sun, mon, tue, wed, thu, fri, sat, a range such as mon-fri, or *")
    static let days = TimeField(
        name: "days-of-month", count: 31, words: [], hint: "write 1 to 31, a range such as 28-3, or *")
    static let months = TimeField(
        name: "months", count: 12,
        words: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
        hint: "write jan to dec, a range such as dec-jan, or *")

    /// One bit for each day or month named; ranges are cyclic.
    func mask(_ field: String) throws(TimeRuleError) -> UInt32 {
        if field.isEmpty || field == "*" { return UInt32((UInt64(1) << UInt64(count)) - 1) }
        var mask: UInt32 = 0
        for part in field.split(separator: "&", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Text.trimmed($0) }
            guard ends.count <= 2 else { throw error(String(part)) }
            var index = try position(ends[0])
            let last = ends.count == 2 ? try position(ends[1]) : index
            while true {
                mask |= 1 << UInt32(index)
                if index == last { break }
                index = (index + 1) % count
            }
        }
        return mask
    }

    /// Names in any case, or the number from 1 as Asterisk reads it (for weekdays 1 is Sunday).
    private func position(_ text: String) throws(TimeRuleError) -> Int {
        if let index = words.firstIndex(of: text.lowercased()) { return index }
        guard Names.isDigits(text, 1...2), let number = Int(text), (1...count).contains(number) else {
            throw error(text)
        }
        return number - 1
    }

    private func error(_ text: String) -> TimeRuleError {
        TimeRuleError(what: "the \(name) field has '\(text)'", hint: hint)
    }
}
