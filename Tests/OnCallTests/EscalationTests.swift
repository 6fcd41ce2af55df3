import Foundation
import OnCall
import Testing

/// Plays a page: what each ring ends with, and who is on call in which role.
private struct Play {
    var rings: [String] = []
    var waits: [Int] = []
    var end: PageEnd?

    init(
        _ plan: EscalationPlan, onCall: [String: [Engineer]], limit: Int = 1_000,
        outcome: (Engineer, _ ring: Int) -> RingOutcome = { _, _ in .notAnswered }
    ) {
        var escalation = Escalation(plan: plan)
        var event = Escalation.Event.started
        for _ in 0..<limit {
            switch escalation.next(after: event, at: .distantPast, onCall: { role, _ in onCall[role] ?? [] }) {
            case .ring(let engineer, let seconds, let round, let step):
                rings.append("\(engineer.id) \(seconds)s \(round).\(step)")
                event = .ringEnded(outcome(engineer, rings.count))
            case .wait(let seconds):
                waits.append(seconds)
                event = .waited
            case .end(let end):
                self.end = end
                return
            }
        }
    }
}

@Suite struct EscalationTests {
    private let plan = EscalationPlan(
        steps: [EscalationStep(role: "on-call", seconds: 30), EscalationStep(role: "backup", seconds: 20)], rounds: 2,
        pause: 60)

    private func roster(_ roles: [String: [String]]) throws -> [String: [Engineer]] {
        try roles.mapValues { try $0.map { try Engineer.make($0) } }
    }

    @Test func roundsGoThroughTheStepsInOrderWithAPauseBetween() throws {
        let play = Play(plan, onCall: try roster(["on-call": ["a", "b"], "backup": ["c"]]))
        #expect(play.rings == ["a 30s 1.1", "b 30s 1.1", "c 20s 1.2", "a 30s 2.1", "b 30s 2.1", "c 20s 2.2"])
        #expect(play.waits == [60])
        #expect(play.end == .exhausted)
    }

    @Test func nobodyIsRungTwiceInARound() throws {
        let play = Play(plan, onCall: try roster(["on-call": ["a", "b"], "backup": ["b", "c", "a"]]))
        #expect(play.rings.prefix(3) == ["a 30s 1.1", "b 30s 1.1", "c 20s 1.2"])
        #expect(play.rings.count == 6)
    }

    @Test func whoDeclinedIsNotRungAgain() throws {
        let onCall = try roster(["on-call": ["a"], "backup": ["b"]])
        let play = Play(plan, onCall: onCall) { engineer, _ in engineer.id == "a" ? .declined : .busy }
        #expect(play.rings == ["a 30s 1.1", "b 20s 1.2", "b 20s 2.2"])
        #expect(play.end == .exhausted)
    }

    @Test func whenEverybodyDeclinedItEndsWithoutAPause() throws {
        let play = Play(plan, onCall: try roster(["on-call": ["a"], "backup": ["b"]])) { _, _ in .declined }
        #expect(play.rings.count == 2)
        #expect(play.waits == [])
        #expect(play.end == .exhausted)
    }

    @Test func whenNobodyIsOnCallItEndsAtOnce() {
        let play = Play(plan, onCall: [:])
        #expect(play.rings == [])
        #expect(play.waits == [])
        #expect(play.end == .exhausted)
    }

    @Test func acceptingEndsIt() throws {
        let onCall = try roster(["on-call": ["a", "b"]])
        let play = Play(plan, onCall: onCall) { engineer, _ in engineer.id == "b" ? .accepted : .noKey }
        #expect(play.rings.count == 2)
        #expect(play.end == .accepted("b"))
    }

    @Test func takenBySomeoneElseEndsIt() throws {
        let play = Play(plan, onCall: try roster(["on-call": ["a", "b"]])) { _, _ in .taken }
        #expect(play.rings.count == 1)
        #expect(play.end == .accepted(nil))
    }

    @Test func aClaimInAnEarlierRingEndsItAndStays() throws {
        var escalation = Escalation(plan: plan)
        let onCall = try roster(["on-call": ["a", "b"]])
        func next(_ event: Escalation.Event) -> Escalation.Action {
            escalation.next(after: event, at: .distantPast) { role, _ in onCall[role] ?? [] }
        }
        _ = next(.started)
        _ = next(.ringEnded(.notAnswered))
        #expect(next(.claimed("a")) == .end(.accepted("a")))
        #expect(next(.ringEnded(.accepted)) == .end(.accepted("a")))
        #expect(next(.waited) == .end(.accepted("a")))
    }

