/// Reads the keys of one section and collects what is wrong with them.
final class SectionCheck {
    let section: Section
    private let file: String
    private(set) var problems: [ConfigurationProblem] = []

    init(_ section: Section, file: String) {
        self.section = section
        self.file = file
    }

    func problem(_ line: Int, _ what: String, _ hint: String) {
        problems.append(ConfigurationProblem(file: file, line: line, what: what, hint: hint))
    }

    /// Names keys that do not exist, and those that come twice and may not.
    func checkKeys(single: [String], repeated: [String] = []) {
        let known = ["type"] + single + repeated
        var seen: [String: Int] = [:]
        for entry in section.entries {
            guard known.contains(entry.key) else {
                problem(
                    entry.line, "no key '\(entry.key)' in a section of this type",
                    Suggestion.hint(for: entry.key, among: known))
                continue
            }
            if !repeated.contains(entry.key), let first = seen[entry.key] {
                problem(entry.line, "'\(entry.key)' comes twice", "the first is in line \(first)")
            }
            seen[entry.key] = seen[entry.key] ?? entry.line
        }
    }

    func all(_ key: String) -> [Section.Entry] { section.entries.filter { $0.key == key } }

    /// Reads a value; what `read` does not take is a problem with this hint.
    func value<T>(_ key: String, default standard: T, _ hint: String, _ read: (String) -> T?) -> T {
        guard let entry = all(key).first else { return standard }
        if let value = read(entry.value) { return value }
        if reportEmpty(entry, hint) { return standard }
        problem(entry.line, "'\(entry.value)' is no \(key)", hint)
        return standard
    }

    /// Reads a value that must be there.
    func required<T>(_ key: String, _ hint: String, _ read: (String) -> T?) -> T? {
        guard let entry = all(key).first else {
            problem(section.line, "[\(section.name)] has no \(key)", hint)
            return nil
        }
        let value = read(entry.value)
        if value == nil, !reportEmpty(entry, hint) { problem(entry.line, "'\(entry.value)' is no \(key)", hint) }
        return value
    }

    func number(_ key: String, default standard: Int, in range: ClosedRange<Int>) -> Int {
        value(key, default: standard, "write a whole number from \(range.lowerBound) to \(range.upperBound)") {
            Self.whole($0).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// A number written with digits alone: no sign, no exponent.
    static func whole(_ text: String) -> Int? {
        text.utf8.allSatisfy { (48...57).contains($0) } ? Int(text) : nil
    }

    private func reportEmpty(_ entry: Section.Entry, _ hint: String) -> Bool {
        guard entry.value.isEmpty else { return false }
        problem(entry.line, "'\(entry.key)' has no value", hint)
        return true
    }
}
