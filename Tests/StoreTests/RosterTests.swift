import OnCall
import Testing

@testable import Store

@Suite struct RosterTests {
    private let store: Store

    init() throws { store = try Store(path: ":memory:") }

    @Test func aNewStoreHasNobody() async throws {
        #expect(try await store.roster() == Roster(engineers: [], shifts: []))
        #expect(try await store.contracts() == [])
    }

    @Test func whatIsImportedIsReadBack() async throws {
        let engineers = [try Engineer.make("ann", number: "+15550101"), try Engineer.make("bob", name: "Bø'b; --")]
        let shifts = [Shift.make("bob", line: "support", order: 2), Shift.make("ann")]
        _ = try await store.importEngineers(engineers, replace: false)
        _ = try await store.importShifts(shifts, replace: false)
        #expect(try await store.roster() == Roster(engineers: engineers, shifts: shifts))
    }

    @Test func engineersAreAddedChangedAndLeftAlone() async throws {
        _ = try await store.importEngineers([try .make("ann"), try .make("bob")], replace: false)
        let counts = try await store.importEngineers(
            [try .make("bob"), try .make("ann", number: "5550199"), try .make("cid")], replace: false)
        #expect(counts == ImportCounts(added: 1, changed: 1, unchanged: 1))
        #expect(try await store.engineers().map(\.id) == ["ann", "bob", "cid"])
        #expect(try await store.engineers().first?.number.text == "5550199")
    }

    @Test func replacingRemovesWhoIsNotGiven() async throws {
        _ = try await store.importEngineers([try .make("ann"), try .make("bob")], replace: false)
        let counts = try await store.importEngineers([try .make("bob")], replace: true)
        #expect(counts == ImportCounts(unchanged: 1, removed: 1))
        #expect(try await store.engineers().map(\.id) == ["bob"])
    }

    @Test func whoHasShiftsIsNotRemovedAndNothingElseHappens() async throws {
        _ = try await store.importEngineers([try .make("ann"), try .make("bob")], replace: false)
        _ = try await store.importShifts([.make("ann")], replace: false)
        await #expect(throws: StoreError.engineersInUse(["ann"])) {
            try await store.importEngineers([.make("bob", name: "New Name"), .make("cid")], replace: true)
        }
        #expect(try await store.engineers() == [try .make("ann"), try .make("bob")])
    }

    @Test func aShiftOfNobodyUndoesTheWholeImport() async throws {
        _ = try await store.importEngineers([try .make("ann")], replace: false)
        _ = try await store.importShifts([.make("ann")], replace: false)
        await #expect(throws: StoreError.self) {
            try await store.importShifts([.make("ann", start: 86_400), .make("nobody")], replace: true)
        }
        #expect(try await store.shifts() == [.make("ann")])
    }

    @Test func aShiftIsTheSameByLineRoleEngineerAndStart() async throws {
        _ = try await store.importEngineers([try .make("ann")], replace: false)
        _ = try await store.importShifts([.make("ann"), .make("ann", line: "support")], replace: false)
        let counts = try await store.importShifts(
            [.make("ann", hours: 9, order: 1), .make("ann", line: "support"), .make("ann", start: 60)], replace: false)
        #expect(counts == ImportCounts(added: 1, changed: 1, unchanged: 1))
        #expect(
            try await store.shifts()
                == [.make("ann", hours: 9, order: 1), .make("ann", line: "support"), .make("ann", start: 60)])
    }

    @Test func replacingShiftsKeepsTheOrderOfTheNewOnes() async throws {
        _ = try await store.importEngineers([try .make("ann"), try .make("bob")], replace: false)
        _ = try await store.importShifts([.make("ann"), .make("bob")], replace: false)
        let counts = try await store.importShifts([.make("bob"), .make("ann", start: 60)], replace: true)
        #expect(counts == ImportCounts(added: 1, unchanged: 1, removed: 1))
        #expect(try await store.shifts() == [.make("bob"), .make("ann", start: 60)])
    }

    @Test func contractsAreFoundByAllTheirDigits() async throws {
        let contracts = [try Contract.make("0012345678", minutes: 30), try Contract.make("12345678", entitled: false)]
        _ = try await store.importContracts(contracts, replace: false)
        #expect(try await store.contract(contracts[0].number) == contracts[0])
        #expect(try await store.contract(contracts[1].number) == contracts[1])
        #expect(try await store.contract(try #require(ContractNumber("012345678"))) == nil)
    }

    @Test func contractsAreCountedAndReplaced() async throws {
        _ = try await store.importContracts([try .make("1"), try .make("2"), try .make("3")], replace: false)
        let counts = try await store.importContracts(
            [try .make("1"), try .make("2", entitled: false), try .make("4")], replace: true)
        #expect(counts == ImportCounts(added: 1, changed: 1, unchanged: 1, removed: 1))
        #expect(try await store.contracts().map(\.number.digits) == ["1", "2", "4"])
    }

    @Test func aValueTheTableRefusesUndoesTheWholeImport() async throws {
        _ = try await store.importContracts([try .make("1")], replace: false)
        await #expect(throws: StoreError.self) {
            try await store.importContracts([.make("2"), .make("3", minutes: 0)], replace: true)
        }
        #expect(try await store.contracts() == [try .make("1")])
    }
}
