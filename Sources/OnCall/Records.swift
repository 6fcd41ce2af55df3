public import Foundation

/// The number of a call in the store.
public struct CallID: RawRepresentable, Sendable, Hashable {
    /// The row's number.
    public let rawValue: Int64
    /// The id of a row's number.
    public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// The number of a message in the store.
public struct MessageID: RawRepresentable, Sendable, Hashable {
    /// The row's number.
    public let rawValue: Int64
    /// The id of a row's number.
    public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// The number of a page in the store.
public struct PageID: RawRepresentable, Sendable, Hashable {
    /// The row's number.
    public let rawValue: Int64
    /// The id of a row's number.
    public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// The number of a ring in the store; also the extension that the engineer's leg runs at.
public struct RingID: RawRepresentable, Sendable, Hashable {
    /// The row's number.
    public let rawValue: Int64
    /// The id of a row's number.
    public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// How a call ended. The raw value is how the store names it.
public enum CallOutcome: String, Sendable, Hashable, CaseIterable {
    /// The line was open: the call went on to the queue.
    case open
    /// An engineer accepted the page.
    case paged
    /// A page was made and nobody accepted it.
    case unanswered
    /// A message was kept for the next business day.
    case kept
    /// The message was too short to page anyone.
    case tooShort = "too-short"
    /// The caller left no message.
    case noMessage = "no-message"
    /// The caller hung up before there was a message.
    case hungUp = "hung-up"
    /// Something failed on our side.
    case error
}

/// What came of one try at typing a contract number. The raw value is how the store names it.
public enum AttemptOutcome: String, Sendable, Hashable, CaseIterable {
    /// The number is a contract's, or was let through unverified.
    case accepted
    /// Too few digits.
    case incomplete
    /// No such contract.
    case unknown
    /// Nothing was typed.
    case none
}

/// What becomes of a message. The raw value is how the store names it.
public enum MessageVerdict: String, Sendable, Hashable, CaseIterable {
    /// Long enough to page for.
    case longEnough = "long-enough"
    /// Too short to page for.
    case tooShort = "too-short"
    /// Nobody is paged; it waits in the mailbox.
    case keptForBusinessDay = "kept-for-business-day"
}

/// What came of an engineer's try to claim a page.
public enum ClaimResult: Sendable, Equatable {
    /// The page is this engineer's.
    case claimed
    /// Another engineer, or this one by another ring, had it before: id and name.
    case taken(by: String, name: String)
}

/// A call as the store knows it.
public struct CallRecord: Sendable, Equatable {
    /// Its number.
    public var id: CallID
    /// The line's name.
    public var line: String
    /// Asterisk's `agi_uniqueid`.
    public var uniqueID: String
    /// Who called.
    public var caller: Caller
    /// When it began.
    public var startedAt: Date
    /// When it ended, nil while it goes on.
    public var endedAt: Date?
    /// How it ended, nil while it goes on.
    public var outcome: CallOutcome?
    /// The contract number the caller gave.
    public var contract: ContractNumber?
    /// What the lookup said, nil when none was made.
    public var verification: Verification?

    /// A call.
    public init(
        id: CallID, line: String, uniqueID: String, caller: Caller, startedAt: Date,
        endedAt: Date? = nil,
        outcome: CallOutcome? = nil, contract: ContractNumber? = nil, verification: Verification? = nil
    ) {
        self.id = id
        self.line = line
        self.uniqueID = uniqueID
        self.caller = caller
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.outcome = outcome
        self.contract = contract
        self.verification = verification
    }
}

/// A voicemail of one call.
public struct MessageRecord: Sendable, Equatable {
    /// Its number.
    public var id: MessageID
    /// The call it was left in.
    public var call: CallID
    /// The mailbox it lies in.
    public var mailbox: Mailbox
    /// The message's path on the PBX, without extension (VM_MESSAGEFILE).
    public var file: String
    /// Asterisk's `msg_id`, if it could be read.
    public var messageID: String?
    /// Its length.
    public var milliseconds: Int
    /// What becomes of it.
    public var verdict: MessageVerdict
    /// When it was left.
    public var leftAt: Date

    /// A message.
    public init(
        id: MessageID, call: CallID, mailbox: Mailbox, file: String, messageID: String?,
        milliseconds: Int,
        verdict: MessageVerdict, leftAt: Date
    ) {
        self.id = id
        self.call = call
        self.mailbox = mailbox
        self.file = file
        self.messageID = messageID
        self.milliseconds = milliseconds
        self.verdict = verdict
        self.leftAt = leftAt
    }
}
