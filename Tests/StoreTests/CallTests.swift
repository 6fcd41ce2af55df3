import Foundation
import OnCall
import Testing

@testable import Store

@Suite struct CallTests {
    private let store: Store

    init() throws { store = try Store(path: ":memory:") }

    @Test func theStepsOfOneCallShareIt() async throws {
        let first = try await store.call(at: .evening())
        #expect(try await store.call(at: .evening(60)) == first)
    }

    @Test func anotherCallAnotherLineOrAnEndedCallIsANewOne() async throws {
        let first = try await store.call()
        #expect(try await store.call("1795000000.2") != first)
        #expect(try await store.call(line: "sales") != first)
        try await store.endCall(first, outcome: .paged, at: .evening(60))
        #expect(try await store.call(at: .evening(90)) != first)
    }

    @Test func aUniqueIDIsANewCallAfterADay() async throws {
        let first = try await store.call(at: .evening())
        #expect(try await store.call(at: .evening(86_399)) == first)
        #expect(try await store.call(at: .evening(86_400)) != first)
    }

    @Test func aCallIsReadBackWithItsContractAndEnd() async throws {
        let id = try await store.call()
        let contract = try #require(ContractNumber("0012345678"))
        let verification = Verification(
            entitlement: .unverified(reason: "timed out"), customer: "Example Customer", callbackMinutes: 30)
        try await store.recordContract(call: id, contract: contract, verification: verification)
        try await store.endCall(id, outcome: .unanswered, at: .evening(600))
        let expected = CallRecord(
            id: id, line: "support", uniqueID: "1795000000.1",
            caller: Caller(number: "15550111", name: "Example Caller"), startedAt: .evening(), endedAt: .evening(600),
            outcome: .unanswered, contract: contract, verification: verification)
        #expect(try await store.call(id) == expected)
        #expect(try await store.calls(limit: 10, line: "support") == [expected])
    }

    @Test(arguments: [Entitlement.entitled, .notEntitled, .unknown, .unverified(reason: "")])
    func everyEntitlementIsReadBack(_ entitlement: Entitlement) async throws {
        let id = try await store.call()
        try await store.recordContract(call: id, contract: nil, verification: Verification(entitlement: entitlement))
        #expect(try await store.call(id)?.verification == Verification(entitlement: entitlement))
        #expect(try await store.call(id)?.contract == nil)
    }

    @Test(arguments: CallOutcome.allCases)
    func everyOutcomeIsReadBack(_ outcome: CallOutcome) async throws {
        let id = try await store.call()
        try await store.endCall(id, outcome: outcome, at: .evening(1))
        #expect(try await store.call(id)?.outcome == outcome)
    }

    @Test func callsAreNewestFirstOfOneLineOrOfAll() async throws {
        let first = try await store.call("1", line: "support")
        let second = try await store.call("2", line: "sales")
        let third = try await store.call("3", line: "support")
        #expect(try await store.calls(limit: 10).map(\.id) == [third, second, first])
        #expect(try await store.calls(limit: 2).map(\.id) == [third, second])
        #expect(try await store.calls(limit: 10, line: "support").map(\.id) == [third, first])
        #expect(try await store.calls(limit: 10, line: "' OR 1=1 --") == [])
    }

    @Test func timesAreKeptToTheMillisecond() async throws {
        let id = try await store.call(at: .evening(0.123))
        let started = try #require(try await store.call(id)?.startedAt)
        #expect(abs(started.timeIntervalSince(.evening(0.123))) < 0.001)
    }

    @Test func whatACallerSaysIsAValueAndNeverSQL() async throws {
        let name = "'); DROP TABLE calls; --"
        let id = try await store.beginCall(
            line: "support", uniqueID: "1", caller: Caller(number: nil, name: name), at: .evening())
        #expect(try await store.call(id)?.caller == Caller(number: nil, name: name))
    }

    @Test func onlyUnknownNumbersOfTheLineSinceThenCount() async throws {
        let ours = try await store.call("1", number: "15550111")
        let others = try await store.call("2", number: "15550122")
        let elsewhere = try await store.call("3", line: "sales", number: "15550111")
        for outcome in AttemptOutcome.allCases {
            try await store.recordAttempt(call: ours, digits: "1234567890", outcome: outcome, at: .evening(10))
        }
        try await store.recordAttempt(call: others, digits: "1234567890", outcome: .unknown, at: .evening(20))
        try await store.recordAttempt(call: elsewhere, digits: "1234567890", outcome: .unknown, at: .evening(20))
        #expect(try await store.wrongAttempts(line: "support", caller: nil, since: .evening()) == 2)
        #expect(try await store.wrongAttempts(line: "support", caller: "15550111", since: .evening()) == 1)
        #expect(try await store.wrongAttempts(line: "support", caller: nil, since: .evening(15)) == 1)
        #expect(try await store.wrongAttempts(line: "support", caller: nil, since: .evening(20)) == 0)
    }

    @Test func ofTypedDigitsOnlyTheLastThreeAreKept() async throws {
        let scratch = try Scratch()
        let store = try Store(path: scratch.path)
        let call = try await store.call()
        try await store.recordAttempt(call: call, digits: "0012345678", outcome: .unknown, at: .evening())
        try await store.recordAttempt(call: call, digits: "12", outcome: .incomplete, at: .evening())
        let digits = try Database(path: scratch.path).rows("SELECT digits FROM attempts ORDER BY id", "test") {
            $0.text(0)
        }
        #expect(digits == ["*******678", "**"])
    }

    @Test func theLatestMessageOfACallIsFound() async throws {
        let call = try await store.call()
        #expect(try await store.latestMessage(call: call) == nil)
        _ = try await store.message(in: call, file: "msg0001")
        let second = try await store.message(in: call, file: "msg0002", at: .evening(50))
        let other = try await store.call("1795000000.2")
        _ = try await store.message(in: other, file: "msg0003")
        let expected = MessageRecord(
            id: second, call: call, mailbox: try #require(Mailbox("1000@support")), file: "/spool/1000/INBOX/msg0002",
            messageID: "1795000030-00000001", milliseconds: 12_340, verdict: .longEnough, leftAt: .evening(50))
        #expect(try await store.latestMessage(call: call) == expected)
    }

    @Test func nothingBelongsToACallThatIsNone() async throws {
        let none = CallID(rawValue: 99)
        #expect(try await store.call(none) == nil)
        await #expect(throws: StoreError.self) { try await store.message(in: none) }
        await #expect(throws: StoreError.self) {
            try await store.recordAttempt(call: none, digits: "1", outcome: .unknown, at: .evening())
        }
    }
}