    @Test func aShiftThatBeginsWhileAPhoneRingsCounts() throws {
        var escalation = Escalation(plan: plan)
        let (first, second) = (try Engineer.make("a"), try Engineer.make("b"))
        let start = try Date.at("2026-11-20T17:00Z")
        let change = start.addingTimeInterval(20)
        func onCall(_ role: String, _ date: Date) -> [Engineer] {
            role == "on-call" ? [date < change ? first : second] : []
        }
        #expect(
            escalation.next(after: .started, at: start, onCall: onCall) == .ring(first, seconds: 30, round: 1, step: 1))
        #expect(
            escalation.next(after: .ringEnded(.notAnswered), at: start.addingTimeInterval(30), onCall: onCall)
                == .ring(second, seconds: 30, round: 1, step: 1))
    }

    @Test func anEscalationGoesOnAfterItWasStored() throws {
        let onCall = try roster(["on-call": ["a", "b"]])
        func lookUp(_ role: String, _ date: Date) -> [Engineer] { onCall[role] ?? [] }
        var escalation = Escalation(plan: plan)
        _ = escalation.next(after: .started, at: .distantPast, onCall: lookUp)
        var restored = try JSONDecoder().decode(Escalation.self, from: try JSONEncoder().encode(escalation))
        #expect(restored == escalation)
        #expect(
            restored.next(after: .ringEnded(.declined), at: .distantPast, onCall: lookUp)
                == escalation.next(after: .ringEnded(.declined), at: .distantPast, onCall: lookUp))
    }

    @Test(arguments: [RingOutcome.cut, .lost]) func whoLostTheConnection_isRungOnceMoreBeforeTheNext(
        _ outcome: RingOutcome
    ) throws {
        let (first, second) = (try Engineer.make("first"), try Engineer.make("second"))
        let plan = EscalationPlan(steps: [EscalationStep(role: "on-call", seconds: 30)], rounds: 1)
        let play = Play(plan, onCall: ["on-call": [first, second]]) { _, _ in outcome }
        #expect(play.rings == ["first 30s 1.1", "first 30s 1.1", "second 30s 1.1", "second 30s 1.1"])
        #expect(play.end == .exhausted)
    }

    @Test func itAlwaysEndsAndNeverRingsMoreThanRoundsTimesEngineersAndOncePerBrokenRing() throws {
        var random = Xorshift(state: 0x5DEE_CE66)
        let ids = ["a", "b", "c", "d", "e"]
        let engineers = try ids.map { try Engineer.make($0) }
        for _ in 0..<2_000 {
            let roles = ["on-call", "backup", "boss"].prefix(Int.random(in: 1...3, using: &random))
            let plan = EscalationPlan(
                steps: (0..<Int.random(in: 1...5, using: &random)).map { _ in
                    EscalationStep(role: roles.randomElement(using: &random) ?? "on-call", seconds: 30)
                }, rounds: Int.random(in: 1...10, using: &random), pause: Int.random(in: 0...2, using: &random))
            let onCall = Dictionary(
                uniqueKeysWithValues: roles.map {
                    ($0, Array(engineers.shuffled(using: &random).prefix(Int.random(in: 0...5, using: &random))))
                })
            let likely = RingOutcome.allCases.filter { $0 != .accepted && $0 != .taken }
            let ending = Bool.random(using: &random) ? RingOutcome.allCases : likely
            var broken: Set<String> = []
            let play = Play(plan, onCall: onCall) { engineer, _ in
                let outcome = ending.randomElement(using: &random) ?? .failed
                if outcome == .cut || outcome == .lost { broken.insert(engineer.id) }
                return outcome
            }
            let involved = Set(plan.steps.flatMap { onCall[$0.role] ?? [] }.map(\.id))
            #expect(play.end != nil)
            // Once more, and no more than that, for each whose ring was cut or whose connection was lost.
            #expect(play.rings.count <= plan.rounds * involved.count + broken.count)
            #expect(play.waits.count < plan.rounds)
        }
    }
}

/// Random numbers that are the same in each run.
private struct Xorshift: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
