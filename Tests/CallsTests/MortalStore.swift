import Calls
import Foundation
import OnCall
import Store
import Synchronization

/// A store whose server dies right after one of its writes: from then on nothing can be asked or written.
final class MortalStore: CallStore {
    private let store: Store
    private let last: Int?
    private let count = Mutex(0)

    struct Dead: Error {}

    /// - Parameter last: the write after which it dies; nil for never.
    init(_ store: Store, last: Int?) {
        self.store = store
        self.last = last
    }

    var writes: Int { count.withLock { $0 } }
    var isAlive: Bool { last.map { writes < $0 } ?? true }

    private func read<R>(_ body: () async throws -> R) async throws -> R {
        guard isAlive else { throw Dead() }
        return try await body()
    }

    /// The write is done and nobody hears of it any more when it was the last.
    private func write<R>(_ body: () async throws -> R) async throws -> R {
        guard isAlive else { throw Dead() }
        let result = try await body()
        count.withLock { $0 += 1 }
        guard isAlive else { throw Dead() }
        return result
    }

    func roster() async throws -> Roster { try await read { try await store.roster() } }
    func contract(_ number: ContractNumber) async throws -> Contract? {
        try await read { try await store.contract(number) }
    }
    func wrongAttempts(line: String, caller: String?, since time: Date) async throws -> Int {
        try await read { try await store.wrongAttempts(line: line, caller: caller, since: time) }
    }
    func call(_ id: CallID) async throws -> CallRecord? { try await read { try await store.call(id) } }
    func latestMessage(call: CallID) async throws -> MessageRecord? {
        try await read { try await store.latestMessage(call: call) }
    }
    func page(_ id: PageID) async throws -> PageRecord? { try await read { try await store.page(id) } }
    func ring(_ id: RingID) async throws -> RingRecord? { try await read { try await store.ring(id) } }
    func claimant(page: PageID) async throws -> String? { try await read { try await store.claimant(page: page) } }
    func unfinishedPages() async throws -> [PageRecord] { try await read { try await store.unfinishedPages() } }

    func beginCall(line: String, uniqueID: String, caller: Caller, at time: Date) async throws -> CallID {
        try await write { try await store.beginCall(line: line, uniqueID: uniqueID, caller: caller, at: time) }
    }
    func recordAttempt(call: CallID, digits: String, outcome: AttemptOutcome, at time: Date) async throws {
        try await write { try await store.recordAttempt(call: call, digits: digits, outcome: outcome, at: time) }
    }
    func recordContract(call: CallID, contract: ContractNumber?, verification: Verification) async throws {
        try await write {
            try await store.recordContract(call: call, contract: contract, verification: verification)
        }
    }
    func recordMessage(
        call: CallID, mailbox: Mailbox, file: String, messageID: String?, milliseconds: Int, verdict: MessageVerdict,
        opensPage: Bool, at time: Date
    ) async throws -> MessageID {
        try await write {
            try await store.recordMessage(
                call: call, mailbox: mailbox, file: file, messageID: messageID, milliseconds: milliseconds,
                verdict: verdict, opensPage: opensPage, at: time)
        }
    }
    func endCall(_ call: CallID, outcome: CallOutcome, at time: Date) async throws {
        try await write { try await store.endCall(call, outcome: outcome, at: time) }
    }
    func beginPage(message: MessageID, at time: Date) async throws -> PageID {
        try await write { try await store.beginPage(message: message, at: time) }
    }
    func endPage(_ page: PageID, end: PageEnd, at time: Date) async throws {
        try await write { try await store.endPage(page, end: end, at: time) }
    }
    func beginRing(
        page: PageID, engineer: String, round: Int, step: Int, escalation: Escalation?, at time: Date
    ) async throws -> RingID {
        try await write {
            try await store.beginRing(
                page: page, engineer: engineer, round: round, step: step, escalation: escalation, at: time)
        }
    }
    func beginWait(page: PageID, escalation: Escalation, until time: Date) async throws {
        try await write { try await store.beginWait(page: page, escalation: escalation, until: time) }
    }
    func recordAnswer(ring: RingID, at time: Date) async throws {
        try await write { try await store.recordAnswer(ring: ring, at: time) }
    }
    func endRing(_ ring: RingID, outcome: RingOutcome, at time: Date) async throws {
        try await write { try await store.endRing(ring, outcome: outcome, at: time) }
    }
    func claim(page: PageID, ring: RingID, engineer: String, at time: Date) async throws -> ClaimResult {
        try await write { try await store.claim(page: page, ring: ring, engineer: engineer, at: time) }
    }
    func giveBack(page: PageID, engineer: String) async throws {
        try await write { try await store.giveBack(page: page, engineer: engineer) }
    }
    func recordHeard(ring: RingID, at time: Date) async throws {
        try await write { try await store.recordHeard(ring: ring, at: time) }
    }
}
