import Lab
import Testing

/// The caller's side of the night, on a real Asterisk.
struct CallerScenarios {
    @Test func anOpenLine_goesOnToTheQueue_andRingsNobody() async throws {
        let night = try await Night.start(settings: ["open": ["*,*,*,*"], "closed": []])
        let caller = try await night.line.call()
        let outcome = try await caller.outcome()
        #expect(outcome.returned)
        #expect(outcome.hours == "OPEN")
        #expect(outcome.status == "OPEN")
        #expect(night.rung.isEmpty)
    }

    @Test func aHoliday_isAfterHours() async throws {
        let night = try await Night.start(
            settings: ["open": ["*,*,*,*"], "closed": [], "holiday": [Night.today]])
        let caller = try await night.leaveMessage()
        let outcome = try await caller.outcome()
        #expect(outcome.hours == "HOLIDAY")
        #expect(outcome.status == "PAGED")
    }

    @Test func anEntitledCaller_isPromisedACallback_andTheEngineerOnCallIsWoken() async throws {
        let night = try await Night.start()
        let caller = try await night.leaveMessage()
        let outcome = try await caller.outcome()
        #expect(outcome.status == "PAGED")
        #expect(outcome.contract == Night.entitled)
        #expect(outcome.entitled == "YES")
        #expect(outcome.callbackMinutes == "60")
        #expect(caller.heard.contains("leave-message-callback-within"))
        #expect(night.rung == ["e1"])
        #expect(night.line.dialled.first?.fromNumber == "15550100")
        let messages = try await night.line.messages(1, within: 5)
        let seconds = try #require(messages[0].seconds)
        #expect((4...6).contains(seconds))
        #expect(try await night.pages().contains("accepted by e1"))
    }

    @Test func leadingZerosAndTheContractsOwnMinutes_areKept() async throws {
        let night = try await Night.start()
        let outcome = try await night.leaveMessage(contract: Night.withMinutes).outcome()
        #expect(outcome.contract == Night.withMinutes)
        #expect(outcome.callbackMinutes == "30")
    }

    @Test func aContractWithoutAfterHours_isPromisedTheNextBusinessDay_andWakesNobody() async throws {
        let night = try await Night.start()
        let caller = try await night.leaveMessage(contract: Night.notEntitled)
        let outcome = try await caller.outcome()
        #expect(outcome.status == "KEPT")
        #expect(outcome.entitled == "NO")
        #expect(caller.heard.contains("leave-message-next-business-day"))
        #expect(night.rung.isEmpty)
        #expect(try night.line.messages().count == 1)
    }

    @Test func anUnknownContract_isAskedThreeTimes_andWakesNobody() async throws {
        let night = try await Night.start()
        let caller = try await night.line.call()
        for _ in 0..<3 { try await caller.run([.hears("enter-contract"), .presses(Night.unknown)]) }
        try await caller.run([.hears("beep"), .speaks(5), .hangsUp])
        let outcome = try await caller.outcome()
        #expect(outcome.status == "KEPT")
        #expect(caller.heard.filter { $0 == "contract-unknown" }.count == 3)
        #expect(night.rung.isEmpty)
    }

    @Test func wrongTwiceThenRight_isEntitled() async throws {
        let night = try await Night.start()
        let caller = try await night.line.call()
        try await caller.run([
            .hears("enter-contract"), .presses(Night.unknown), .hears("enter-contract"), .presses("123#"),
            .hears("enter-contract"), .presses(Night.entitled), .hears("beep"), .speaks(5), .hangsUp,
        ])
        let outcome = try await caller.outcome()
        #expect(outcome.status == "PAGED")
        #expect(caller.heard.contains("contract-incomplete"))
        #expect(caller.heard.contains("contract-unknown"))
    }

    @Test func aStar_startsOver() async throws {
        let night = try await Night.start()
        let outcome = try await night.leaveMessage(contract: "999*" + Night.entitled).outcome()
        #expect(outcome.contract == Night.entitled)
    }

