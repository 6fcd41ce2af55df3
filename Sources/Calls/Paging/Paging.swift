internal import Foundation
internal import OnCall
internal import Sockets

/// The work of getting one message to one engineer who accepts it.
///
/// Each step is written down before its effect and after it, so that whoever finds the page unfinished can go on.
struct Paging {
    let flows: CallFlows
    let page: PageID
    let line: Line
    let call: CallID
    let caller: Caller
    let dialer: any Dialer

    init(_ flows: CallFlows, page: PageID, line: Line, call: CallID, caller: Caller, dialer: any Dialer) {
        self.flows = flows
        self.page = page
        self.line = line
        self.call = call
        self.caller = caller
        self.dialer = dialer
    }

    /// How long the session of an answered leg may take to come.
    static let arrival = Duration.seconds(10)

    /// Goes on until the page has ended.
    ///
    /// - Parameters:
    ///   - escalation: where it stands.
    ///   - event: what has happened since.
    func run(_ escalation: Escalation, after event: Escalation.Event) async throws -> PageEnd {
        var (escalation, event) = (escalation, event)
        while true {
            let roster = try await flows.store.roster()
            let action = escalation.next(after: event, at: flows.now()) { role, time in
                roster.onCall(line: line.name, role: role, at: time)
            }
            switch action {
            case .ring(let engineer, let seconds, let round, let step):
                event = .ringEnded(
                    try await ring(engineer, escalation, seconds: seconds, round: round, step: step))
            case .wait(let seconds):
                let until = flows.now().addingTimeInterval(TimeInterval(seconds))
                try await flows.store.beginWait(page: page, escalation: escalation, until: until)
                await flows.loop.sleep(for: .seconds(seconds))
                event = .waited
            case .end(let end):
                return try await finish(end)
            }
        }
    }

    /// Writes down how the page ended.
    func finish(_ planned: PageEnd) async throws -> PageEnd {
        // Somebody may have accepted in the very moment in which the last ring was given up.
        let claimant = try await flows.store.claimant(page: page)
        let end = claimant.map { PageEnd.accepted($0) } ?? planned
        try await flows.store.endPage(page, end: end, at: flows.now())
        switch end {
        case .accepted(let engineer):
            note(.info, "page-accepted", [("engineer", engineer ?? "")])
        case .exhausted:
            note(
                .error, "page-exhausted",
                [
                    ("from", caller.number ?? "withheld"), ("mailbox", line.mailbox.text),
                    ("mend", "nobody accepted: call the customer back"),
                ])
        }
        return end
    }

    private func ring(
        _ engineer: Engineer, _ escalation: Escalation, seconds: Int, round: Int, step: Int
    ) async throws -> RingOutcome {
        try await dialer.ready()
        let isFree = await flows.board.reserve(engineer.id, within: .seconds(seconds))
        let ring: RingID
        do {
            ring = try await flows.store.beginRing(
                page: page, engineer: engineer.id, round: round, step: step, escalation: escalation, at: flows.now())
        } catch {
            if isFree { flows.board.release(engineer.id) }
            throw error
        }
        guard isFree else { return try await end(ring, .busy, engineer) }
        flows.board.begin(ring, engineer: engineer.id)
        note(
            .info, "ring",
            [
                ("ring", String(ring.rawValue)), ("engineer", engineer.id), ("round", String(round)),
                ("step", String(step)), ("seconds", String(seconds)),
            ])
        let status: String
        do {
            status = try await dialer.ring(engineer.number, ring: ring, line: line, seconds: seconds)
        } catch {
            flows.board.end(ring)
            throw error
        }
        guard status == "SUCCESS" else {
            flows.board.end(ring)
            return try await end(ring, RingOutcome.fromOriginateStatus(status), engineer)
        }
        return try await end(ring, await flows.board.decision(of: ring, arrival: Self.arrival), engineer)
    }

    private func end(_ ring: RingID, _ outcome: RingOutcome, _ engineer: Engineer) async throws -> RingOutcome {
        try await flows.store.endRing(ring, outcome: outcome, at: flows.now())
        note(
            .info, "ring-ended",
            [("ring", String(ring.rawValue)), ("engineer", engineer.id), ("outcome", outcome.rawValue)])
        return outcome
    }

    private func note(_ level: LogLevel, _ event: String, _ fields: [(name: String, value: String)]) {
        flows.log(
            level, event,
            [("call", String(call.rawValue)), ("line", line.name), ("page", String(page.rawValue))] + fields)
    }
}
