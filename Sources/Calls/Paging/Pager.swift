public import Foundation
internal import OnCall
internal import Sockets

/// Goes on with pages that no caller's session works on: after a restart, or when a session broke.
///
/// Loop-confined. A page is worked on once at a time; what is not done when the process ends is found by the next one.
final class Pager: @unchecked Sendable {
    private let loop: EventLoop
    private var active: Set<PageID> = []
    /// How a page is worked on; set when the flows are made.
    var work: (@Sendable (PageID) async -> Void)?

    init(loop: EventLoop) { self.loop = loop }

    /// Works on a page in a task of its own.
    func goOn(with page: PageID) {
        guard active.insert(page).inserted, let work else { return }
        Task(executorPreference: loop) {
            await work(page)
            self.active.remove(page)
        }
    }
}

extension CallFlows {
    /// Reads the pages that have not ended and goes on with each; call it on the loop, once the server listens.
    ///
    /// - Returns: how many there were.
    @discardableResult
    public func resumePages() async throws -> Int {
        let pages = try await store.unfinishedPages()
        for page in pages { pager.goOn(with: page.id) }
        return pages.count
    }

    /// Works on one page until it has ended. An error is one of the moment (the PBX restarts, the database is locked):
    /// it is tried again, ever more slowly.
    ///
    /// - Parameter isAlive: whether it is to be tried again; a server always does.
    func goOn(with page: PageID, isAlive: () -> Bool = { true }) async {
        var pause = 1
        while isAlive() {
            do {
                guard let record = try await store.page(page), record.end == nil else { return }
                guard let line = lines[record.line] else {
                    note(.error, "page-of-unknown-line", record, [("mend", "put the line back into nightbell.conf")])
                    return
                }
                try await resume(record, line)
                return
            } catch {
                log(.warning, "page-interrupted", [("page", String(page.rawValue)), ("error", "\(error)")])
                guard isAlive() else { return }
                await loop.sleep(for: .seconds(pause))
                pause = min(60, pause * 2)
            }
        }
    }

    private func resume(_ page: PageRecord, _ line: Line) async throws {
        let paging = Paging(
            self, page: page.id, line: line, call: page.call, caller: page.caller, dialer: dialer ?? NoDialer())
        let resumption = PageResumption.of(
            page, claimant: try await store.claimant(page: page.id), at: now(), maximumAge: limits.pageAge,
            grace: limits.ringGrace)
        note(.info, "page-resumed", page, [("how", "\(resumption)")])
        switch resumption {
        case .ended(let end):
            _ = try await paging.finish(end)
        case .tooOld:
            note(.error, "page-too-old", page, [("left", "\(page.leftAt.ISO8601Format())")])
            _ = try await paging.finish(.exhausted)
        case .givesBack(let engineer):
            note(.warning, "claim-given-back", page, [("engineer", engineer)])
            if let ring = page.rings.last(where: { $0.engineer == engineer && $0.outcome == nil }) {
                try await store.endRing(ring.id, outcome: .lost, at: now())
            }
            try await store.giveBack(page: page.id, engineer: engineer)
            if let unclaimed = try await store.page(page.id) { try await resume(unclaimed, line) }
        case _ where dialer == nil:
            note(
                .error, "page-without-dialer", page,
                [("mend", "without a call nobody can be rung: nightbell needs a manager account of the PBX")])
        case .goesOn(let event):
            try await goOn(page, paging, event)
        case .waits(let until, let event):
            if try await isClaimed(page.id, before: until) {
                _ = try await paging.finish(.exhausted)
            } else {
                try await goOn(page, paging, event)
            }
        }
    }

    private func goOn(_ page: PageRecord, _ paging: Paging, _ event: Escalation.Event) async throws {
        if case .ringEnded(.cut) = event, let ring = page.rings.last {
            try await store.endRing(ring.id, outcome: .cut, at: now())
        }
        let escalation = page.escalation ?? Escalation(plan: paging.line.escalation)
        _ = try await paging.run(escalation, after: event)
    }

    /// Whether somebody claims the page until then: the phone of a ring that was cut may still be at an ear.
    private func isClaimed(_ page: PageID, before time: Date) async throws -> Bool {
        let end = loop.deadline(after: .seconds(max(0, time.timeIntervalSince(now()))))
        while loop.now < end {
            if try await store.claimant(page: page) != nil { return true }
            await loop.sleep(for: .milliseconds(500))
        }
        return false
    }

    private func note(
        _ level: LogLevel, _ event: String, _ page: PageRecord, _ fields: [(name: String, value: String)]
    ) {
        log(
            level, event,
            [
                ("call", String(page.call.rawValue)), ("line", page.line), ("page", String(page.id.rawValue)),
                ("from", page.caller.number ?? "withheld"),
            ] + fields)
    }
}

/// What the pager allows itself.
public struct PagingLimits: Sendable, Equatable {
    /// Seconds since a message was left after which a page that is found unfinished wakes nobody any more.
    public var pageAge: TimeInterval = 12 * 3_600
    /// Seconds that a cut ring is given beyond its own time, before the next engineer is rung.
    public var ringGrace: TimeInterval = 10

    /// Twelve hours; ten seconds.
    public init() {}
}
