import Foundation
import OnCall
import Sockets
import Store
import Synchronization
import Testing

@testable import Calls

/// A server that dies at any write, and the one that is started after it, on the same database.
@Suite(.timeLimit(.minutes(1))) struct CrashTests {
    /// More writes than a page of this night has.
    private static let writes = 1...12

    @Test(arguments: writes) func whereverTheServerDies_theMessageIsAcceptedOnce(write: Int) async throws {
        let night = try await CrashNight()
        await night.serve(dyingAt: write)
        await night.serve(dyingAt: nil)
        let page = try #require(try await night.store.pages(limit: 9).first)
        #expect(page.end == .accepted("second"))
        #expect(try await night.store.claimant(page: page.id) == "second")
        let rung = Dictionary(grouping: page.rings, by: \.engineer).mapValues(\.count)
        // Once by the plan, and once more for the ring that was cut.
        #expect(rung["first", default: 0] <= 2, "\(page.rings)")
        #expect(rung["second", default: 0] <= 2, "\(page.rings)")
        #expect(night.accepted == 1)
    }

    @Test(arguments: writes) func whereverItDiesTwice_nothingIsLostEither(write: Int) async throws {
        let night = try await CrashNight()
        await night.serve(dyingAt: write)
        await night.serve(dyingAt: 2)
        await night.serve(dyingAt: nil)
        let page = try #require(try await night.store.pages(limit: 9).first)
        #expect(page.end == .accepted("second"))
        #expect(night.accepted == 1)
    }

    @Test func allWritesOfAPageAreAmongThoseTested() async throws {
        let night = try await CrashNight()
        let writes = await night.serve(dyingAt: nil)
        #expect(writes > 5)
        #expect(Self.writes.contains(writes))
    }

    @Test func withoutADialer_aPageStaysUnfinishedAndIsFoundByTheNextServer() async throws {
        let night = try await CrashNight()
        await night.serve(dyingAt: 1, hasDialer: false)
        #expect(try await night.store.unfinishedPages().count == 1)
        await night.serve(dyingAt: nil)
        #expect(try await night.store.unfinishedPages().isEmpty)
    }
}

/// A page whose first engineer does not answer and whose second accepts.
private final class CrashNight: Sendable {
    let store: Store
    private let line: Line
    private let page: PageID
    private let starts = Mutex(0)
    private let claims = Mutex(0)

    /// How many engineers have heard the message.
    var accepted: Int { claims.withLock { $0 } }

    init() async throws {
        store = try Store(path: ":memory:")
        line = Line(
            name: "support", number: try #require(PhoneNumber("15550100")), timeZone: .gmt, hours: Hours(),
            mailbox: try #require(Mailbox("1000@support")),
            escalation: EscalationPlan(steps: [EscalationStep(role: "on-call", seconds: 20)], rounds: 2))
        let people = ["first", "second"].enumerated()
        _ = try await store.importEngineers(
            try people.map { Engineer(id: $1, name: $1, number: try #require(PhoneNumber("1555010\($0)"))) },
            replace: false)
        _ = try await store.importShifts(
            people.map {
                Shift(
                    line: nil, role: "on-call", engineer: $1, start: Date(timeIntervalSince1970: 0),
                    end: .distantFuture, order: $0)
            }, replace: false)
        let start = Self.start
        let call = try await store.beginCall(
            line: "support", uniqueID: "1.1", caller: Caller(number: "15550142", name: nil), at: start)
        let message = try await store.recordMessage(
            call: call, mailbox: line.mailbox, file: "/m", messageID: nil, milliseconds: 5_000, verdict: .longEnough,
            opensPage: false, at: start)
        page = try await store.beginPage(message: message, at: start)
    }

    private static let start = Date(timeIntervalSince1970: 1_800_000_000)

    /// Runs a server's work on the page until it has ended or the server is dead. Each server is started minutes after
    /// the one before.
    ///
    /// - Returns: how many writes there were.
    @discardableResult
    func serve(dyingAt last: Int?, hasDialer: Bool = true) async -> Int {
        let minutes = starts.withLock { count in
            count += 1
            return count
        }
        let now = Self.start.addingTimeInterval(TimeInterval(minutes * 300))
        let mortal = MortalStore(store, last: last)
        guard let loop = try? EventLoop(name: "test") else { return 0 }
        defer { loop.stop() }
        let (line, page) = (line, page)
        await Task(executorPreference: loop) {
            let dialer = NightDialer(store: mortal, page: page) { self.claims.withLock { $0 += 1 } }
            let flows = CallFlows(
                lines: [line], store: mortal, loop: loop, dialer: hasDialer ? dialer : nil, now: { now },
                log: { _, _, _ in })
            dialer.board.withLock { $0 = flows.board }
            await flows.goOn(with: page, isAlive: { mortal.isAlive })
        }.value
        return mortal.writes
    }
}

/// Rings nobody: the first engineer does not answer, the second claims the page and hears the message as the leg does.
private final class NightDialer: Dialer, Sendable {
    let board = Mutex<RingBoard?>(nil)
    private let store: MortalStore
    private let page: PageID
    private let whenAccepted: @Sendable () -> Void

    init(store: MortalStore, page: PageID, whenAccepted: @escaping @Sendable () -> Void) {
        self.store = store
        self.page = page
        self.whenAccepted = whenAccepted
    }

    func ready() {}

    func ring(_ number: PhoneNumber, ring: RingID, line: Line, seconds: Int) async throws -> String {
        guard number.text == "15550101" else { return "RINGING" }
        let board = board.withLock { $0 }
        board?.arrived(ring)
        let result = try await store.claim(page: page, ring: ring, engineer: "second", at: .now)
        guard result == .claimed else {
            board?.decide(ring, .taken)
            board?.legEnded(ring)
            return "SUCCESS"
        }
        whenAccepted()
        try await store.recordHeard(ring: ring, at: .now)
        board?.decide(ring, .accepted)
        board?.legEnded(ring)
        return "SUCCESS"
    }
}
