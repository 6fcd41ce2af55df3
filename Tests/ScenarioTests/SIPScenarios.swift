import Lab
import Testing

/// A whole call by SIP, with real RTP and RFC 4733 digits.
struct SIPScenarios {
    @Test func aCallBySIP_isPagedAndAccepted() async throws {
        let night = try await Night.start()
        // A SIP caller can't hear prompts, so it goes by time; the lab's prompts last a third of a second each.
        let outcome = try await night.line.callBySIP([
            .silent(3), .presses(Night.withMinutes), .silent(4), .speaks(6),
        ])
        #expect(outcome.status == "PAGED")
        #expect(outcome.contract == Night.withMinutes)
        #expect(outcome.callbackMinutes == "30")
        #expect(night.rung == ["e1"])
        let messages = try await night.line.messages(1, within: 5)
        #expect(try #require(messages[0].seconds) >= 4)
    }
}
