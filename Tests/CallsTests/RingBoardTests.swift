import OnCall
import Sockets
import Testing

@testable import Calls

struct RingBoardTests {
    private static let ring = RingID(rawValue: 1)

    @Test func aDecisionThatComesBeforeOriginatesAnswer_isNotLost() async throws {
        let outcome = try await onBoard { board in
            _ = await board.reserve("e1", within: .seconds(1))
            board.begin(Self.ring, engineer: "e1")
            board.arrived(Self.ring)
            board.decide(Self.ring, .accepted)
            board.legEnded(Self.ring)
            return await board.decision(of: Self.ring, arrival: .seconds(10))
        }
        #expect(outcome == .accepted)
    }

    @Test func theFirstDecisionCounts() async throws {
        let outcome = try await onBoard { board in
            board.begin(Self.ring, engineer: "e1")
            board.arrived(Self.ring)
            board.decide(Self.ring, .declined)
            board.decide(Self.ring, .accepted)
            return await board.decision(of: Self.ring, arrival: .seconds(10))
        }
        #expect(outcome == .declined)
    }

    @Test func aLegThatNeverComes_hasFailed_andTheEngineerIsFree() async throws {
        let facts = try await onBoard { board in
            _ = await board.reserve("e1", within: .zero)
            board.begin(Self.ring, engineer: "e1")
            let outcome = await board.decision(of: Self.ring, arrival: .milliseconds(5))
            return (outcome, await board.reserve("e1", within: .zero))
        }
        #expect(facts.0 == .failed)
        #expect(facts.1)
    }

    @Test func aLegThatEndsWithoutADecision_isHungUp_andLetsTheEngineerGo() async throws {
        let facts = try await onBoard { board in
            _ = await board.reserve("e1", within: .zero)
            board.begin(Self.ring, engineer: "e1")
            board.arrived(Self.ring)
            board.legEnded(Self.ring)
            return (
                await board.decision(of: Self.ring, arrival: .seconds(10)), await board.reserve("e1", within: .zero)
            )
        }
        #expect(facts.0 == .hungUp)
        #expect(facts.1)
    }

    @Test func anEngineerOnThePhone_isWaitedForAndThenGivenUp() async throws {
        let facts = try await onBoard { board in
            let first = await board.reserve("e1", within: .zero)
            let second = await board.reserve("e1", within: .milliseconds(5))
            board.release("e1")
            return [first, second, await board.reserve("e1", within: .zero)]
        }
        #expect(facts == [true, false, true])
    }

    private func onBoard<R: Sendable>(_ body: @escaping @Sendable (RingBoard) async -> R) async throws -> R {
        let loop = try EventLoop(name: "test")
        defer { loop.stop() }
        return await Task(executorPreference: loop) { await body(RingBoard(loop: loop)) }.value
    }
}
