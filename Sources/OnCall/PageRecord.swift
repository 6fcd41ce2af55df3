public import Foundation

/// A page with everything an engineer's leg says of it.
public struct PageRecord: Sendable, Equatable {
    /// Its number.
    public var id: PageID
    /// The call the message was left in.
    public var call: CallID
    /// The line's name.
    public var line: String
    /// The message it is for, with its file, length and time.
    public var message: MessageRecord
    /// Who called.
    public var caller: Caller
    /// The contract number the caller gave.
    public var contract: ContractNumber?
    /// What the lookup said, nil when none was made.
    public var verification: Verification?
    /// When the page began.
    public var startedAt: Date
    /// How it ended, nil while it goes on.
    public var end: PageEnd?
    /// When it ended.
    public var endedAt: Date?
    /// Its rings, oldest first.
    public var rings: [RingRecord]
    /// Whom to ring next, as far as it was decided; nil before the first decision.
    public var escalation: Escalation?
    /// Until when it waits between two rounds, nil while it does not.
    public var waitsUntil: Date?

    /// A page.
    public init(
        id: PageID, call: CallID, line: String, message: MessageRecord, caller: Caller, contract: ContractNumber? = nil,
        verification: Verification? = nil, startedAt: Date, end: PageEnd? = nil, endedAt: Date? = nil,
        rings: [RingRecord] = [], escalation: Escalation? = nil, waitsUntil: Date? = nil
    ) {
        self.id = id
        self.escalation = escalation
        self.waitsUntil = waitsUntil
        self.call = call
        self.line = line
        self.message = message
        self.caller = caller
        self.contract = contract
        self.verification = verification
        self.startedAt = startedAt
        self.end = end
        self.endedAt = endedAt
        self.rings = rings
    }

    /// The message's path on the PBX, without extension.
    public var messageFile: String { message.file }

    /// Asterisk's `msg_id` of the message.
    public var messageID: String? { message.messageID }

    /// The message's length.
    public var milliseconds: Int { message.milliseconds }

    /// When the message was left.
    public var leftAt: Date { message.leftAt }

    /// The customer's name, if the lookup knew it.
    public var customer: String? { verification?.customer }

    /// What the contract entitles to, nil when none was looked up.
    public var entitlement: Entitlement? { verification?.entitlement }
}

/// One dialling of one engineer for one page.
public struct RingRecord: Sendable, Equatable {
    /// Its number.
    public var id: RingID
    /// The page it is for.
    public var page: PageID
    /// The engineer's id.
    public var engineer: String
    /// The round of the escalation, from 1.
    public var round: Int
    /// The step of the round, from 1.
    public var step: Int
    /// When the dialling began.
    public var startedAt: Date
    /// When the engineer's leg began to run.
    public var answeredAt: Date?
    /// When the engineer had heard the message to its end.
    public var heardAt: Date?
    /// When it ended.
    public var endedAt: Date?
    /// How it ended, nil while it goes on.
    public var outcome: RingOutcome?

    /// A ring.
    public init(
        id: RingID, page: PageID, engineer: String, round: Int, step: Int, startedAt: Date, answeredAt: Date? = nil,
        heardAt: Date? = nil, endedAt: Date? = nil, outcome: RingOutcome? = nil
    ) {
        self.id = id
        self.page = page
        self.engineer = engineer
        self.round = round
        self.step = step
        self.startedAt = startedAt
        self.answeredAt = answeredAt
        self.heardAt = heardAt
        self.endedAt = endedAt
        self.outcome = outcome
    }
}
