public import Foundation

/// Where a line asks what a contract number is entitled to.
public enum LookupChoice: Sendable, Equatable {
    /// The table of contracts in nightbell's own store.
    case own
    /// The `type = web-service` section of that name.
    case webService(String)
}

/// A support number with its hours, its mailbox and its escalation: one `type = line` section of nightbell.conf.
public struct Line: Sendable, Equatable {
    /// The section's name, `[a-z0-9][a-z0-9-]{0,31}`.
    public var name: String
    /// What people call the line; the name when the configuration gives none.
    public var title: String
    /// The caller ID that engineers see.
    public var number: PhoneNumber
    /// The zone in which `hours` and local times of shifts are meant.
    public var timeZone: TimeZone
    /// When the line is open and does not page anyone.
    public var hours: Hours
    /// Where callers leave their message.
    public var mailbox: Mailbox
    /// The language of the prompts, nil for the channel's own.
    public var language: String?
    /// How many digits a contract number has.
    public var contractDigits: Int
    /// How often a caller is asked for the number.
    public var contractAttempts: Int
    /// How long to wait for the next digit, in seconds.
    public var digitTimeout: Int
    /// Messages shorter than this page nobody, in seconds.
    public var minimumMessage: Double
    /// How often a caller may leave a message once more after one that was too short.
    public var messageRetries: Int
    /// The callback promised when the contract has none of its own, in minutes.
    public var callbackMinutes: Int
    /// Whom to ring and for how long.
    public var escalation: EscalationPlan
    /// Who says what a contract is entitled to.
    public var lookup: LookupChoice
    /// How often the engineer hears the menu.
    public var engineerRepeats: Int
    /// How long the engineer has for a key after the menu was said, in seconds.
    public var keyTimeout: Int
    /// How long the engineer must have heard the message, in seconds, for the page to be theirs without another key.
    public var claimSeconds: Int
    /// Whether the engineer may call the caller back from the menu.
    public var callback: Bool
    /// The dialplan context through which engineers are rung.
    public var outboundContext: String
    /// The dialplan context in which an engineer's answered leg runs.
    public var engineerContext: String
    /// The dialplan context through which a caller is called back.
    public var callbackContext: String
    /// Wrong contract numbers of one caller an hour, after which the number is not asked for any more.
    public var wrongPerCaller: Int
    /// The same for all callers of the line together.
    public var wrongPerLine: Int

    /// A line; whatever is left out has the default of nightbell.conf.
    public init(
        name: String, title: String? = nil, number: PhoneNumber, timeZone: TimeZone,
        hours: Hours = Hours(),
        mailbox: Mailbox, language: String? = nil, contractDigits: Int = 10, contractAttempts: Int = 3,
        digitTimeout: Int = 8, minimumMessage: Double = 4, messageRetries: Int = 1,
        callbackMinutes: Int = 60,
        escalation: EscalationPlan = EscalationPlan(), lookup: LookupChoice = .own,
        engineerRepeats: Int = 2,
        keyTimeout: Int = 5, claimSeconds: Int = 5, callback: Bool = true,
        outboundContext: String = "nightbell-outbound",
        engineerContext: String = "nightbell-engineer", callbackContext: String = "nightbell-callback",
        wrongPerCaller: Int = 9, wrongPerLine: Int = 60
    ) {
        self.name = name
        self.title = title ?? name
        self.number = number
        self.timeZone = timeZone
        self.hours = hours
        self.mailbox = mailbox
        self.language = language
        self.contractDigits = contractDigits
        self.contractAttempts = contractAttempts
        self.digitTimeout = digitTimeout
        self.minimumMessage = minimumMessage
        self.messageRetries = messageRetries
        self.callbackMinutes = callbackMinutes
        self.escalation = escalation
        self.lookup = lookup
        self.engineerRepeats = engineerRepeats
        self.keyTimeout = keyTimeout
        self.claimSeconds = claimSeconds
        self.callback = callback
        self.outboundContext = outboundContext
        self.engineerContext = engineerContext
        self.callbackContext = callbackContext
        self.wrongPerCaller = wrongPerCaller
        self.wrongPerLine = wrongPerLine
    }

    /// Whether the line is open, closed or on holiday at that time.
    public func status(at date: Date) -> HoursStatus { hours.status(at: date, in: timeZone) }
}
