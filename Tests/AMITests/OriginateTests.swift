import Sockets
import Testing

@testable import AMI

@Suite(.timeLimit(.minutes(1))) struct OriginateTests {
    @Test(arguments: [
        ("Success", "4", "SUCCESS"), ("Failure", "5", "BUSY"), ("Failure", "8", "CONGESTION"),
        ("Failure", "3", "RINGING"), ("Failure", "0", "FAILED"), ("Failure", "1", "HANGUP"),
        ("Failure", "77", "FAILED"), ("Failure", "", "FAILED"),
    ]) func theReason_isMappedToOriginateStatus(_ response: String, _ reason: String, _ status: String) {
        let event = Packet([
            .init("Event", "OriginateResponse"), .init("Response", response), .init("Channel", "Local/1@x-1;1"),
            .init("Reason", reason),
        ])
        #expect(OriginateOutcome(event, wasHungUp: false).status == status)
    }

    @Test func theOutcome_isTheEventWithOurID_alsoBeforeTheResponse() async throws {
        let outcomes = try await withClient { talk in
            await talk.welcomes()
            for isEarly in [true, false] {
                let action = await talk.hears()
                if !isEarly { await talk.answers(action, "Message: Originate successfully queued") }
                await talk.says("Event: OriginateResponse\nActionID: a stranger's\nResponse: Failure\nReason: 5\n\n")
                await talk.says(
                    "Event: OriginateResponse\nActionID: \(action?["ActionID"] ?? "")\nResponse: Success\n"
                        + "Channel: Local/1@x-00000001;1\nReason: 4\n\n")
                if isEarly { await talk.answers(action, "Message: Originate successfully queued") }
            }
        } _: { client, states in
            try await states.up()
            return [try await client.originate(call(client)), try await client.originate(call(client))]
        }
        #expect(outcomes == Array(repeating: .answered(channel: "Local/1@x-00000001;1"), count: 2))
    }

    @Test(arguments: [true, false])
    func aConnectionLostInMidOriginate_isUnknown_neverFailed(_ isQueued: Bool) async throws {
        let outcome = try await withClient { talk in
            await talk.welcomes()
            guard talk.number == 1 else { return }
            let action = await talk.hears()
            if isQueued { await talk.answers(action, "Message: Originate successfully queued") }
            talk.closes()
        } _: { client, states in
            try await states.up()
            return try await client.originate(call(client))
        }
        #expect(outcome == .unknown(.disconnected(action: "Originate")))
        #expect(outcome.status == nil)
    }

    @Test func withoutOriginateResponse_itIsUnknownInTime() async throws {
        let outcome = try await withClient({ options in
            options.reply = .milliseconds(20)
            options.originateGrace = .milliseconds(20)
            options.ping = .seconds(60)
        }) { talk in
            await talk.welcomes()
            await talk.answers(await talk.hears(), "Message: Originate successfully queued")
        } _: { client, states in
            try await states.up()
            return try await client.originate(call(client, timeout: .milliseconds(20)))
        }
        #expect(outcome == .unknown(.timedOut(action: "Originate")))
    }

    @Test func aRefusedOriginate_throws_becauseNobodyWasRung() async throws {
        try await withClient { talk in
            await talk.welcomes()
            await talk.answers(await talk.hears(), "Message: Extension does not exist.", status: "Error")
        } _: { client, states in
            try await states.up()
            await #expect(throws: AMIError.rejected(action: "Originate", message: "Extension does not exist.")) {
                try await client.originate(call(client))
            }
            client.stop()
            await #expect(throws: AMIError.notConnected(action: "Originate")) {
                try await client.originate(call(client))
            }
        }
    }

    @Test func aCallThatWasHungUp_isSaidToBe_andOneThatWasNotThereIsNot() async throws {
        try await withClient { talk in
            await talk.welcomes()
            for answer in ["Message: Channel Hungup", "Message: No such channel"] {
                let call = await talk.hears()
                let hangUp = await talk.hears()
                let isSame = hangUp?["Channel"] == call?["ChannelId"]
                await talk.answers(call, "Message: Originate successfully queued")
                await talk.answers(hangUp, answer, status: isSame && answer.hasSuffix("Hungup") ? "Success" : "Error")
                await talk.says(
                    "Event: OriginateResponse\nActionID: \(call?["ActionID"] ?? "")\nResponse: Failure\nReason: 0\n\n")
            }
        } _: { client, states in
            try await states.up()
            for wasThere in [true, false] {
                let origination = try call(client)
                async let outcome = client.originate(origination)
                // The call first, then the hang-up.
                while client.originating.isEmpty { await Task.yield() }
                #expect(try await client.hangUp(origination.channelID) == wasThere)
                #expect(try await outcome == (wasThere ? .hungUp : .failed(reason: 0)))
            }
        }
    }

    @Test func mailboxes_areReadFromAsterisksList() async throws {
        try await withClient { talk in
            await talk.welcomes()
            let users = await talk.hears()
            let id = "ActionID: \(users?["ActionID"] ?? "")"
            await talk.answers(users, "EventList: start\nMessage: Voicemail user list will follow")
            await talk.says(
                "Event: VoicemailUserEntry\n\(id)\nVMContext: support\nVoiceMailbox: 1000\nNewMessageCount: 2\n"
                    + "OldMessageCount: 1\n\nEvent: VoicemailUserEntryComplete\n\(id)\nEventList: Complete\n"
                    + "ListItems: 1\n\n\n")
            await talk.answers(await talk.hears(), "UrgMessages: 1\nNewMessages: 3\nOldMessages: 4")
        } _: { client, states in
            try await states.up()
            #expect(
                try await client.mailboxes() == [MailboxState(number: "1000", context: "support", new: 2, old: 1)])
            #expect(
                try await client.mailbox("1000", context: "support")
                    == MailboxState(number: "1000", context: "support", new: 3, old: 4))
            await #expect(throws: AMIError.self) { try await client.mailbox("1000@x", context: "support") }
        }
    }

    @Test func severalPBXs_areKeptByName() async throws {
        let address = SocketAddress(ip: .loopback, port: 1)
        let loop = try EventLoop(name: "test")
        defer { loop.stop() }
        let options = ClientOptions(address: address, user: "nightbell", secret: Secret("hunter2"))
        let clients = Clients(on: loop, ["west": options, "east": options])
        #expect(clients.names == ["east", "west"])
        #expect(clients["east"] != nil)
        #expect(clients["north"] == nil)
        #expect(clients["east"] !== clients["west"])
    }

    private func call(_ client: Client, timeout: Duration = .seconds(5)) throws -> Origination {
        let place = try Origination.Place(context: "x", exten: "1")
        return Origination(dialled: place, answered: place, timeout: timeout, channelID: client.newChannelID())
    }
}
