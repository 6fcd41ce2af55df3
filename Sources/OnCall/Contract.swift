/// The number a caller types: 1 to 20 ASCII digits, with its leading zeros.
public struct ContractNumber: Sendable, Hashable, CustomStringConvertible {
    /// The digits as typed; leading zeros count.
    public let digits: String

    /// Nil unless the text is `[0-9]{1,20}`.
    public init?(_ text: String) {
        guard Names.isDigits(text, 1...20) else { return nil }
        digits = text
    }

    /// All but the last three digits as `*`, for logs and for attempts; three digits or fewer are masked whole.
    public var masked: String { Self.masked(digits) }

    /// The digits; use `masked` in logs.
    public var description: String { digits }

    /// Masks any typed digits the way `masked` does.
    public static func masked(_ digits: String) -> String {
        guard digits.count > 3 else { return String(repeating: "*", count: digits.count) }
        return String(repeating: "*", count: digits.count - 3) + digits.suffix(3)
    }
}

/// A contract of the table, with what it entitles its customer to.
public struct Contract: Sendable, Equatable {
    /// The number the customer types.
    public let number: ContractNumber
    /// The customer's name, as shown to engineers.
    public let customer: String
    /// Whether after-hours support is part of the contract.
    public let entitled: Bool
    /// Within how many minutes a callback is promised; nil means the line's own promise.
    public let callbackMinutes: Int?

    /// A contract of the table.
    public init(number: ContractNumber, customer: String, entitled: Bool, callbackMinutes: Int? = nil) {
        self.number = number
        self.customer = customer
        self.entitled = entitled
        self.callbackMinutes = callbackMinutes
    }

    /// What a lookup in the table says about this contract.
    public var verification: Verification {
        Verification(
            entitlement: entitled ? .entitled : .notEntitled, customer: customer,
            callbackMinutes: callbackMinutes)
    }
}

/// What a lookup found out about a contract number.
public enum Entitlement: Sendable, Hashable {
    /// After-hours support is part of the contract.
    case entitled
    /// The contract exists without after-hours support.
    case notEntitled
    /// No such contract.
    case unknown
    /// The lookup could not tell; the page goes out all the same, marked so.
    case unverified(reason: String)

    /// `entitled`, `not-entitled`, `unknown` or `unverified`: how the store names it.
    public var rawName: String {
        switch self {
        case .entitled: "entitled"
        case .notEntitled: "not-entitled"
        case .unknown: "unknown"
        case .unverified: "unverified"
        }
    }

    /// Why it is unverified, else nil.
    public var reason: String? {
        if case .unverified(let reason) = self { reason } else { nil }
    }

    /// The entitlement of a stored name; nil for a name that is none.
    public init?(rawName: String, reason: String? = nil) {
        switch rawName {
        case "entitled": self = .entitled
        case "not-entitled": self = .notEntitled
        case "unknown": self = .unknown
        case "unverified": self = .unverified(reason: reason ?? "")
        default: return nil
        }
    }
}

/// The result of verifying a contract number, from whichever lookup.
public struct Verification: Sendable, Equatable {
    /// What the number entitles to.
    public var entitlement: Entitlement
    /// The customer's name, if the lookup knows it.
    public var customer: String?
    /// Within how many minutes a callback is promised; nil means the line's own promise.
    public var callbackMinutes: Int?

    /// A result of a lookup.
    public init(entitlement: Entitlement, customer: String? = nil, callbackMinutes: Int? = nil) {
        self.entitlement = entitlement
        self.customer = customer
        self.callbackMinutes = callbackMinutes
    }
}
