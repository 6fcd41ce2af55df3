internal import AGI
internal import OnCall

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
    ///
    /// The caller's own session rings: it works after the caller has hung up. Should it break, the pager goes on.
    func page(_ call: Call, _ message: MessageRecord) async throws -> PageEnd {
        let id = try await store.beginPage(message: message.id, at: now())
        note(.info, "page", call, [("page", String(id.rawValue)), ("message", String(message.id.rawValue))])
        let paging = Paging(
            self, page: id, line: call.line, call: call.id, caller: call.caller,
            dialer: SessionDialer(session: call.session))
        let end: PageEnd
        do {
            end = try await paging.run(Escalation(plan: call.line.escalation), after: .started)
        } catch {
            note(.warning, "page-handed-over", call, [("page", String(id.rawValue)), ("error", "\(error)")])
            pager.goOn(with: id)
            throw error
        }
        try? await call.session.setVariable("NIGHTBELL_PAGE", to: end == .exhausted ? "EXHAUSTED" : "ACCEPTED")
        return end
    }
}
