/// Asterisk's answer to one command.
public struct Reply: Sendable, Equatable {
    /// 200, 510, 511 or 520.
    public var code: Int
    /// What stands after `result=`: a number, digits with their leading zeros and `*`, or nothing.
    public var result: String
    /// What stands in the parentheses, which may be several lines; nil without parentheses.
    public var text: String?
    /// What follows, such as `endpos=8000` or the results of SPEECH RECOGNIZE; for 520 the usage text.
    public var tail: String

    /// A reply from its parts.
    public init(code: Int, result: String = "", text: String? = nil, tail: String = "") {
        self.code = code
        self.result = result
        self.text = text
        self.tail = tail
    }

    /// The result as a number; nil when it is empty or no number.
    public var number: Int? { Int(result) }

    /// Whether the application or command failed or the channel is gone (`result=-1`).
    public var failed: Bool { result == "-1" }

    /// The position in samples at which playing ended (`endpos=`); nil when the reply has none.
    public var endPosition: Int? { value(of: "endpos").flatMap { Int($0) } }

    /// The value of `name=` in the tail, without quotes; nil when it is not there.
    public func value(of name: String) -> String? {
        for field in tail.split(separator: " ") where field.hasPrefix(name + "=") {
            let value = field.dropFirst(name.count + 1)
            return value.hasPrefix("\"") ? String(value.dropFirst().prefix { $0 != "\"" }) : String(value)
        }
        return nil
    }
}

/// The position of an escape digit and how it was pressed.
public struct KeyPress: Sendable, Equatable {
    /// `0`–`9`, `*` or `#` (or `A`–`D`).
    public let key: Character
    /// Where in the sound it was pressed, in samples (8,000 a second); nil when Asterisk does not say.
    public let position: Int?

    /// A key and the position at which it was pressed.
    public init(key: Character, position: Int? = nil) {
        self.key = key
        self.position = position
    }

    /// Reads the character code that commands with escape digits answer: 0 means that no key was pressed.
    init?(_ reply: Reply) {
        guard let code = reply.number, (32...126).contains(code), let scalar = Unicode.Scalar(code) else { return nil }
        key = Character(scalar)
        position = reply.endPosition
    }
}
