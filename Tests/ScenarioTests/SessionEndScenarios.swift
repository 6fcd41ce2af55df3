import AGI
import Lab
import Testing

/// What Asterisk makes of the end of a session of the library.
struct SessionEndScenarios {
    @Test func aHandlerThatReturns_leavesSuccess_andAQuietLog() async throws {
        let line = try await PBX.shared().takeLine()
        let end = try await OwnServer.serving(line) { call in
            try await call.answer()
            // Tells the dialplan to go on to what follows.
            try await call.setVariable("NIGHTBELL_STATUS", to: "OPEN")
        } _: { server in
            let caller = try await line.call()
            #expect(try await caller.outcome().returned)
            try await caller.hangUp()
            return try await End(of: caller, server)
        }
        #expect(end.status == "SUCCESS")
        #expect(end.complaints == [])
        #expect(end.events == [])
    }

    @Test func aCallerWhoHangsUpWhileASoundPlays_leavesHangup_andAQuietLog() async throws {
        let line = try await PBX.shared().takeLine()
        let end = try await OwnServer.serving(line) { call in
            try await call.answer()
            while true { _ = try await call.streamFile("beep") }
        } _: { server in
            let caller = try await line.call()
            try await caller.run([.hears("beep"), .hangsUp])
            return try await End(of: caller, server)
        }
        #expect(end.status == "HANGUP")
        #expect(end.complaints == [])
        #expect(end.events == [])
    }

    @Test func aSessionThatGoesOnAfterTheHangUp_stillWorks_andLeavesHangup() async throws {
        let line = try await PBX.shared().takeLine()
        let end = try await OwnServer.serving(line) { call in
            try await call.answer()
            _ = try await call.streamFile("beep")
            // Until the caller is gone.
            do throws(AGIError) {
                while true { _ = try await call.waitForDigit(within: .seconds(30)) }
            } catch {
                guard error.meansHangUp else { throw error }
            }
            try await call.setVariable("NIGHTBELL_STATUS", to: "KEPT")
        } _: { server in
            let caller = try await line.call()
            try await caller.run([.hears("beep"), .hangsUp])
            return try await End(of: caller, server)
        }
        #expect(end.status == "HANGUP")
        #expect(end.nightbellStatus == "KEPT")
        #expect(end.complaints == [])
        #expect(end.events == [])
    }

    @Test func aHangUpThatTheHandlerNeverHearsOf_isReadBeforeTheEnd_andLeavesAQuietLog() async throws {
        let line = try await PBX.shared().takeLine()
        // The log then tells when Asterisk has sent the line HANGUP.
        try await line.pbx.command("agi set debug on")
        let (told, teller) = AsyncStream.makeStream(of: Void.self)
        let end = try await OwnServer.serving(line) { call in
            try await call.setVariable("NIGHTBELL_STATUS", to: "KEPT")
            try await call.answer()
            for await _ in told {}
        } _: { server in
            let caller = try await line.call()
            let (log, channel) = (line.pbx.log, caller.lineChannel)
            try await caller.hangUp()
            try await log.wait(for: "the line HANGUP", since: line.mark, within: 20) {
                $0.text.contains(channel) && $0.text.contains("AGI Tx >> HANGUP")
            }
            teller.finish()
            return try await End(of: caller, server)
        }
        try await line.pbx.command("agi set debug off")
        #expect(end.status == "HANGUP")
        #expect(end.complaints == [])
        #expect(end.events == [])
    }
}

/// What a call left when the dialplan was done with it.
private struct End: Sendable {
    /// AGISTATUS.
    let status: String
    /// NIGHTBELL_STATUS.
    let nightbellStatus: String
    /// Warnings and errors in Asterisk's log of this call.
    let complaints: [String]
    /// What the server had to report.
    let events: [String]

    init(of caller: Caller, _ server: OwnServer) async throws {
        let (log, mark, who) = (caller.line.pbx.log, caller.line.mark, "call-\(caller.id)")
        let over = try await log.wait(for: "the end of \(who)", since: mark, within: 30) { $0.isRobot(who, "over") }
        status = over.fact("agi") ?? ""
        nightbellStatus = over.fact("status") ?? ""
        complaints = log.complaints(since: mark).filter { $0.call == over.call }.map(\.text)
        events = server.events.all
    }
}
