import AMI
import Lab
import Sockets
import Testing

/// The manager interface of a real Asterisk, with the shipped manager.conf.
struct AMIScenarios {
    @Test(arguments: [true, false]) func theShippedUser_logsIn_plainOnLoopbackAndByChallenge(_ plain: Bool) async throws
    {
        let pbx = try await PBX.shared()
        try await ManagerSession.up(ManagerSession.options(pbx, plain: plain)) { session in
            let pong = try await session.client.perform(Action("Ping"))
            #expect(pong["Ping"] == "Pong")
        }
    }

    @Test(arguments: [
        ("nightbell", "not the secret"), ("nobody", "x"), ("outside", "outside-secret"),
    ]) func aWrongSecretUserOrAddress_isRefused(_ user: String, _ secret: String) async throws {
        let pbx = try await PBX.shared()
        for plain in [true, false] {
            let options = ManagerSession.options(pbx, user: user, secret: secret, plain: plain)
            let error = try await ManagerSession.run(options) { try await $0.states.trouble() }
            #expect(
                error
                    == .loginRefused(user: user, address: options.address, message: "Authentication failed"))
        }
    }

    @Test func aUserWithoutTheRightToOriginate_isDeniedThat_andMayDoTheRest() async throws {
        let pbx = try await PBX.shared()
        let options = ManagerSession.options(pbx, user: "weak", secret: "weak-secret")
        try await ManagerSession.up(options) { session in
            let call = try session.call(Robot.number(.silent, line: 1))
            await #expect(throws: AMIError.denied(action: "Originate", right: "originate")) {
                try await session.client.originate(call)
            }
            await #expect(throws: AMIError.denied(action: "Hangup", right: "call or system")) {
                try await session.client.hangUp(call.channelID)
            }
            _ = try await session.client.mailbox("1001", context: "support")
        }
    }

    @Test func aUserWhoMayNotHearFullyBooted_isToldSo() async throws {
        let pbx = try await PBX.shared()
        var options = ManagerSession.options(pbx, user: "deaf", secret: "deaf-secret")
        options.booting = .seconds(1)
        let address = options.address
        let error = try await ManagerSession.run(options) { try await $0.states.trouble() }
        #expect(error == .notBooted(user: "deaf", address: address))
    }

    @Test func theShippedRights_allowNoMore() async throws {
        let pbx = try await PBX.shared()
        try await ManagerSession.up(ManagerSession.options(pbx)) { session in
            for action in ["Command", "GetConfig", "Reload", "ModuleLoad", "DBGet", "UserEvent"] {
                let error = await refusal { _ = try await session.client.perform(Action(action)) }
                guard case .denied(action, _) = error else {
                    Issue.record("\(action): \(String(describing: error))")
                    continue
                }
            }
        }
    }

    @Test(arguments: [
        (Robot.Behaviour.silent, "SUCCESS"), (.busy, "BUSY"), (.congestion, "CONGESTION"),
        (.neverAnswers, "RINGING"), (.noSuchNumber, "FAILED"), (.rejects, "FAILED"),
    ]) func aCallToARobot_endsAsTheDialplanWouldSay(_ robot: Robot.Behaviour, _ status: String) async throws {
        let line = try await PBX.shared().takeLine()
        let number = line.robot(robot)
        try await ManagerSession.up(ManagerSession.options(line.pbx)) { session in
            let timeout: Duration = robot == .neverAnswers ? .seconds(3) : .seconds(20)
            let call = try session.call(number, timeout: timeout)
            let outcome = try await session.client.originate(call)
            #expect(outcome.status == status)
            // Only a call that was answered is still there to be hung up.
            #expect(try await session.client.hangUp(call.channelID) == (status == "SUCCESS"))
        }
        let dialled = try await line.dials(number)
        #expect(dialled.fromNumber == "15550100")
        #expect(dialled.fromName == "Support line")
    }

    @Test func anExtensionThatIsNotThere_isFailedOrRefused() async throws {
        let pbx = try await PBX.shared()
        try await ManagerSession.up(ManagerSession.options(pbx)) { session in
            let nowhere = try session.call("15550199", context: "no-such-context")
            #expect(try await session.client.originate(nowhere) == .failed(reason: 0))
            let place = try Origination.Place(context: "lab-robots", exten: "15550199")
            let leg = Origination(
                dialled: place, answered: try Origination.Place(context: "no-such-context", exten: "1"),
                timeout: .seconds(5), channelID: session.client.newChannelID())
            await #expect(throws: AMIError.rejected(action: "Originate", message: "Extension does not exist.")) {
                try await session.client.originate(leg)
            }
        }
    }

    @Test func aRingingCall_isHungUpByItsChannelID() async throws {
        let line = try await PBX.shared().takeLine()
        let number = line.robot(.neverAnswers)
        try await ManagerSession.up(ManagerSession.options(line.pbx)) { session in
            let call = try session.call(number, timeout: .seconds(60))
            async let outcome = session.client.originate(call)
            try await line.dials(number)
            #expect(try await session.client.hangUp(call.channelID))
            #expect(try await outcome == .hungUp)
            #expect(try await !session.client.hangUp(call.channelID))
        }
    }

    @Test func variables_reachTheAnsweredLeg() async throws {
        let line = try await PBX.shared().takeLine()
        let number = line.robot(.silent)
        try await ManagerSession.up(ManagerSession.options(line.pbx)) { session in
            var call = try session.call(number)
            try call.setVariable("LAB_WHO", "leg-\(line.number)")
            #expect(try await session.client.originate(call).status == "SUCCESS")
            try await session.client.hangUp(call.channelID)
        }
        // The idle context tells its variable when it is hung up.
        try await line.pbx.log.wait(for: "the leg's good-bye", since: line.mark, within: 20) {
            $0.isRobot("leg-\(line.number)", "gone")
        }
    }

    @Test func amongAllEventsOfABusyPBX_eachActionGetsItsAnswer() async throws {
        let line = try await PBX.shared().takeLine()
        let options = ManagerSession.options(line.pbx, user: "all", secret: "all-secret")
        try await ManagerSession.up(options) { session in
            let events = session.client.subscribe(to: [], capacity: 10_000)
            let answers = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<6 {
                    let call = try session.call(line.robot(number % 2 == 0 ? .busy : .hangsUp, number))
                    group.addTask {
                        try await session.client.originate(call).status == (number % 2 == 0 ? "BUSY" : "SUCCESS")
                    }
                }
                for _ in 0..<40 {
                    group.addTask {
                        try await session.client.perform(Action("Command", ["Command": "core show version"]))["Output"]?
                            .hasPrefix("Asterisk") == true
                    }
                    group.addTask { try await session.client.mailboxes().count == PBX.lineCount }
                }
                var answers: [Bool] = []
                for try await answer in group { answers.append(answer) }
                return answers
            }
            #expect(answers.count == 86)
            #expect(answers.allSatisfy { $0 })
            #expect(session.client.strayPackets == 0)
            #expect(await events.next() != nil)
        }
    }

    @Test func ofAllEvents_theShippedUserHearsOnlyThree() async throws {
        let line = try await PBX.shared().takeLine()
        try await ManagerSession.up(ManagerSession.options(line.pbx)) { session in
            let events = session.client.subscribe(to: [])
            #expect(try await session.client.originate(try session.call(line.robot(.busy))) == .busy)
            _ = try await session.client.perform(Action("Ping"))
            events.cancel()
            var names: Set<String> = []
            while let event = await events.next() { names.insert(event.event ?? "") }
            #expect(names.isSubset(of: ["OriginateResponse", "FullyBooted", "Shutdown"]))
            #expect(names.contains("OriginateResponse"))
        }
    }

    @Test func mailboxes_tellWhatWasLeftInThem() async throws {
        let night = try await Night.start()
        _ = try await night.leaveMessage()
        _ = try await night.line.messages(1, within: 20)
        let number = "\(1000 + night.line.number)"
        try await ManagerSession.up(ManagerSession.options(night.line.pbx)) { session in
            let client = session.client
            #expect(try await client.mailbox(number, context: "support").new == 1)
            let box = try await client.mailboxes().first { $0.number == number }
            #expect(box?.context == "support")
            #expect(box?.new == 1)
            #expect(box?.old == 0)
            do {
                let messages = try await client.messages(in: number, context: "support")
                #expect(messages.count == 1)
                #expect(messages.first?.folder == "INBOX")
                #expect((messages.first?.seconds ?? 0) >= 3)
                #expect(messages.first?.id.isEmpty == false)
                #expect(try await client.messages(in: "9999", context: "support").isEmpty)
            } catch {
                // Asterisk 16 has no such action.
                #expect(error as? AMIError == .unknownAction("VoicemailBoxSummary"))
            }
        }
    }

    private func refusal(_ body: @Sendable () async throws -> Void) async -> AMIError? {
        do {
            try await body()
            return nil
        } catch { return error as? AMIError }
    }
}
