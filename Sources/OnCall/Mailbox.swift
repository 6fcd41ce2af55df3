/// A voicemail box as Asterisk names it: `1000@support`. Both halves are safe as arguments of VoiceMail() and in paths.
public struct Mailbox: Sendable, Hashable, CustomStringConvertible {
    /// The part before the `@`.
    public let number: String
    /// The voicemail context, the part after the `@`.
    public let context: String

    /// Nil unless the text is `[0-9A-Za-z_-]{1,32}@[0-9A-Za-z_-]{1,32}`.
    public init?(_ text: String) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy(Self.isName) else { return nil }
        number = String(parts[0])
        context = String(parts[1])
    }

    /// `NUMBER@CONTEXT`.
    public var text: String { "\(number)@\(context)" }

    /// The same as `text`.
    public var description: String { text }

    private static func isName(_ part: Substring) -> Bool {
        (1...32).contains(part.utf8.count)
            && part.utf8.allSatisfy {
                Names.isDigit($0) || Names.isLower($0) || Names.isUpper($0) || $0 == UInt8(ascii: "_")
                    || $0 == UInt8(ascii: "-")
            }
    }
}
