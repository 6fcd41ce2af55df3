internal import AGI
internal import OnCall
internal import Sockets

extension CallFlows {
    /// The single step `page`: pages the message that check-message has measured.
    func page(_ session: Session, _ line: Line) async throws {
        let call = try await begin(session, line)
        guard let message = try await store.latestMessage(call: call.id), message.verdict == .longEnough else {
            note(.warning, "nothing-to-page", call)
            try await session.setVariable("NIGHTBELL_PAGE", to: "NONE")
            return
        }
        let end = try await page(call, message)
        try await store.endCall(call.id, outcome: end == .exhausted ? .unanswered : .paged, at: now())
    }

    /// Rings one engineer after the other until one accepts. Leaves NIGHTBELL_PAGE.
    func page(_ call: Call, _ message: MessageRecord) async throws -> PageEnd {
        let page = try await store.beginPage(message: message.id, at: now())
        note(.info, "page", call, [("page", String(page.rawValue)), ("message", String(message.id.rawValue))])
        var escalation = Escalation(plan: call.line.escalation)
        var event = Escalation.Event.started
        while true {
            let roster = try await store.roster()
            let action = escalation.next(after: event, at: now()) { role, time in
                roster.onCall(line: call.line.name, role: role, at: time)
            }
            switch action {
            case .ring(let engineer, let seconds, let round, let step):
                event = .ringEnded(
                    try await ring(engineer, page, call, seconds: seconds, round: round, step: step))
            case .wait(let seconds):
                await call.session.loop.sleep(for: .seconds(seconds))
                event = .waited
            case .end(let end):
                try await finish(page, end, call)
                return end
            }
        }
    }

    private func finish(_ page: PageID, _ planned: PageEnd, _ call: Call) async throws {
        // Somebody may have accepted in the very moment in which the last ring was given up.
        let claimant = try await store.claimant(page: page)
        let end = claimant.map { PageEnd.accepted($0) } ?? planned
        try await store.endPage(page, end: end, at: now())
        switch end {
        case .accepted(let engineer):
            note(.info, "page-accepted", call, [("page", String(page.rawValue)), ("engineer", engineer ?? "")])
        case .exhausted:
            note(
                .error, "page-exhausted", call,
                [
                    ("page", String(page.rawValue)), ("from", call.caller.number ?? "withheld"),
                    ("mailbox", call.line.mailbox.text), ("mend", "nobody accepted: call the customer back"),
                ])
        }
        try? await call.session.setVariable("NIGHTBELL_PAGE", to: end == .exhausted ? "EXHAUSTED" : "ACCEPTED")
    }

    private func ring(
        _ engineer: Engineer, _ page: PageID, _ call: Call, seconds: Int, round: Int, step: Int
    ) async throws -> RingOutcome {
        guard await board.reserve(engineer.id, within: .seconds(seconds)) else {
            let ring = try await store.beginRing(
                page: page, engineer: engineer.id, round: round, step: step, at: now())
            return try await end(ring, .busy, engineer, call)
        }
        let ring: RingID
        do {
            ring = try await store.beginRing(page: page, engineer: engineer.id, round: round, step: step, at: now())
        } catch {
            board.release(engineer.id)
            throw error
        }
        board.begin(ring, engineer: engineer.id)
        note(
            .info, "ring", call,
            [
                ("page", String(page.rawValue)), ("ring", String(ring.rawValue)), ("engineer", engineer.id),
                ("round", String(round)), ("step", String(step)), ("seconds", String(seconds)),
            ])
        let dialer: any Dialer = SessionDialer(session: call.session)
        let status: String
        do {
            status = try await dialer.ring(engineer.number, ring: ring, line: call.line, seconds: seconds)
        } catch {
            board.end(ring)
            throw error
        }
        guard status == "SUCCESS" else {
            board.end(ring)
            return try await end(ring, RingOutcome.fromOriginateStatus(status), engineer, call)
        }
        return try await end(ring, await board.decision(of: ring, arrival: .seconds(10)), engineer, call)
    }

    private func end(
        _ ring: RingID, _ outcome: RingOutcome, _ engineer: Engineer, _ call: Call
    ) async throws -> RingOutcome {
        try await store.endRing(ring, outcome: outcome, at: now())
        note(
            .info, "ring-ended", call,
            [("ring", String(ring.rawValue)), ("engineer", engineer.id), ("outcome", outcome.rawValue)])
        return outcome
    }
}
