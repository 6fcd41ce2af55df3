internal import AGI
internal import Foundation
internal import OnCall
internal import Sockets

extension CallFlows {
    /// The engineer's leg: says who calls, takes a key, plays the message.
    func engineer(_ session: Session) async throws {
        guard let number = session.request["ring"].flatMap({ Int64($0) }), number > 0 else {
            log(.error, "engineer-without-ring", [("ring", session.request["ring"] ?? "")])
            return
        }
        let id = RingID(rawValue: number)
        board.arrived(id)
        defer { board.legEnded(id) }
        guard let ring = try await store.ring(id), let page = try await store.page(ring.page),
            let line = lines[page.line]
        else {
            log(.error, "engineer-unknown-ring", [("ring", String(number))])
            return
        }
        try await store.recordAnswer(ring: id, at: now())
        if let language = line.language { try await session.setVariable("CHANNEL(language)", to: language) }
        let leg = EngineerLeg(flows: self, session: session, line: line, page: page, ring: ring)
        do throws(AGIError) {
            try await session.answer()
            try await leg.run()
        } catch {
            guard error.meansHangUp else { throw error }
        }
    }
}

/// One engineer who answered, from the announcement to the end of the message's menu.
struct EngineerLeg {
    let flows: CallFlows
    let session: Session
    let line: Line
    let page: PageRecord
    let ring: RingRecord

    func run() async throws(AGIError) {
        var key: Character?
        for _ in 0..<max(1, line.engineerRepeats) where key == nil { key = try await announce() }
        switch key {
        case "1":
            guard try await claim() else { return }
            let hearing = Hearing()
            do throws(AGIError) {
                try await listen(hearing)
            } catch {
                if !hearing.isConfirmed { await giveBack() }
                throw error
            }
            if !hearing.isConfirmed { await giveBack() }
        case "2":
            flows.board.decide(ring.id, .declined)
            try await flows.say(.pagePassed, to: session)
        default:
            // Nobody pressed anything: a mailbox, or someone half asleep. Hang up before the mailbox fills.
            flows.board.decide(ring.id, .noKey)
        }
    }

    private func announce() async throws(AGIError) -> Character? {
        var announcement = Announcement(flows, session, keys: "12")
        try await announcement.say(.pageIntro)
        try await announcement.sayIfThere("line-\(line.name)")
        if let contract = page.contract {
            if page.customer != nil { try await announcement.sayIfThere("customer-\(contract.digits)") }
            try await announcement.say(.pageContract)
            try await announcement.digits(contract.digits)
            if case .unverified = page.entitlement {
                try await announcement.say(.pageUnverified)
            } else {
                try await announcement.say(.pageVerified)
            }
        } else {
            try await announcement.say(.pageNoContract)
        }
        try await announcement.say(.pageMenu)
        try await announcement.wait(seconds: line.keyTimeout)
        return announcement.key
    }

    /// Takes the page, or says who has it.
    private func claim() async throws(AGIError) -> Bool {
        let result: ClaimResult
        do {
            result = try await flows.store.claim(page: page.id, ring: ring.id, engineer: ring.engineer, at: flows.now())
        } catch {
            // The engineer is awake and wants the message: that counts more than our books.
            flows.log(.error, "claim-failed", [("ring", String(ring.id.rawValue)), ("error", "\(error)")])
            result = .claimed
        }
        switch result {
        case .claimed:
            // Not yet accepted for good: that is when the message was heard.
            return true
        case .taken(let holder, _):
            flows.board.decide(ring.id, .taken)
            if try await !flows.sayIfThere("engineer-\(holder)", to: session).wasThere {
                try await flows.say(.pageTaken, to: session)
            }
            return false
        }
    }

    /// Whether the engineer has heard what the page is about.
    private final class Hearing {
        var isConfirmed = false
    }

    /// The page is the engineer's now, whatever becomes of the connection.
    private func confirm(_ hearing: Hearing) async {
        guard !hearing.isConfirmed else { return }
        hearing.isConfirmed = true
        do {
            try await flows.store.recordHeard(ring: ring.id, at: flows.now())
        } catch {
            flows.log(.error, "store", [("error", "\(error)")])
        }
        flows.board.decide(ring.id, .accepted)
    }

    /// The engineer was gone before the message was heard: the page goes on.
    private func giveBack() async {
        flows.log(
            .warning, "claim-given-back", [("page", String(page.id.rawValue)), ("engineer", ring.engineer)])
        do {
            try await flows.store.giveBack(page: page.id, engineer: ring.engineer)
            flows.board.decide(ring.id, .lost)
        } catch {
            // The claim stands in the books; what is certain is that somebody was awake and accepted.
            flows.log(.error, "store", [("error", "\(error)")])
            flows.board.decide(ring.id, .accepted)
        }
    }

    private func listen(_ hearing: Hearing) async throws(AGIError) {
        var key = try await playMessage(hearing)
        var silentTurns = 0
        while silentTurns < 3 {
            if key != nil { await confirm(hearing) }
            switch key {
            case "1": key = try await playMessage(hearing)
            case "2": key = try await sayCaller()
            case "3":
                try await callBack()
                key = nil
            case "#":
                try await flows.say(.goodbyeEngineer, to: session)
                return
            default:
                var menu = Announcement(flows, session, keys: "123#")
                try await menu.say(.messageMenu)
                try await menu.wait(seconds: line.keyTimeout)
                key = menu.key
                silentTurns = key == nil ? silentTurns + 1 : 0
            }
        }
    }

    private func playMessage(_ hearing: Hearing) async throws(AGIError) -> Character? {
        let start = session.loop.now
        let played = try await session.controlStreamFile(
            page.messageFile, escapeDigits: "123#", forward: "6", rewind: "4", pause: "5")
        let heard = session.loop.now - start
        if played != .failed || heard >= UInt64(line.claimSeconds) * 1_000_000_000 { await confirm(hearing) }
        if played == .failed {
            _ = try await session.channelStatus()
            flows.log(.error, "message-unplayable", [("page", String(page.id.rawValue)), ("file", page.messageFile)])
            return try await flows.say(.messageUnplayable, to: session, keys: "123#")
        }
        return played.key
    }

    private func sayCaller() async throws(AGIError) -> Character? {
        var facts = Announcement(flows, session, keys: "123#")
        try await facts.say(.messageLeftAt)
        try await facts.dateTime(Int64(page.leftAt.timeIntervalSince1970), timeZone: line.timeZone.identifier)
        if let number = page.caller.number.flatMap({ PhoneNumber($0) }) {
            try await facts.say(.callerNumber)
            try await facts.digits(number.digits)
        } else {
            try await facts.say(.callerNumberUnknown)
        }
        return facts.key
    }

    /// Bridges the engineer with the caller, who sees the line's number and not the engineer's.
    private func callBack() async throws(AGIError) {
        guard line.callback, let number = page.caller.number.flatMap({ PhoneNumber($0) }) else {
            try await flows.say(.callbackNotPossible, to: session)
            return
        }
        try await flows.say(.callingBack, to: session)
        try await session.setVariable("CALLERID(num)", to: line.number.text)
        try await session.setVariable("CALLERID(name)", to: line.title)
        let status = try await session.dial("Local/\(number.text)@\(line.callbackContext)/n", ringing: .seconds(45))
        flows.log(
            .info, "callback",
            [("page", String(page.id.rawValue)), ("engineer", ring.engineer), ("status", status)])
        if status != "ANSWER" { try await flows.say(.callbackFailed, to: session) }
    }
}
