/// The name of a line, as it stands in brackets in nightbell.conf and in `?line=`.
public enum LineName {
    /// Whether the text is `[a-z0-9][a-z0-9-]{0,31}`.
    public static func isValid(_ text: String) -> Bool { Names.isSlug(text) && text.first != "-" }
}

/// The id of an engineer, as it stands in the roster.
public enum EngineerID {
    /// Whether the text is `[a-z0-9][a-z0-9-]{0,31}`.
    public static func isValid(_ text: String) -> Bool { Names.isSlug(text) && text.first != "-" }
}

/// The name of a role in the roster, such as `on-call` or `manager`.
public enum RoleName {
    /// Whether the text is `[a-z][a-z0-9-]{0,31}`.
    public static func isValid(_ text: String) -> Bool {
        Names.isSlug(text) && text.utf8.first.map { $0 >= UInt8(ascii: "a") } == true
    }
}

/// What the alphabets of names and numbers have in common.
enum Names {
    /// 1 to 32 lower-case letters, digits and hyphens.
    static func isSlug(_ text: String) -> Bool {
        (1...32).contains(text.utf8.count)
            && text.utf8.allSatisfy { isLower($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
    }

    static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    static func isLower(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }

    static func isUpper(_ byte: UInt8) -> Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) }

    /// Whether the text is so many ASCII digits and nothing else.
    static func isDigits(_ text: some StringProtocol, _ count: ClosedRange<Int>) -> Bool {
        count.contains(text.utf8.count) && text.utf8.allSatisfy(isDigit)
    }
}
