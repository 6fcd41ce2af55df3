public import Foundation
public import OnCall

/// What the call flows remember; the store implements it.
public protocol CallStore: Sendable {
    /// Everyone who can be rung and all shifts.
    func roster() async throws -> Roster
    /// The contract of a number; nil when there is none.
    func contract(_ number: ContractNumber) async throws -> Contract?
    /// Begins a call, or finds the unfinished one of the same channel and line.
    func beginCall(line: String, uniqueID: String, caller: Caller, at time: Date) async throws -> CallID
    /// Remembers a number that a caller typed.
    func recordAttempt(call: CallID, digits: String, outcome: AttemptOutcome, at time: Date) async throws
    /// How many unknown numbers were typed since a time, by one caller or (nil) by all.
    func wrongAttempts(line: String, caller: String?, since time: Date) async throws -> Int
    /// Remembers the contract of a call.
    func recordContract(call: CallID, contract: ContractNumber?, verification: Verification) async throws
    /// Remembers a message as it was measured and, in the same write, begins its page where it has one.
    func recordMessage(
        call: CallID, mailbox: Mailbox, file: String, messageID: String?, milliseconds: Int, verdict: MessageVerdict,
        opensPage: Bool, at time: Date
    ) async throws -> MessageID
    /// Remembers how a call ended.
    func endCall(_ call: CallID, outcome: CallOutcome, at time: Date) async throws
    /// The call, as far as it has come.
    func call(_ id: CallID) async throws -> CallRecord?
    /// The message that was left last in a call.
    func latestMessage(call: CallID) async throws -> MessageRecord?
    /// Begins the page of a message, or finds the one there is.
    func beginPage(message: MessageID, at time: Date) async throws -> PageID
    /// Remembers how a page ended.
    func endPage(_ page: PageID, end: PageEnd, at time: Date) async throws
    /// A page with all that belongs to it.
    func page(_ id: PageID) async throws -> PageRecord?
    /// Pages that have not ended, oldest first.
    func unfinishedPages() async throws -> [PageRecord]
    /// Remembers that an engineer is about to be rung, and where the escalation stands then.
    func beginRing(
        page: PageID, engineer: String, round: Int, step: Int, escalation: Escalation?, at time: Date
    ) async throws -> RingID
    /// Remembers that a page waits between two rounds.
    func beginWait(page: PageID, escalation: Escalation, until time: Date) async throws
    /// A ring by its number.
    func ring(_ id: RingID) async throws -> RingRecord?
    /// Remembers that somebody, or something, answered.
    func recordAnswer(ring: RingID, at time: Date) async throws
    /// Remembers what came of a ring; the first to say so counts.
    func endRing(_ ring: RingID, outcome: RingOutcome, at time: Date) async throws
    /// Gives the page to an engineer unless somebody has it already.
    func claim(page: PageID, ring: RingID, engineer: String, at time: Date) async throws -> ClaimResult
    /// Takes a page back from whoever claimed it and has not heard the message.
    func giveBack(page: PageID, engineer: String) async throws
    /// Who has the page; nil while nobody has.
    func claimant(page: PageID) async throws -> String?
    /// Remembers that the engineer of a ring heard the message.
    func recordHeard(ring: RingID, at time: Date) async throws
}

/// Says what a contract number is entitled to. It never throws: whoever can't answer says `unverified`.
public protocol ContractLookup: Sendable {
    /// Verifies a number whose form is right.
    func verify(_ contract: ContractNumber, line: Line) async -> Verification
}

/// How urgent a line of the log is.
public enum LogLevel: Int, Sendable, Comparable {
    /// For finding a fault.
    case debug
    /// What happened.
    case info
    /// What should be looked at.
    case warning
    /// What somebody must see: a message that reached nobody, a part that failed.
    case error

    /// Debug is the lowest.
    public static func < (left: LogLevel, right: LogLevel) -> Bool { left.rawValue < right.rawValue }
}

/// Takes the events of the flows: level, event and fields, in the order in which they are to be written.
public typealias EventLog = @Sendable (LogLevel, _ event: String, _ fields: [(name: String, value: String)]) -> Void
