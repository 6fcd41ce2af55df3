public import Foundation
public import OnCall

/// A store that goes on when the database does not: full disk, locked file, broken file.
///
/// What the calls that are going on need is kept in memory as well; a write that fails is logged with its facts and the
/// night goes on from memory, so that a message is still paged and claimed once. After a failure the database is left
/// alone for `rest`, because each try may block for seconds while a caller waits.
public actor SteadyStore: CallStore {
    private let store: any CallStore
    private let now: @Sendable () -> Date
    private let log: EventLog
    private let rest: TimeInterval
    private var restsUntil = Date.distantPast

    private var roster: Roster?
    private var calls: [CallID: CallRecord] = [:]
    private var messages: [CallID: MessageRecord] = [:]
    private var pages: [PageID: PageRecord] = [:]
    private var rings: [RingID: RingRecord] = [:]
    private var claims: [PageID: RingRecord] = [:]
    private var order: [CallID] = []

    /// The first id of what is in memory only; SQLite's own ids stay far below.
    private static let firstOwnID: Int64 = 1 << 40
    private var lastOwnID = SteadyStore.firstOwnID
    /// How many calls are remembered: those of a busy night and more.
    private static let remembered = 2_000

    /// A steady store on top of another.
    ///
    /// - Parameter rest: seconds for which the other is left alone after a failure.
    public init(
        _ store: any CallStore, rest: TimeInterval = 30, now: @escaping @Sendable () -> Date = { Date() },
        log: @escaping EventLog
    ) {
        self.store = store
        self.rest = rest
        self.now = now
        self.log = log
    }

    // MARK: What is asked

    /// The roster; the last one that could be read when the database fails.
    public func roster() async throws -> Roster {
        if let fresh = await attempt("roster", { try await $0.roster() }) {
            roster = fresh
            return fresh
        }
        guard let roster else { throw Unavailable() }
        log(.warning, "old-roster", [("engineers", String(roster.engineers.count))])
        return roster
    }

    /// The contract; throws when the database fails, which the lookup takes for unverified.
    public func contract(_ number: ContractNumber) async throws -> Contract? {
        guard let answer = await attempt("contract", { Found(try await $0.contract(number)) }) else {
            throw Unavailable()
        }
        return answer.value
    }

    /// How many unknown numbers were typed; none when the database fails, which then can't tell a wrong one either.
    public func wrongAttempts(line: String, caller: String?, since time: Date) async -> Int {
        await attempt("attempts", { try await $0.wrongAttempts(line: line, caller: caller, since: time) }) ?? 0
    }

    /// The call, as far as it has come.
    public func call(_ id: CallID) async throws -> CallRecord? {
        if let call = calls[id] { return call }
        return await attempt("call", { Found(try await $0.call(id)) })?.value
    }

    /// The message that was left last in a call.
    public func latestMessage(call: CallID) async throws -> MessageRecord? {
        if let message = messages[call] { return message }
        return await attempt("message", { Found(try await $0.latestMessage(call: call)) })?.value
    }

    /// A page with the call and the message it is about.
    public func page(_ id: PageID) async throws -> PageRecord? {
        if let page = pages[id] { return page }
        return await attempt("page", { Found(try await $0.page(id)) })?.value
    }

    /// A ring by its number.
    public func ring(_ id: RingID) async throws -> RingRecord? {
        if let ring = rings[id] { return ring }
        return await attempt("ring", { Found(try await $0.ring(id)) })?.value
    }

    /// Who has the page.
    public func claimant(page: PageID) async throws -> String? {
        if let claim = claims[page] { return claim.engineer }
        guard !isOwn(page.rawValue) else { return nil }
        return await attempt("claimant", { Found(try await $0.claimant(page: page)) })?.value
    }

    // MARK: What is remembered

    /// Begins a call, or finds the one that another step of it has begun.
    public func beginCall(line: String, uniqueID: String, caller: Caller, at time: Date) async throws -> CallID {
        let known = calls.values.first { $0.uniqueID == uniqueID && $0.line == line && $0.endedAt == nil }
        if let known { return known.id }
        let begun = await attempt("begin-call") {
            try await $0.beginCall(line: line, uniqueID: uniqueID, caller: caller, at: time)
        }
        let id = begun ?? CallID(rawValue: ownID())
        calls[id] = CallRecord(id: id, line: line, uniqueID: uniqueID, caller: caller, startedAt: time)
        order.append(id)
        if order.count > Self.remembered { forget(order.removeFirst()) }
        return id
    }

    /// Remembers a number that a caller typed.
    public func recordAttempt(call: CallID, digits: String, outcome: AttemptOutcome, at time: Date) async {
        await write("record-attempt", call.rawValue) {
            try await $0.recordAttempt(call: call, digits: digits, outcome: outcome, at: time)
        }
    }

    /// Remembers the contract of a call.
    public func recordContract(call: CallID, contract: ContractNumber?, verification: Verification) async {
        calls[call]?.contract = contract
        calls[call]?.verification = verification
        await write("record-contract", call.rawValue) {
            try await $0.recordContract(call: call, contract: contract, verification: verification)
        }
    }

    /// Remembers a message.
    public func recordMessage(
        call: CallID, mailbox: Mailbox, file: String, messageID: String?, milliseconds: Int, verdict: MessageVerdict,
        opensPage: Bool, at time: Date
    ) async throws -> MessageID {
        let recorded = await write("record-message", call.rawValue) {
            try await $0.recordMessage(
                call: call, mailbox: mailbox, file: file, messageID: messageID, milliseconds: milliseconds,
                verdict: verdict, opensPage: opensPage, at: time)
        }
        let id = recorded ?? MessageID(rawValue: ownID())
        messages[call] = MessageRecord(
            id: id, call: call, mailbox: mailbox, file: file, messageID: messageID, milliseconds: milliseconds,
            verdict: verdict, leftAt: time)
        return id
    }

    /// Remembers how a call ended.
    public func endCall(_ call: CallID, outcome: CallOutcome, at time: Date) async {
        calls[call]?.outcome = outcome
        calls[call]?.endedAt = time
        await write("end-call", call.rawValue) { try await $0.endCall(call, outcome: outcome, at: time) }
    }

    /// Begins the page of a message, or finds the one there is.
    public func beginPage(message: MessageID, at time: Date) async throws -> PageID {
        if let known = pages.values.first(where: { $0.message.id == message }) { return known.id }
        let begun = await write("begin-page", message.rawValue) { try await $0.beginPage(message: message, at: time) }
        let id = begun ?? PageID(rawValue: ownID())
        if let left = messages.values.first(where: { $0.id == message }), let call = calls[left.call] {
            pages[id] = PageRecord(
                id: id, call: call.id, line: call.line, message: left, caller: call.caller, contract: call.contract,
                verification: call.verification, startedAt: time)
        }
        return id
    }

    /// Remembers how a page ended.
    public func endPage(_ page: PageID, end: PageEnd, at time: Date) async {
        pages[page]?.end = end
        pages[page]?.endedAt = time
        await write("end-page", page.rawValue) { try await $0.endPage(page, end: end, at: time) }
    }

    /// Pages that have not ended; throws when the database fails: they must be asked for again.
    public func unfinishedPages() async throws -> [PageRecord] { try await store.unfinishedPages() }

    /// Remembers that a page waits between two rounds.
    public func beginWait(page: PageID, escalation: Escalation, until time: Date) async {
        await write("begin-wait", page.rawValue) {
            try await $0.beginWait(page: page, escalation: escalation, until: time)
        }
    }

    /// Remembers that an engineer is about to be rung, and where the escalation stands then.
    public func beginRing(
        page: PageID, engineer: String, round: Int, step: Int, escalation: Escalation?, at time: Date
    ) async throws -> RingID {
        let begun = await write("begin-ring", page.rawValue) {
            try await $0.beginRing(
                page: page, engineer: engineer, round: round, step: step, escalation: escalation, at: time)
        }
        let id = begun ?? RingID(rawValue: ownID())
        rings[id] = RingRecord(id: id, page: page, engineer: engineer, round: round, step: step, startedAt: time)
        return id
    }

    /// Remembers that somebody, or something, answered.
    public func recordAnswer(ring: RingID, at time: Date) async {
        rings[ring]?.answeredAt = time
        await write("record-answer", ring.rawValue) { try await $0.recordAnswer(ring: ring, at: time) }
    }

    /// Remembers what came of a ring.
    public func endRing(_ ring: RingID, outcome: RingOutcome, at time: Date) async {
        if rings[ring]?.outcome == nil { rings[ring]?.outcome = outcome }
        await write("end-ring", ring.rawValue) { try await $0.endRing(ring, outcome: outcome, at: time) }
    }

    /// Remembers that the engineer of a ring heard the message.
    public func recordHeard(ring: RingID, at time: Date) async {
        await write("record-heard", ring.rawValue) { try await $0.recordHeard(ring: ring, at: time) }
    }

    /// Gives the page to an engineer unless somebody has it already.
    public func claim(page: PageID, ring: RingID, engineer: String, at time: Date) async throws -> ClaimResult {
        if let result = claimInMemory(page, ring) { return result }
        let claimed = await write("claim", page.rawValue) {
            try await $0.claim(page: page, ring: ring, engineer: engineer, at: time)
        }
        // Another claim may have come while the database was asked.
        if claimed == nil, let result = claimInMemory(page, ring) { return result }
        let result = claimed ?? .claimed
        if result == .claimed {
            claims[page] = RingRecord(id: ring, page: page, engineer: engineer, round: 0, step: 0, startedAt: time)
        }
        return result
    }

    /// Takes a page back from whoever claimed it and has not heard the message.
    public func giveBack(page: PageID, engineer: String) async {
        if claims[page]?.engineer == engineer { claims[page] = nil }
        await write("give-back", page.rawValue) { try await $0.giveBack(page: page, engineer: engineer) }
    }

    private func claimInMemory(_ page: PageID, _ ring: RingID) -> ClaimResult? {
        guard let claim = claims[page] else { return nil }
        if claim.id == ring { return .claimed }
        return .taken(by: claim.engineer, name: roster?.engineer(claim.engineer)?.name ?? claim.engineer)
    }

    // MARK: The database

    /// Writes unless it is about something that only memory knows; nil when it was not written.
    @discardableResult
    private func write<R: Sendable>(
        _ purpose: String, _ id: Int64, _ body: (any CallStore) async throws -> R
    ) async -> R? {
        isOwn(id) ? nil : await attempt(purpose, body)
    }

    private func attempt<R: Sendable>(_ purpose: String, _ body: (any CallStore) async throws -> R) async -> R? {
        guard now() >= restsUntil else { return nil }
        do {
            return try await body(store)
        } catch {
            restsUntil = now().addingTimeInterval(rest)
            log(.error, "store-failed", [("purpose", purpose), ("error", "\(error)"), ("goes-on", "from memory")])
            return nil
        }
    }

    private func isOwn(_ id: Int64) -> Bool { id > Self.firstOwnID }

    private func ownID() -> Int64 {
        lastOwnID += 1
        return lastOwnID
    }

    private func forget(_ call: CallID) {
        calls[call] = nil
        messages[call] = nil
        for page in pages.values where page.call == call {
            pages[page.id] = nil
            claims[page.id] = nil
            for ring in rings.values where ring.page == page.id { rings[ring.id] = nil }
        }
    }

    /// Tells "there is none" from "it could not be asked".
    private struct Found<Value: Sendable>: Sendable {
        let value: Value?
        init(_ value: Value?) { self.value = value }
    }

    private struct Unavailable: Error, CustomStringConvertible {
        let description = "the database can't be asked now"
    }
}
