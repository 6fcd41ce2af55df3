import AMI
import Lab
import Sockets
import Testing

/// An Asterisk of the scenario's own that goes away and comes back, and two of them at once.
@Suite(.serialized) struct AMIRestartScenarios {
    @Test func aRestart_endsTheCallThatRings_andTheClientComesBack() async throws {
        let pbx = try await PBX.start()
        let line = try await pbx.takeLine()
        let number = line.robot(.neverAnswers)
        try await ManagerSession.up(ManagerSession.options(pbx)) { session in
            let call = try session.call(number, timeout: .seconds(60))
            async let outcome = session.client.originate(call)
            try await line.dials(number)
            // Asterisk closes the console while it answers.
            _ = try? await pbx.command("core restart now")
            // In order it says what came of the call before it goes; the call is really gone then.
            let ended = try await outcome
            #expect(ended == .failed(reason: 0) || ended.status == nil)
            #expect(try await session.states.trouble() == .shutDown(restart: true))
            try await session.states.up()
            // Up means that the dialplan is there again.
            let again = try session.call(line.robot(.busy))
            #expect(try await session.client.originate(again) == .busy)
        }
        await pbx.stop()
    }

    @Test func aCrashInMidOriginate_isUnknown_andTheClientComesBack() async throws {
        let pbx = try await PBX.start()
        let line = try await pbx.takeLine()
        let number = line.robot(.neverAnswers)
        try await ManagerSession.up(ManagerSession.options(pbx)) { session in
            let call = try session.call(number, timeout: .seconds(60))
            async let outcome = session.client.originate(call)
            try await line.dials(number)
            await pbx.kill()
            #expect(try await outcome == .unknown(.disconnected(action: "Originate")))
            #expect(try await session.states.trouble() == .socket(.closedByPeer))
            await #expect(throws: AMIError.notConnected(action: "Ping")) {
                try await session.client.perform(Action("Ping"))
            }
            try await pbx.startAgain()
            try await session.states.up()
            #expect(try await !session.client.hangUp(call.channelID))
            #expect(try await session.client.originate(try session.call(line.robot(.busy))) == .busy)
        }
        await pbx.stop()
    }

    @Test func severalPBXs_areReachedByTheirNames() async throws {
        let (east, west) = (try await PBX.shared(), try await PBX.start())
        let (eastern, western) = (try await east.takeLine(), try await west.takeLine())
        let options = ["east": ManagerSession.options(east), "west": ManagerSession.options(west)]
        let loop = try EventLoop(name: "managers")
        defer { loop.stop() }
        try await Task(executorPreference: loop) {
            let states = ["east": ManagerStates(), "west": ManagerStates()]
            let clients = Clients(on: loop, options) { name, state in states[name]?.note(state) }
            async let running: Void = clients.run()
            defer { clients.stop() }
            for (name, line, robot) in [("east", eastern, Robot.Behaviour.busy), ("west", western, .congestion)] {
                try await states[name]?.up()
                let client = try #require(clients[name])
                let call = Origination(
                    dialled: try Origination.Place(context: "lab-robots", exten: line.robot(robot)),
                    answered: try Origination.Place(context: "lab-idle", exten: "s"), timeout: .seconds(20),
                    channelID: client.newChannelID())
                let outcome = try await client.originate(call)
                #expect(outcome == (robot == .busy ? .busy : .congestion))
            }
            clients.stop()
            await running
        }.value
        try await eastern.dials(eastern.robot(.busy))
        try await western.dials(western.robot(.congestion))
        #expect(eastern.dialled.map(\.number) == [eastern.robot(.busy)])
        // The shipped manager.conf is loaded, and loaded again, without a warning.
        try await west.command("manager reload")
        #expect(west.log.complaints().map(\.text) == [])
        #expect(western.dialled.map(\.number) == [western.robot(.congestion)])
        await west.stop()
    }
}
