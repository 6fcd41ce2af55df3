import OnCall
import Testing

@testable import Store

/// Text from outside is bound to statements and never becomes part of them.
@Suite struct TextTests {
    static let hostile = [
        "O'Brien & \"Sons\"", "'); DROP TABLE calls; --", "x' OR '1'='1", "?1 :name @name $name", "%_\\", "NULL",
        "Grüße, Москва, 日本語, العربية", "🔔👩‍👩‍👧‍👦", "e\u{301} is not é", "<b>&amp;</b>",
    ]

    private let scratch: Scratch
    private let store: Store

    init() throws {
        scratch = try Scratch()
        store = try Store(path: scratch.path)
    }

    @Test(arguments: hostile) func namesComeBackAsTheyWere(name: String) async throws {
        let engineer = try Engineer.make("ann", name: name)
        let contract = Contract(
            number: try #require(ContractNumber("0012345678")), customer: name, entitled: true)
        _ = try await store.importEngineers([engineer], replace: false)
        _ = try await store.importContracts([contract], replace: false)
        let call = try await store.beginCall(
            line: "support", uniqueID: "7.1", caller: Caller(number: nil, name: name), at: .evening())
        try await store.recordContract(
            call: call, contract: contract.number,
            verification: Verification(entitlement: .unverified(reason: name), customer: name))

        let reopened = try Store(path: scratch.path)
        #expect(scalars(try await reopened.engineers().first?.name) == scalars(name))
        #expect(scalars(try await reopened.contract(contract.number)?.customer) == scalars(name))
        let record = try await reopened.call(call)
        #expect(scalars(record?.caller.name) == scalars(name))
        #expect(scalars(record?.verification?.customer) == scalars(name))
        #expect(scalars(record?.verification?.entitlement.reason) == scalars(name))
        #expect(try await reopened.importEngineers([engineer], replace: false).unchanged == 1)
    }

    @Test(arguments: hostile) func aHostileKeyFindsNothingElse(text: String) async throws {
        let call = try await store.call("7.1")
        try await store.recordAttempt(call: call, digits: "0123456789", outcome: .unknown, at: .evening(1))
        #expect(try await store.call(text) != call)
        #expect(try await store.call(text) == store.call(text))
        #expect(try await store.calls(limit: 9, line: text).isEmpty)
        #expect(try await store.wrongAttempts(line: text, caller: nil, since: .evening()) == 0)
        #expect(try await store.wrongAttempts(line: "support", caller: text, since: .evening()) == 0)
    }

    /// Strings are equal when they look the same; here the very characters count.
    private func scalars(_ text: String?) -> [Unicode.Scalar]? { text.map { Array($0.unicodeScalars) } }
}
