import Glibc
import Synchronization
import Testing

@testable import Sockets

struct EventLoopTests {
    @Test func yielding_letsTheOthersRunFirst() async throws {
        let order = try await onLoop { loop in
            let log = Log()
            await withDiscardingTaskGroup { group in
                group.addTask(executorPreference: loop) {
                    log.entries.append(1)
                    await loop.yield()
                    log.entries.append(3)
                }
                group.addTask(executorPreference: loop) { log.entries.append(2) }
            }
            return log.entries
        }
        #expect(order == [1, 2, 3])
    }

    @Test func aTaskThatPrefersTheLoop_runsOnItsThread() async throws {
        let facts = try await onLoop { loop in
            let before = loop.isCurrent
            await loop.yield()
            await loop.sleep(for: .milliseconds(1))
            return [before, loop.isCurrent]
        }
        #expect(facts == [true, true])
    }

    @Test func childTasks_comeBackToTheLoop() async throws {
        let onLoopCount = try await onLoop { loop in
            await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<100 {
                    group.addTask(executorPreference: loop) {
                        await loop.yield()
                        return loop.isCurrent
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
        }
        #expect(onLoopCount == 100)
    }

    @Test func anActorElsewhere_isLeftAgain() async throws {
        let isCurrent = try await onLoop { loop in
            let counter = Counter()
            for _ in 0..<50 { await counter.add() }
            return (loop.isCurrent, await counter.value)
        }
        #expect(isCurrent.0)
        #expect(isCurrent.1 == 50)
    }

    @Test func actions_runInTheOrderOfTheirTimes() async throws {
        let order = try await onLoop { loop in
            let log = Log()
            let base = loop.now
            for milliseconds in [3, 1, 2] {
                loop.schedule(at: base + UInt64(milliseconds) * 1_000_000) { log.entries.append(milliseconds) }
            }
            await loop.sleep(for: .milliseconds(10))
            return log.entries
        }
        #expect(order == [1, 2, 3])
    }

    @Test func anIdleLoop_doesNotTurn() async throws {
        let turns = try await onLoop { loop in
            let before = loop.turns
            await loop.sleep(for: .milliseconds(30))
            return loop.turns - before
        }
        #expect(turns <= 3)
    }

    @Test func aThousandShortConnections_leaveAtMostOneDeadlineEach() async throws {
        try await onLoop { loop in
            for _ in 0..<1_000 {
                let (near, far) = try makePair(on: loop)
                far.close()
                _ = try await near.read(until: loop.deadline(after: .seconds(3_600))) { _ in }
            }
            #expect(loop.slots.filter { $0.armed != .max }.count < 20)
        }
    }

    @Test func theHeap_givesBackInOrder() {
        var heap = MinHeap<Int>()
        var generator = SystemRandomNumberGenerator()
        let times = (0..<500).map { _ in UInt64.random(in: 0..<1_000, using: &generator) }
        for (index, time) in times.enumerated() { heap.insert(index, at: time) }
        var drained: [UInt64] = []
        while let (time, _) = heap.removeDue(at: .max) { drained.append(time) }
        #expect(drained == times.sorted())
        #expect(heap.count == 0)
    }
}

private actor Counter {
    var value = 0
    func add() { value += 1 }
}

private final class Log: @unchecked Sendable {
    var entries: [Int] = []
}