    @Test(arguments: ["#", ""])
    func noNumberAtHand_leavesAMessageForTheNextBusinessDay(_ keys: String) async throws {
        let night = try await Night.start(settings: ["digit_timeout": ["2"]])
        let caller = try await night.line.call()
        try await caller.run([.hears("enter-contract")])
        if !keys.isEmpty { try await caller.press(keys) }
        try await caller.run([.hears("beep"), .speaks(5), .hangsUp])
        let outcome = try await caller.outcome()
        #expect(outcome.status == "KEPT")
        #expect(outcome.contract.isEmpty)
        #expect(night.rung.isEmpty)
    }

    @Test func poundEndsTheMessage_andTheCallerHearsThatAnEngineerIsCalled() async throws {
        let night = try await Night.start()
        let caller = try await night.line.call()
        try await caller.run([
            .hears("enter-contract"), .presses(Night.entitled), .hears("beep"), .speaks(5), .presses("#"),
            .hears("engineer-notified"), .hears("goodbye"),
        ])
        #expect(try await caller.outcome().status == "PAGED")
    }

    @Test func aMessageTooShort_isAskedForOnceMore_andTheSecondIsPaged() async throws {
        let night = try await Night.start()
        let caller = try await night.line.call()
        try await caller.run([
            .hears("enter-contract"), .presses(Night.entitled), .hears("beep"), .speaks(1.5), .presses("#"),
            .hears("message-too-short"), .hears("leave-once-more"), .hears("beep"), .speaks(5), .hangsUp,
        ])
        #expect(try await caller.outcome().status == "PAGED")
        #expect(night.rung == ["e1"])
    }

    @Test func aMessageTooShortByACallerWhoIsGone_wakesNobody_andIsRecorded() async throws {
        let night = try await Night.start()
        let outcome = try await night.leaveMessage(seconds: 1.5).outcome()
        #expect(outcome.status == "TOO_SHORT")
        #expect(night.rung.isEmpty)
        let calls = try await night.calls()
        #expect(calls.contains("15550123"))
        #expect(calls.contains("too-short"))
    }

    @Test func aSilentMessage_wakesNobody() async throws {
        let night = try await Night.start(settings: ["message_retries": ["0"]])
        let caller = try await night.line.call()
        try await caller.run([.hears("enter-contract"), .presses(Night.entitled), .hears("beep"), .silent(8)])
        let outcome = try await caller.outcome()
        #expect(["TOO_SHORT", "NO_MESSAGE"].contains(outcome.status))
        #expect(night.rung.isEmpty)
    }

    @Test(arguments: ["welcome", "enter-contract", "leave-message-callback-within"])
    func aHangUpAtAnyPrompt_wakesNobody_andIsRecorded(_ prompt: String) async throws {
        let night = try await Night.start()
        let caller = try await night.line.call()
        if prompt == "leave-message-callback-within" {
            try await caller.run([.hears("enter-contract"), .presses(Night.entitled)])
        }
        try await caller.run([.hears(prompt), .hangsUp])
        _ = try await caller.outcome()
        #expect(night.rung.isEmpty)
        #expect(try night.line.messages().isEmpty)
        try await night.server.logs("the end of the call") { $0.contains("event=call-ended") }
        #expect(try await night.calls().contains("hung-up"))
    }

    @Test func aCallerWhoGuesses_isNotAskedAnyMore() async throws {
        let night = try await Night.start(settings: ["wrong_per_caller": ["2"]])
        let first = try await night.line.call()
        try await first.run([
            .hears("enter-contract"), .presses(Night.unknown), .hears("enter-contract"), .presses("8888888888"),
            .hears("leave-message-next-business-day"), .hangsUp,
        ])
        let second = try await night.line.call()
        try await second.run([.hears("leave-message-next-business-day"), .hangsUp])
        #expect(!second.heard.contains("enter-contract"))
        try await night.server.logs("the limit") { $0.contains("event=guess-limit") }
    }
}
