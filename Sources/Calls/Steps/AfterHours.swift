internal import AGI
internal import OnCall

extension CallFlows {
    /// The whole call: hours, contract, message, page.
    func afterHours(_ session: Session, _ line: Line) async throws {
        guard try await isClosed(session, line) else {
            try await session.setVariable("NIGHTBELL_STATUS", to: CallOutcome.open.channelValue)
            return
        }
        let call = try await begin(session, line)
        note(
            .info, "call", call, [("from", call.caller.number ?? "withheld"), ("channel", session.environment.channel)])
        let outcome: CallOutcome
        do {
            outcome = try await serve(call)
        } catch let error as AGIError where error.meansHangUp {
            outcome = .hungUp
        } catch {
            note(.error, "call-failed", call, [("error", "\(error)")])
            try? await store.endCall(call.id, outcome: .error, at: now())
            // Without a status the dialplan takes over: the caller still gets to leave a message.
            throw error
        }
        try await store.endCall(call.id, outcome: outcome, at: now())
        note(.info, "call-ended", call, [("outcome", outcome.rawValue)])
        try await session.setVariable("NIGHTBELL_STATUS", to: outcome.channelValue)
    }

    private func serve(_ call: Call) async throws -> CallOutcome {
        try await call.session.answer()
        try await say(.welcome, to: call.session)
        let checked = try await askForContract(call)
        guard let message = try await takeMessage(call, checked) else { return .noMessage }
        guard message.verdict == .longEnough else { return .tooShort }
        guard checked.pages else {
            await farewell(call, .messageKept)
            return .kept
        }
        await farewell(call, .engineerNotified)
        return try await page(call, message) == .exhausted ? .unanswered : .paged
    }

    /// Tells the caller what happens now and hangs up; a caller who has left misses nothing.
    private func farewell(_ call: Call, _ prompt: Prompt) async {
        do {
            try await say(prompt, to: call.session)
            try await say(.goodbye, to: call.session)
            try await call.session.hangUp()
        } catch {
            note(.debug, "caller-gone", call, [("error", "\(error)")])
        }
    }
}

extension CallOutcome {
    /// The value of the channel variable NIGHTBELL_STATUS, such as `TOO_SHORT`.
    var channelValue: String { String(rawValue.uppercased().map { $0 == "-" ? "_" : $0 }) }
}
