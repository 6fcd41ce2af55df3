import OnCall
import Sockets
import Testing

@testable import Calls

/// Pages that want one engineer, and legs and rings that meet at awkward moments.
///
/// That of two claims of one page exactly one wins is the store's; its tests race them on a file.
@Suite(.timeLimit(.minutes(1))) struct ClaimTests {
    private static let ring = RingID(rawValue: 1)

    @Test func pagesGetAnEngineerInTheOrderInWhichTheyAsked() async throws {
        let order = try await onBoard { board, loop in
            var order: [Int] = []
            #expect(await board.reserve("e1", within: .zero))
            await withTaskGroup(of: Int.self) { group in
                for page in 1...3 {
                    group.addTask(executorPreference: loop) {
                        #expect(await board.reserve("e1", within: .seconds(30)))
                        board.release("e1")
                        return page
                    }
                    // The next one asks only when this one waits.
                    await loop.yield()
                }
                board.release("e1")
                for await page in group { order.append(page) }
            }
            return order
        }
        #expect(order == [1, 2, 3])
    }

    @Test func aPageThatHasGivenUpIsPassedOver() async throws {
        let results = try await onBoard { board, loop in
            #expect(await board.reserve("e1", within: .zero))
            async let patient = board.reserve("e1", within: .seconds(30))
            await loop.yield()
            let hasty = await board.reserve("e1", within: .milliseconds(5))
            board.release("e1")
            let first = await patient
            let isStillBusy = await board.reserve("e1", within: .zero)
            board.release("e1")
            let isFree = await board.reserve("e1", within: .zero)
            return [hasty, first, isStillBusy, isFree]
        }
        #expect(results == [false, true, false, true])
    }

    @Test func engineersAreReservedOneByOne() async throws {
        let results = try await onBoard { board, _ in
            [await board.reserve("e1", within: .zero), await board.reserve("e2", within: .zero)]
        }
        #expect(results == [true, true])
    }

    @Test func theCallersSessionHearsTheDecisionOnceItIsMade() async throws {
        let outcome = try await onBoard { board, loop in
            board.begin(Self.ring, engineer: "e1")
            async let outcome = board.decision(of: Self.ring, arrival: .seconds(30))
            await loop.yield()
            board.arrived(Self.ring)
            board.decide(Self.ring, .accepted)
            return await outcome
        }
        #expect(outcome == .accepted)
    }

    @Test func aLegThatHasComeMayTakeLongerThanTheArrivalToDecide() async throws {
        let outcome = try await onBoard { board, loop in
            board.begin(Self.ring, engineer: "e1")
            board.arrived(Self.ring)
            async let outcome = board.decision(of: Self.ring, arrival: .milliseconds(1))
            // The board's own timer for the arrival was set before this one and is due before it.
            await loop.sleep(for: .milliseconds(20))
            board.decide(Self.ring, .declined)
            return await outcome
        }
        #expect(outcome == .declined)
    }

    @Test func anEngineerWhoListensIsNotFreeBeforeTheLegIsOver() async throws {
        let results = try await onBoard { board, _ in
            #expect(await board.reserve("e1", within: .zero))
            board.begin(Self.ring, engineer: "e1")
            board.arrived(Self.ring)
            board.decide(Self.ring, .accepted)
            #expect(await board.decision(of: Self.ring, arrival: .seconds(30)) == .accepted)
            let whileListening = await board.reserve("e1", within: .zero)
            board.legEnded(Self.ring)
            return [whileListening, await board.reserve("e1", within: .zero)]
        }
        #expect(results == [false, true])
    }

    @Test func aRingThatEndsAndALegThatEndsLetGoOnlyOnce() async throws {
        let results = try await onBoard { board, _ in
            #expect(await board.reserve("e1", within: .zero))
            board.begin(Self.ring, engineer: "e1")
            board.arrived(Self.ring)
            board.end(Self.ring)
            // Another page has the engineer now; the late end of the first page's leg must not free them.
            let second = await board.reserve("e1", within: .zero)
            board.legEnded(Self.ring)
            return [second, await board.reserve("e1", within: .zero)]
        }
        #expect(results == [true, false])
    }

    @Test func aRingNobodyKnowsIsHungUp_andItsLegFreesNobody() async throws {
        let result = try await onBoard { board, _ in
            #expect(await board.reserve("e1", within: .zero))
            board.arrived(Self.ring)
            board.decide(Self.ring, .accepted)
            board.legEnded(Self.ring)
            let outcome = await board.decision(of: Self.ring, arrival: .seconds(30))
            return (outcome, await board.reserve("e1", within: .zero))
        }
        #expect(result.0 == .hungUp)
        #expect(!result.1)
    }

    private func onBoard<R: Sendable>(
        _ body: @escaping @Sendable (RingBoard, EventLoop) async -> R
    ) async throws -> R {
        let loop = try EventLoop(name: "test")
        defer { loop.stop() }
        return await Task(executorPreference: loop) { await body(RingBoard(loop: loop), loop) }.value
    }
}
