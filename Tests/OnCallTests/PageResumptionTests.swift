import Foundation
import OnCall
import Testing

struct PageResumptionTests {
    @Test func aClaimedPageWhoseMessageWasHeard_hasEnded() throws {
        var page = try ringing(outcome: nil)
        page.rings[0].heardAt = time(9)
        #expect(resumption(page, claimant: "ann") == .ended(.accepted("ann")))
        #expect(resumption(try ringing(outcome: .accepted), claimant: "ann") == .ended(.accepted("ann")))
    }

    @Test func aClaimByWhoHeardNothing_isGivenBack() throws {
        #expect(resumption(try ringing(outcome: nil), claimant: "ann") == .givesBack(claimOf: "ann"))
    }

    @Test func aPageWithoutADecision_begins() throws {
        #expect(resumption(try page()) == .goesOn(.started))
    }

    @Test func aRingThatEnded_isGoneOnFrom() throws {
        let page = try ringing(outcome: .busy)
        #expect(resumption(page) == .goesOn(.ringEnded(.busy)))
    }

    @Test func aRingThatWasCut_isWaitedForUntilItMustBeOver() throws {
        let page = try ringing(outcome: nil, startedAt: 100)
        #expect(resumption(page, at: 110) == .waits(until: time(135), then: .ringEnded(.cut)))
        #expect(resumption(page, at: 135) == .goesOn(.ringEnded(.cut)))
    }

    @Test func aClockThatWasSetBack_makesNobodyWaitLongerThanARing() throws {
        let page = try ringing(outcome: nil, startedAt: 100)
        #expect(resumption(page, at: -9_000) == .waits(until: time(-8_965), then: .ringEnded(.cut)))
    }

    @Test func aPause_isWaitedOut() throws {
        var page = try ringing(outcome: .notAnswered)
        page.waitsUntil = time(200)
        #expect(resumption(page, at: 150) == .waits(until: time(200), then: .waited))
        #expect(resumption(page, at: 200) == .goesOn(.waited))
    }

    @Test func aPageOlderThanTheMaximum_wakesNobody() throws {
        #expect(resumption(try page(), at: 3_600) == .goesOn(.started))
        #expect(resumption(try page(), at: 3_601) == .tooOld)
    }

    @Test func whatWasDecided_survivesBeingWrittenDown() throws {
        let escalation = try #require(try ringing(outcome: nil).escalation)
        let read = try JSONDecoder().decode(Escalation.self, from: try JSONEncoder().encode(escalation))
        #expect(read == escalation)
    }

    private func resumption(_ page: PageRecord, claimant: String? = nil, at second: Int = 10) -> PageResumption {
        PageResumption.of(page, claimant: claimant, at: time(second), maximumAge: 3_600, grace: 10)
    }

    private func time(_ second: Int) -> Date { Date(timeIntervalSince1970: 1_800_000_000 + TimeInterval(second)) }

    private func page() throws -> PageRecord {
        PageRecord(
            id: PageID(rawValue: 1), call: CallID(rawValue: 1), line: "support",
            message: MessageRecord(
                id: MessageID(rawValue: 1), call: CallID(rawValue: 1), mailbox: try #require(Mailbox("1000@support")),
                file: "/m",
                messageID: nil, milliseconds: 5_000, verdict: .longEnough, leftAt: time(0)),
            caller: Caller(number: nil, name: nil), startedAt: time(0))
    }

    /// A page whose first ring, of 25 seconds, has begun.
    private func ringing(outcome: RingOutcome?, startedAt second: Int = 1) throws -> PageRecord {
        var page = try page()
        var escalation = Escalation(
            plan: EscalationPlan(steps: [EscalationStep(role: "on-call", seconds: 25)], rounds: 2))
        let ann = try Engineer.make("ann")
        _ = escalation.next(after: .started, at: time(second)) { _, _ in [ann] }
        page.escalation = escalation
        page.rings = [
            RingRecord(
                id: RingID(rawValue: 1), page: page.id, engineer: "ann", round: 1, step: 1, startedAt: time(second),
                outcome: outcome)
        ]
        return page
    }
}
