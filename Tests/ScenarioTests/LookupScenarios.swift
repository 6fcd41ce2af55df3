import Lab
import Testing

/// Contracts that a web service knows, on a real Asterisk, over a real socket.
struct LookupScenarios {
    /// A night whose line asks this service, and its call.
    private func night(_ service: WebService, _ more: String = "") async throws -> (Night, Caller) {
        let night = try await Night.start(
            settings: ["lookup": ["contracts-web"], "contract_attempts": ["1"]], more: service.section(more))
        return (night, try await night.leaveMessage(contract: "5555555555"))
    }

    @Test func theServiceSaysYes_andTheEngineerIsWoken() async throws {
        let service = try WebService(.reply(200, "yes\n"))
        let (night, caller) = try await night(service)
        let outcome = try await caller.outcome()
        #expect(outcome.status == "PAGED")
        #expect(outcome.entitled == "YES")
        #expect(night.rung == ["e1"])
        #expect(service.requests == 1)
    }

    @Test func theServiceSaysNo_andNobodyIsWoken() async throws {
        let (night, caller) = try await night(try WebService(.reply(200, "no")))
        let outcome = try await caller.outcome()
        #expect(outcome.status == "KEPT")
        #expect(outcome.entitled == "NO")
        #expect(night.rung.isEmpty)
    }

    @Test func jsonWithMinutes_isPromisedAsItSays() async throws {
        let json = #"{"entitled": true, "customer": "Example Customer", "callback_minutes": 15}"#
        let (night, caller) = try await night(try WebService(.reply(200, json)))
        let outcome = try await caller.outcome()
        #expect(outcome.status == "PAGED")
        #expect(outcome.callbackMinutes == "15")
        #expect(night.rung == ["e1"])
    }

    @Test func aContractThatTheServiceDoesNotKnow_wakesNobody() async throws {
        let (night, caller) = try await night(try WebService(.reply(404, "")))
        #expect(try await caller.outcome().status == "KEPT")
        #expect(caller.heard.contains("contract-unknown"))
        #expect(night.rung.isEmpty)
    }

    @Test(arguments: [
        ("slow", WebService.Answer.silence), ("broken", .reply(500, "oops")),
        ("rubbish", .reply(200, "<html>hello</html>")),
        ("long", .reply(200, String(repeating: "x", count: 1_000_000))), ("trickling", .trickle), ("endless", .flood),
    ])
    func aServiceThatCanNotAnswer_isAskedTwice_andTheEngineerHearsThatItIsUnverified(
        _ name: String, _ answer: WebService.Answer
    ) async throws {
        let service = try WebService(answer)
        let (night, caller) = try await night(service)
        let outcome = try await caller.outcome()
        #expect(outcome.status == "PAGED", "\(name)")
        #expect(outcome.entitled == "UNVERIFIED", "\(name)")
        #expect(service.requests == 2, "\(name)")
        // What lies in the kernel's buffers when the client lets go, not what could be sent meanwhile.
        #expect(service.takenBytes < 32_000_000, "\(name)")
        let robot = try #require(night.numbers["e1"])
        #expect(night.line.heard(by: robot).contains("page-unverified"), "\(name)")
    }

    @Test func aServiceThatIsDown_isTreatedAsTheConfigurationSays() async throws {
        let service = try WebService(.silence)
        // A port that nobody listens on: the one after a service that is gone.
        let section = service.section("when_down = not-entitled").replacing(":\(service.port)/", with: ":1/")
        let night = try await Night.start(settings: ["lookup": ["contracts-web"]], more: section)
        let outcome = try await night.leaveMessage(contract: "5555555555").outcome()
        #expect(outcome.status == "KEPT")
        #expect(outcome.entitled == "NO")
        #expect(night.rung.isEmpty)
    }
}
