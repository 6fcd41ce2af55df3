import Lab
import Testing

/// The engineers' side of the night, on a real Asterisk.
struct EngineerScenarios {
    @Test func theEngineerHearsWhoCallsAndTheMessage() async throws {
        let night = try await Night.start()
        let caller = try await night.leaveMessage()
        _ = try await caller.outcome()
        let robot = try #require(night.numbers["e1"])
        let heard = try await night.heard(by: robot, until: "goodbye-engineer")
        for prompt in ["page-intro", "page-contract", "page-verified", "page-menu", "message-menu"] {
            #expect(heard.contains(prompt), "\(prompt) in \(heard)")
        }
        #expect(heard.contains { $0.contains("/voicemail/support/") && $0.hasSuffix("/INBOX/msg0000") })
        #expect(try await night.pages().contains("heard the message"))
    }

    @Test(arguments: [
        (Robot.Behaviour.neverAnswers, "not-answered"), (.busy, "busy"), (.congestion, "congestion"),
        (.mailbox, "no-key"), (.declines, "declined"), (.hangsUp, "hung-up"), (.silent, "no-key"),
    ])
    func whoDoesNotAccept_isFollowedByTheNext(_ first: Robot.Behaviour, _ outcome: String) async throws {
        let night = try await Night.start(
            onCall: [first, .accepts], settings: ["key_timeout": ["1"], "engineer_repeats": ["2"]])
        let caller = try await night.leaveMessage()
        #expect(try await caller.outcome().status == "PAGED")
        #expect(night.rung == ["e1", "e2"])
        let pages = try await night.pages()
        #expect(pages.contains("accepted by e2"))
        #expect(pages.contains("e1  round 1  \(outcome)"), "\(pages)")
    }

    @Test func aNumberThatDoesNotExist_isPassedOverAtOnce() async throws {
        let night = try await Night.start(onCall: [.noSuchNumber, .accepts], settings: ["step": ["on-call, 20"]])
        let caller = try await night.leaveMessage()
        let outcome = try await caller.outcome(within: 18)
        #expect(outcome.status == "PAGED")
        #expect(night.rung == ["e1", "e2"])
    }

    @Test func whenNobodyOnCallAccepts_theManagersAreRung() async throws {
        let night = try await Night.start(onCall: [.busy], managers: [.accepts])
        let caller = try await night.leaveMessage()
        #expect(try await caller.outcome().status == "PAGED")
        #expect(night.rung == ["e1", "m1"])
    }

    @Test func whenNobodyAcceptsInAnyRound_itIsAnErrorThatAnAdminWillSee() async throws {
        let night = try await Night.start(
            onCall: [.busy], managers: [.congestion],
            settings: ["rounds": ["2"], "step": ["on-call, 2", "managers, 2"]])
        let caller = try await night.leaveMessage()
        #expect(try await caller.outcome().status == "UNANSWERED")
        #expect(night.rung == ["e1", "m1", "e1", "m1"])
        try await night.server.logs("the error") { $0.contains("level=error") && $0.contains("event=page-exhausted") }
        #expect(try await night.pages().contains("NOBODY ACCEPTED"))
    }

    @Test func whoDeclined_isNotRungAgain() async throws {
        let night = try await Night.start(onCall: [.declines, .busy], settings: ["rounds": ["2"]])
        let caller = try await night.leaveMessage()
        #expect(try await caller.outcome().status == "UNANSWERED")
        #expect(night.rung == ["e1", "e2", "e2"])
    }

    @Test func nobodyOnCall_isAnErrorAtOnce() async throws {
        let night = try await Night.start(onCall: [])
        let caller = try await night.leaveMessage()
        #expect(try await caller.outcome().status == "UNANSWERED")
        #expect(try night.line.messages().count == 1)
    }

    @Test func theMessageCanBeHeardAgain_andTheCallerAskedFor() async throws {
        let night = try await Night.start(onCall: [.acceptsAsks])
        _ = try await night.leaveMessage().outcome()
        let robot = try #require(night.numbers["e1"])
        let heard = try await night.heard(by: robot, until: "goodbye-engineer")
        #expect(heard.contains("message-left-at"))
        #expect(heard.contains("caller-number"))
        // 15550123, digit by digit.
        let digits = heard.drop { $0 != "caller-number" }.filter { $0.hasPrefix("digits/") }
        #expect(Array(digits.prefix(8)) == ["1", "5", "5", "5", "0", "1", "2", "3"].map { "digits/\($0)" })
    }

    @Test func aWithheldNumber_isSaidToBeUnknown() async throws {
        let night = try await Night.start(onCall: [.acceptsAsks])
        _ = try await night.leaveMessage(from: CallerID(number: "", name: "")).outcome()
        let robot = try #require(night.numbers["e1"])
        #expect(try await night.heard(by: robot, until: "goodbye-engineer").contains("caller-number-unknown"))
    }

    @Test func key3_callsTheCallerBack_showingTheLinesNumber() async throws {
        let night = try await Night.start(onCall: [.acceptsCallsBack])
        let customer = night.line.robot(.talks, 9)
        _ = try await night.leaveMessage(from: CallerID(number: customer)).outcome()
        let dialled = try await night.line.dials(customer, within: 30)
        #expect(dialled.fromNumber == "15550100")
    }

    @Test func twoCallsForOneEngineer_areBothAccepted_oneAfterTheOther() async throws {
        let night = try await Night.start(settings: ["step": ["on-call, 40"]])
        async let first = night.leaveMessage(seconds: 5)
        async let second = night.leaveMessage(seconds: 6)
        let outcomes = [try await first.outcome().status, try await second.outcome().status]
        #expect(outcomes == ["PAGED", "PAGED"])
        #expect(night.rung == ["e1", "e1"])
        #expect(try night.line.messages().count == 2)
    }

    @Test func hostileCallerIDs_reachNoDialStringAndNoExpression() async throws {
        let night = try await Night.start(onCall: [.acceptsCallsBack])
        let hostile = CallerID(number: "555&Local/200000@x,1", name: "\"${SHELL(id)}\" \\ ,n(x)|&")
        #expect(try await night.leaveMessage(from: hostile).outcome().status == "PAGED")
        let robot = try #require(night.numbers["e1"])
        #expect(try await night.heard(by: robot, until: "callback-not-possible").contains("callback-not-possible"))
        #expect(night.rung == ["e1"])
    }
}

extension Night {
    /// What a robot heard, once it heard the prompt that ends what is looked at.
    func heard(by robot: String, until prompt: String) async throws -> [String] {
        try await line.pbx.log.wait(for: "\(prompt) to \(robot)", since: line.mark, within: 40) { event in
            event.prompt == "nightbell/\(prompt)" && (event.channel?.hasPrefix("Local/\(robot)@") ?? false)
        }
        return line.heard(by: robot)
    }
}
