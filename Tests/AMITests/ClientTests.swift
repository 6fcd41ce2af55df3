import Sockets
import Testing

@testable import AMI

@Suite(.timeLimit(.minutes(1))) struct ClientTests {
    @Test func eventsAndUnknownPacketsBetweenResponses_disturbNothing() async throws {
        let (first, second) = try await withClient { talk in
            await talk.welcomes()
            let one = await talk.hears()
            let two = await talk.hears()
            await talk.says("Event: NobodyKnowsThis\nActionID: \(one?["ActionID"] ?? "")\nA: 1\n\n")
            await talk.says("Something: else\n\nResponse: Success\nActionID: nobody's\n\n")
            // The later action is answered first.
            await talk.answers(two, "Name: \(two?["Action"] ?? "")")
            await talk.says("Event: Newchannel\nChannel: Local/1\n\n")
            await talk.answers(one, "Name: \(one?["Action"] ?? "")")
        } _: { client, states in
            try await states.up()
            async let one = client.perform(Action("One"))
            async let two = client.perform(Action("Two"))
            let names = (try await one["Name"], try await two["Name"])
            #expect(client.strayPackets == 2)
            return names
        }
        #expect(first == "One")
        #expect(second == "Two")
    }

    @Test func errors_areToldApart() async throws {
        try await withClient { talk in
            await talk.welcomes()
            for message in [
                "Permission denied", "Invalid/unknown command: X. Use Action: ListCommands to show available commands.",
                "Extension does not exist.",
            ] { await talk.answers(await talk.hears(), "Message: \(message)", status: "Error") }
        } _: { client, states in
            try await states.up()
            await #expect(throws: AMIError.denied(action: "Originate", right: "originate")) {
                try await client.perform(Action("Originate"))
            }
            await #expect(throws: AMIError.unknownAction("X")) { try await client.perform(Action("X")) }
            await #expect(throws: AMIError.rejected(action: "Originate", message: "Extension does not exist.")) {
                try await client.perform(Action("Originate"))
            }
        }
    }

    @Test func actionIDs_areNeverUsedTwice_alsoAfterAReconnection() async throws {
        let ids = try await withClient { talk in
            await talk.welcomes()
            for _ in 0..<2 {
                let action = await talk.hears()
                await talk.answers(action, "Heard: \(action?["ActionID"] ?? "")")
            }
            talk.closes()
        } _: { client, states in
            var ids: [String?] = []
            for _ in 0..<2 {
                try await states.up()
                for _ in 0..<2 { ids.append(try await client.perform(Action("Ping"))["Heard"]) }
                _ = try await states.trouble()
            }
            return ids
        }
        #expect(Set(ids.compactMap { $0 }).count == 4)
    }

    @Test func whenTheConnectionGoes_allThatWaitsFails_andItConnectsAgain() async throws {
        try await withClient { talk in
            await talk.welcomes()
            guard talk.number == 1 else { return }
            _ = await talk.hears()
            _ = await talk.hears()
            await talk.says("Event: Shutdown\nPrivilege: system,all\nShutdown: Cleanly\nRestart: True\n\n")
            talk.closes()
        } _: { client, states in
            try await states.up()
            async let one = outcome { _ = try await client.perform(Action("One")) }
            async let two = outcome { _ = try await client.list(Action("Two")) }
            let errors = await [one, two]
            #expect(errors == [.disconnected(action: "One"), .disconnected(action: "Two")])
            #expect(try await states.trouble().error == .shutDown(restart: true))
            try await states.up()
        }
    }

    @Test func anActionWithoutAnAnswer_isGivenUpInTime_andItsLateAnswerIsNobodys() async throws {
        try await withClient { talk in
            await talk.welcomes()
            let slow = await talk.hears()
            let quick = await talk.hears()
            await talk.answers(slow, "Late: yes")
            await talk.answers(quick, "Late: no")
        } _: { client, states in
            try await states.up()
            await #expect(throws: AMIError.timedOut(action: "Slow")) {
                try await client.perform(Action("Slow"), within: .milliseconds(20))
            }
            #expect(try await client.perform(Action("Quick"))["Late"] == "no")
            #expect(client.strayPackets == 1)
        }
    }

    @Test func aPeerThatAnswersNoPing_isLeft() async throws {
        let trouble = try await withClient({ options in
            options.ping = .milliseconds(5)
            options.reply = .milliseconds(50)
        }) { talk in
            await talk.welcomes()
            await talk.answers(await talk.hears(), "Ping: Pong")
        } _: { _, states in
            try await states.up()
            return try await states.trouble()
        }
        #expect(trouble.error == .timedOut(action: "Ping"))
    }

    @Test func moreActionsThanMayWait_areNotSent() async throws {
        try await withClient({ $0.pendingActions = 1 }) { talk in
            await talk.welcomes()
            await talk.answers(await talk.hears(), "A: 1")
        } _: { client, states in
            try await states.up()
            async let first = outcome { _ = try await client.perform(Action("First")) }
            async let second = outcome { _ = try await client.perform(Action("Second")) }
            let outcomes = await [first, second]
            #expect(outcomes.filter { $0 == nil }.count == 1)
            #expect(outcomes.compactMap { $0 }.first?.description.contains("not sent") == true)
        }
    }

    @Test func aList_isCollectedToItsEnd_andItsEventsAreNobodyElses() async throws {
        try await withClient({ $0.listItems = 2 }) { talk in
            await talk.welcomes()
            let list = await talk.hears()
            let id = "ActionID: \(list?["ActionID"] ?? "")"
            await talk.answers(list, "EventList: start")
            await talk.says("Event: Entry\n\(id)\nName: a\n\nEvent: Entry\nName: stranger\n\n")
            await talk.says("Event: Entry\n\(id)\nName: b\n\nEvent: EntryComplete\n\(id)\nEventList: Complete\n\n\n")
            await talk.answers(await talk.hears(), "Message: There is no voicemail user of the given info.")
            let long = await talk.hears()
            await talk.answers(long, "EventList: start")
            for _ in 0..<3 { await talk.says("Event: Entry\nActionID: \(long?["ActionID"] ?? "")\n\n") }
        } _: { client, states in
            try await states.up()
            let entries = client.subscribe(to: ["entry"])
            let names = try await client.list(Action("List")).map { $0["Name"] }
            #expect(names == ["a", "b"])
            #expect(await entries.next()?["Name"] == "stranger")
            #expect(try await client.list(Action("Empty")).isEmpty)
            await #expect(throws: AMIError.tooLarge(what: "the list of Long", limit: 2)) {
                try await client.list(Action("Long"))
            }
        }
    }

    @Test func aSlowSubscriber_losesTheOldestEvents_andIsToldHowMany() async throws {
        try await withClient { talk in
            await talk.welcomes()
            let ping = await talk.hears()
            for number in 1...200 {
                await talk.says("Event: Newchannel\nNumber: \(number)\n\nEvent: Hangup\nNumber: \(number)\n\n")
            }
            await talk.answers(ping, "Ping: Pong")
        } _: { client, states in
            try await states.up()
            let channels = client.subscribe(to: ["NEWCHANNEL"], capacity: 70)
            let all = client.subscribe(to: [], capacity: 1_000)
            _ = try await client.perform(Action("Ping"))
            var numbers: [Int?] = []
            for _ in 0..<70 { numbers.append(await channels.next()?["Number"].flatMap { Int($0) }) }
            #expect(numbers == Array(131...200))
            #expect(channels.missed == 130)
            #expect(await all.next()?.event == "Newchannel")
            #expect(await all.next()?.event == "Hangup")
            #expect(all.missed == 0)
            channels.cancel()
            #expect(await channels.next() == nil)
        }
    }

    @Test func aSubscription_outlivesAReconnection_andTellsOfIt() async throws {
        try await withClient { talk in
            await talk.welcomes()
            _ = await talk.hears()
            await talk.says("Event: Newchannel\nNumber: \(talk.number)\n\n")
            talk.closes()
        } _: { client, states in
            let channels = client.subscribe(to: ["Newchannel"])
            for number in 1...2 {
                try await states.up()
                await #expect(throws: AMIError.self) { try await client.perform(Action("Ping")) }
                #expect(await channels.next()?["Number"] == "\(number)")
                _ = try await states.trouble()
                #expect(channels.interruptions == number)
            }
        }
    }
}

/// What an action threw; nil when it succeeded.
private func outcome(_ body: @Sendable () async throws -> Void) async -> AMIError? {
    do {
        try await body()
        return nil
    } catch { return error as? AMIError }
}
