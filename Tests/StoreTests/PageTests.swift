import OnCall
import Store
import Testing

@Suite struct PageTests {
    private let store: Store

    init() throws { store = try Store(path: ":memory:") }

    private func ring(_ engineer: String, for page: PageID) async throws -> RingID {
        try await store.beginRing(page: page, engineer: engineer, round: 1, step: 1, escalation: nil, at: .evening(50))
    }

    @Test func aMessageMayOpenItsPageInTheSameWrite() async throws {
        let store = try Store(path: ":memory:")
        let message = try await store.recordMessage(
            call: try await store.call(), mailbox: try #require(Mailbox("1000@support")), file: "/m", messageID: nil,
            milliseconds: 5_000, verdict: .longEnough, opensPage: true, at: .evening(30))
        let open = try await store.unfinishedPages()
        #expect(open.map(\.message.id) == [message])
        #expect(try await store.beginPage(message: message, at: .evening(31)) == open.first?.id)
    }

    @Test func aMessageIsPagedOnce() async throws {
        let message = try await store.message(in: try await store.call())
        let page = try await store.beginPage(message: message, at: .evening(40))
        #expect(try await store.beginPage(message: message, at: .evening(90)) == page)
        #expect(try await store.page(page)?.startedAt == .evening(40))
        #expect(try await store.pages(limit: 10).count == 1)
    }

    @Test func aPageHasAllThatTheEngineersLegSays() async throws {
        let call = try await store.call()
        let contract = try #require(ContractNumber("0012345678"))
        let verification = Verification(entitlement: .entitled, customer: "Example Customer", callbackMinutes: 30)
        try await store.recordContract(call: call, contract: contract, verification: verification)
        let message = try await store.message(in: call)
        let id = try await store.beginPage(message: message, at: .evening(40))
        let page = try #require(try await store.page(id))
        #expect(page.call == call)
        #expect(page.line == "support")
        #expect(page.message == (try await store.latestMessage(call: call)))
        #expect(page.caller == Caller(number: "15550111", name: "Example Caller"))
        #expect(page.contract == contract)
        #expect(page.verification == verification)
        #expect(page.end == nil)
        #expect(page.rings == [])
    }

    @Test func aRingIsReadBackWithItsTimes() async throws {
        let page = try await store.page()
        let id = try await store.beginRing(
            page: page, engineer: "ann", round: 2, step: 3, escalation: nil, at: .evening(50))
        try await store.recordAnswer(ring: id, at: .evening(60))
        try await store.recordHeard(ring: id, at: .evening(80))
        try await store.endRing(id, outcome: .accepted, at: .evening(90))
        let expected = RingRecord(
            id: id, page: page, engineer: "ann", round: 2, step: 3, startedAt: .evening(50), answeredAt: .evening(60),
            heardAt: .evening(80), endedAt: .evening(90), outcome: .accepted)
        #expect(try await store.ring(id) == expected)
        #expect(try await store.page(page)?.rings == [expected])
    }

    @Test func theFirstOutcomeOfARingCounts() async throws {
        let ring = try await ring("ann", for: try await store.page())
        try await store.endRing(ring, outcome: .declined, at: .evening(60))
        try await store.endRing(ring, outcome: .noKey, at: .evening(70))
        #expect(try await store.ring(ring)?.outcome == .declined)
        #expect(try await store.ring(ring)?.endedAt == .evening(60))
    }

    @Test(arguments: RingOutcome.allCases)
    func everyOutcomeOfARingIsReadBack(_ outcome: RingOutcome) async throws {
        let ring = try await ring("ann", for: try await store.page())
        try await store.endRing(ring, outcome: outcome, at: .evening(60))
        #expect(try await store.ring(ring)?.outcome == outcome)
    }

    @Test(arguments: [PageEnd.accepted("ann"), .accepted(nil), .exhausted])
    func everyEndOfAPageIsReadBack(_ end: PageEnd) async throws {
        let page = try await store.page()
        try await store.endPage(page, end: end, at: .evening(99))
        #expect(try await store.page(page)?.end == end)
        #expect(try await store.page(page)?.endedAt == .evening(99))
    }

    @Test func whatIsNotThereIsNil() async throws {
        #expect(try await store.page(PageID(rawValue: 99)) == nil)
        #expect(try await store.ring(RingID(rawValue: 99)) == nil)
        #expect(try await store.claimant(page: PageID(rawValue: 99)) == nil)
    }

    @Test func aMessageOrPageThatIsNoneIsRefused() async throws {
        await #expect(throws: StoreError.self) {
            try await store.beginPage(message: MessageID(rawValue: 99), at: .evening())
        }
        await #expect(throws: StoreError.self) { try await ring("ann", for: PageID(rawValue: 99)) }
    }

    @Test func pagesAreNewestFirstOfOneLineOrOfAllWithTheirRings() async throws {
        let first = try await store.page("1", line: "support")
        let second = try await store.page("2", line: "sales")
        let third = try await store.page("3", line: "support")
        let rings = [try await ring("ann", for: first), try await ring("bob", for: first)]
        #expect(try await store.pages(limit: 10).map(\.id) == [third, second, first])
        #expect(try await store.pages(limit: 1, line: "sales").map(\.id) == [second])
        #expect(try await store.pages(limit: 10, line: "support").map(\.id) == [third, first])
        #expect(try await store.pages(limit: 10).last?.rings.map(\.id) == rings)
    }

    @Test func theFirstToClaimHasThePage() async throws {
        _ = try await store.importEngineers([try .make("ann", name: "First Engineer")], replace: false)
        let page = try await store.page()
        let (anns, bobs) = (try await ring("ann", for: page), try await ring("bob", for: page))
        #expect(try await store.claimant(page: page) == nil)
        #expect(try await store.claim(page: page, ring: anns, engineer: "ann", at: .evening(60)) == .claimed)
        #expect(
            try await store.claim(page: page, ring: bobs, engineer: "bob", at: .evening(61))
                == .taken(by: "ann", name: "First Engineer"))
        #expect(try await store.claimant(page: page) == "ann")
    }

    @Test func claimingAgainInTheSameRingStaysClaimed() async throws {
        let page = try await store.page()
        let (first, second) = (try await ring("ann", for: page), try await ring("ann", for: page))
        #expect(try await store.claim(page: page, ring: first, engineer: "ann", at: .evening(60)) == .claimed)
        #expect(try await store.claim(page: page, ring: first, engineer: "ann", at: .evening(61)) == .claimed)
        #expect(
            try await store.claim(page: page, ring: second, engineer: "ann", at: .evening(62))
                == .taken(by: "ann", name: "ann"))
    }

    @Test func aPageThatEndedExhaustedCanStillBeClaimed() async throws {
        let page = try await store.page()
        let ring = try await ring("ann", for: page)
        try await store.endPage(page, end: .exhausted, at: .evening(60))
        #expect(try await store.claim(page: page, ring: ring, engineer: "ann", at: .evening(61)) == .claimed)
        #expect(try await store.claimant(page: page) == "ann")
    }

    @Test func aPageOrRingThatIsNoneCanNotBeClaimed() async throws {
        let page = try await store.page()
        await #expect(throws: StoreError.self) {
            try await store.claim(page: page, ring: RingID(rawValue: 99), engineer: "ann", at: .evening())
        }
        #expect(try await store.claimant(page: page) == nil)
    }
}
