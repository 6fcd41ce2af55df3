internal import AGI
internal import Foundation
internal import OnCall

extension CallFlows {
    /// The single step `check-contract`.
    func checkContract(_ session: Session, _ line: Line) async throws {
        let call = try await begin(session, line)
        try await session.answer()
        _ = try await askForContract(call)
    }

    /// Asks for the contract number until it is known, given up, or asked for often enough.
    ///
    /// Leaves NIGHTBELL_CONTRACT, NIGHTBELL_ENTITLED and NIGHTBELL_CALLBACK_MINUTES.
    func askForContract(_ call: Call) async throws -> Checked {
        var checked = Checked(contract: nil, verification: Verification(entitlement: .unknown))
        let attempts = max(1, call.line.contractAttempts)
        var isAsked = try await mayAsk(call)
        for attempt in 1...attempts where isAsked {
            let typed = try await collectDigits(.enterContract, call)
            guard !typed.isEmpty else { break }
            guard typed.count == call.line.contractDigits, let contract = ContractNumber(typed) else {
                try await store.recordAttempt(call: call.id, digits: typed, outcome: .incomplete, at: now())
                isAsked = attempt < attempts ? try await mayAsk(call) : false
                try await complain(.contractIncomplete, call, isLast: !isAsked)
                continue
            }
            let verification = await verify(contract, call)
            let isKnown = verification.entitlement != .unknown
            try await store.recordAttempt(
                call: call.id, digits: typed, outcome: isKnown ? .accepted : .unknown, at: now())
            checked = Checked(contract: contract, verification: verification)
            if isKnown { break }
            // Nobody is invited to try again who is not asked again.
            isAsked = attempt < attempts ? try await mayAsk(call) : false
            try await complain(.contractUnknown, call, isLast: !isAsked)
        }
        try await store.recordContract(
            call: call.id, contract: checked.contract, verification: checked.verification)
        try await leave(checked, call)
        return checked
    }

    private func verify(_ contract: ContractNumber, _ call: Call) async -> Verification {
        let lookup: any ContractLookup =
            switch call.line.lookup {
            case .own: ownLookup
            case .webService(let name): lookups[name] ?? ownLookup
            }
        let started = now()
        let verification = await lookup.verify(contract, line: call.line)
        let milliseconds = Int(now().timeIntervalSince(started) * 1_000)
        note(
            verification.entitlement.reason == nil ? .info : .warning, "contract", call,
            [
                ("contract", contract.masked), ("entitlement", verification.entitlement.rawName),
                ("ms", String(milliseconds)),
            ] + (verification.entitlement.reason.map { [("reason", $0)] } ?? []))
        return verification
    }

    private func complain(_ prompt: Prompt, _ call: Call, isLast: Bool) async throws {
        try await say(prompt, to: call.session)
        if !isLast { try await say(.tryAgain, to: call.session) }
    }

    /// Whether this caller and this line have not yet guessed too often.
    private func mayAsk(_ call: Call) async throws -> Bool {
        let hourAgo = now().addingTimeInterval(-3_600)
        let onLine = try await store.wrongAttempts(line: call.line.name, caller: nil, since: hourAgo)
        // Callers who withhold their number share the line's limit only.
        let byCaller =
            call.caller.number == nil
            ? 0 : try await store.wrongAttempts(line: call.line.name, caller: call.caller.number, since: hourAgo)
        if GuessLimit.allows(wrongByCaller: byCaller, wrongOnLine: onLine, line: call.line) { return true }
        note(.warning, "guess-limit", call, [("by-caller", String(byCaller)), ("on-line", String(onLine))])
        return false
    }

    private func leave(_ checked: Checked, _ call: Call) async throws {
        let session = call.session
        let entitled =
            switch checked.verification.entitlement {
            case .entitled: "YES"
            case .unverified: "UNVERIFIED"
            case .notEntitled, .unknown: "NO"
            }
        try await session.setVariable("NIGHTBELL_CONTRACT", to: checked.contract?.digits ?? "")
        try await session.setVariable("NIGHTBELL_ENTITLED", to: entitled)
        try await session.setVariable(
            "NIGHTBELL_CALLBACK_MINUTES", to: checked.pages ? String(checked.minutes(call.line)) : "")
    }

    /// Collects digits: `#` ends, `*` starts over. Empty when the caller has no number at hand.
    private func collectDigits(_ prompt: Prompt, _ call: Call) async throws -> String {
        let wanted = call.line.contractDigits
        let timeout = Duration.seconds(call.line.digitTimeout)
        var sound = "\(sounds)/\(prompt.rawValue)"
        var digits = ""
        // A caller may start over often, but not for ever.
        for _ in 0..<20 {
            let typed = try await call.session.getData(sound, timeout: timeout, count: wanted - digits.count)
            if typed.end == .failed {
                _ = try await call.session.channelStatus()
                guard !sound.isEmpty else { return "" }
                missing(prompt.rawValue, call.session)
                sound = ""
                continue
            }
            digits += typed.digits
            if let star = digits.lastIndex(of: "*") { digits = String(digits[digits.index(after: star)...]) }
            guard typed.end == .full, digits.count < wanted else { break }
            sound = ""
        }
        return digits.filter { $0.isASCII && $0.isNumber }
    }
}
