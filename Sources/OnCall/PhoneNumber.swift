/// A telephone number that is safe in a dial string: an optional `+` and 2 to 15 ASCII digits (ITU-T E.164 allows 15).
public struct PhoneNumber: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The number as written, with its `+` if it has one.
    public let text: String

    /// Nil unless the text is `+?[0-9]{2,15}`.
    public init?(_ text: String) {
        guard Names.isDigits(text.hasPrefix("+") ? text.dropFirst() : text[...], 2...15) else { return nil }
        self.text = text
    }

    /// Reads a coded number by the same rule as `init(_:)`.
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let number = PhoneNumber(text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "no phone number"))
        }
        self = number
    }

    /// Writes the number as its text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    /// The digits alone, without the `+`.
    public var digits: String { text.hasPrefix("+") ? String(text.dropFirst()) : text }

    /// The same as `text`.
    public var description: String { text }
}

/// Who calls, as far as the channel told: made of the raw text of `agi_callerid` and `agi_calleridname`, which anyone can set.
public struct Caller: Sendable, Hashable {
    /// The number, if the channel gave one that is a `PhoneNumber`; `unknown`, empty and anything else are nil.
    public let number: String?
    /// The name without control characters, at most 80 characters; nil when nothing is left or it is `unknown`.
    public let name: String?

    /// Takes raw text and keeps what can be trusted to be a number or a name.
    public init(number: String?, name: String?) {
        self.number = number.flatMap { PhoneNumber($0)?.text }
        let kept = (name ?? "").unicodeScalars.filter { !Text.isControl($0) }
        let trimmed = Text.trimmed(String(String.UnicodeScalarView(kept)))
        let short = String(trimmed.prefix(80))
        self.name = short.isEmpty || short == "unknown" ? nil : short
    }
}

/// Small rules on text that comes from outside.
package enum Text {
    /// Control and format characters and line separators: nothing that a log, a page or a prompt may carry.
    package static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
        case .format: scalar != "\u{200C}" && scalar != "\u{200D}"
        default: false
        }
    }

    /// Whether any character is a control character.
    package static func hasControl(_ text: some StringProtocol) -> Bool {
        text.unicodeScalars.contains(where: isControl)
    }

    /// The text without blanks around it.
    package static func trimmed(_ text: some StringProtocol) -> String {
        let head = text.drop { $0 == " " || $0 == "\t" }
        guard let last = head.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
        return String(head[...last])
    }
}
