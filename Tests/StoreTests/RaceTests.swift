import OnCall
import Testing

@testable import Store

/// Two connections to one file, as the server and a command, or two servers, have them.
@Suite struct RaceTests {
    private let scratch: Scratch
    private let stores: [Store]

    init() throws {
        let scratch = try Scratch()
        self.scratch = scratch
        stores = try (0..<2).map { _ in try Store(path: scratch.path) }
    }

    @Test func ofManyWhoClaimAtOnceExactlyOneHasThePage() async throws {
        for round in 0..<100 {
            let page = try await stores[0].page("round-\(round)")
            var rings: [(store: Store, engineer: String, id: RingID)] = []
            for number in 0..<4 {
                let id = try await stores[0].beginRing(
                    page: page, engineer: "e\(number)", round: 1, step: 1, escalation: nil, at: .evening())
                rings.append((stores[number % 2], "e\(number)", id))
            }
            let results = try await withThrowingTaskGroup(of: (String, ClaimResult).self) { group in
                for ring in rings {
                    group.addTask {
                        let result = try await ring.store.claim(
                            page: page, ring: ring.id, engineer: ring.engineer, at: .evening())
                        return (ring.engineer, result)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let winners = results.filter { $0.1 == .claimed }.map(\.0)
            let winner = try #require(winners.first)
            #expect(winners.count == 1)
            #expect(results.filter { $0.1 == .taken(by: winner, name: winner) }.count == 3)
            #expect(try await stores[1].claimant(page: page) == winner)
        }
    }

    @Test func stepsOfOneCallThatBeginItAtOnceShareIt() async throws {
        let stores = stores
        for round in 0..<20 {
            async let first = stores[0].call("round-\(round)")
            async let second = stores[1].call("round-\(round)")
            #expect(try await first == second)
        }
    }

    @Test func aMessagePagedTwiceAtOnceHasOnePage() async throws {
        let stores = stores
        for round in 0..<20 {
            let message = try await stores[0].message(in: try await stores[0].call("round-\(round)"))
            async let first = stores[0].beginPage(message: message, at: .evening())
            async let second = stores[1].beginPage(message: message, at: .evening())
            #expect(try await first == second)
        }
    }

    @Test func ofTwoReplacingImportsAtOnceTheTableIsOneOrTheOther() async throws {
        for round in 0..<100 {
            // Other engineers each time, so that neither import can know those of the other beforehand.
            let files = [["a\(round)", "b\(round)"], ["c\(round)", "d\(round)", "e\(round)"]]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (store, ids) in zip(stores, files) {
                    group.addTask { _ = try await store.importEngineers(try ids.map { try .make($0) }, replace: true) }
                }
                try await group.waitForAll()
            }
            #expect(files.contains(try await stores[0].engineers().map(\.id)))
        }
    }

    @Test func whoFindsTheFileLockedWaitsForTheOther() async throws {
        let (store, path) = (stores[0], scratch.path)
        let other = try Database(path: path)
        try other.run("BEGIN IMMEDIATE", "test")
        async let call = store.call()
        try other.run("COMMIT", "test")
        #expect(try await stores[1].call(try await call)?.line == "support")
    }

    @Test func whatAnotherConnectionHasNotCommittedIsNotSeenAndDoesNotHoldUpReaders() async throws {
        let other = try Database(path: scratch.path)
        try other.run("BEGIN IMMEDIATE", "test")
        try other.run("INSERT INTO engineers (id, name, number) VALUES ('ann', 'Engineer', '5550100')", "test")
        #expect(try await stores[0].engineers() == [])
        try other.run("COMMIT", "test")
        #expect(try await stores[0].engineers().map(\.id) == ["ann"])
    }
}
