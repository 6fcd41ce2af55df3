public import Foundation

/// Whom to ring next for one page: a state, what happened, and what to do now. It has no clock and rings nobody itself.
///
/// In each round the steps go in order, in each step everyone who fills its role at that moment, one after the other.
/// Nobody is rung twice in a round but, once, who lost the connection, and nobody again who declined. It ends when somebody accepts, when the rounds are
/// through, or as soon as a round has nobody to ring.
public struct Escalation: Sendable, Equatable, Codable {
    /// What happened.
    public enum Event: Sendable, Equatable {
        /// The page begins.
        case started
        /// The ring of the last action ended.
        case ringEnded(RingOutcome)
        /// An engineer claimed the page, in whatever ring: the engineer's id.
        case claimed(String)
        /// The wait of the last action is over.
        case waited
    }

    /// What to do now.
    public enum Action: Sendable, Equatable {
        /// Ring the engineer for so many seconds; `round` and `step` count from 1.
        case ring(Engineer, seconds: Int, round: Int, step: Int)
        /// Wait so many seconds, then say `.waited`.
        case wait(Int)
        /// The page is over.
        case end(PageEnd)
    }

    /// Whom to ring.
    public let plan: EscalationPlan
    /// How the page ended, nil while it goes on.
    public private(set) var end: PageEnd?
    private var round = 0
    private var step = 0
    private var rungThisRound: Set<String> = []
    private var again: String?
    private var declined: Set<String> = []
    /// Who was rung again because a ring was cut or a connection lost.
    private var repeated: Set<String> = []
    /// The id of the engineer whose ring has not ended yet.
    public private(set) var ringing: String?

    /// The beginning of a page.
    public init(plan: EscalationPlan) {
        self.plan = plan
    }

    /// Takes in what happened and says what to do.
    ///
    /// - Parameters:
    ///   - event: What happened since the last action.
    ///   - date: Now; handed on to `onCall`.
    ///   - onCall: Who fills a role at a time, in the order of ringing.
    public mutating func next(
        after event: Event, at date: Date, onCall: (_ role: String, _ date: Date) -> [Engineer]
    ) -> Action {
        note(event)
        if let end { return .end(end) }
        while round < plan.rounds {
            if let action = ringInThisRound(at: date, onCall: onCall) { return action }
            let nobodyRung = rungThisRound.isEmpty
            round += 1
            step = 0
            rungThisRound = []
            if nobodyRung || round >= plan.rounds || !anyoneLeft(at: date, onCall: onCall) { break }
            if plan.pause > 0 { return .wait(plan.pause) }
        }
        end = .exhausted
        return .end(.exhausted)
    }

    private mutating func note(_ event: Event) {
        let engineer = ringing
        ringing = nil
        switch event {
        case .started, .waited:
            break
        case .claimed(let id):
            end = .accepted(id)
        case .ringEnded(.accepted) where end == nil:
            end = .accepted(engineer)
        case .ringEnded(.taken) where end == nil:
            end = .accepted(nil)
        case .ringEnded(.declined):
            if let engineer { declined.insert(engineer) }
        case .ringEnded(.cut), .ringEnded(.lost):
            // No fault of theirs, and they may be awake now: once more before the next one.
            if let engineer, repeated.insert(engineer).inserted {
                rungThisRound.remove(engineer)
                again = engineer
            }
        case .ringEnded:
            break
        }
    }

    /// The next ring of this round, asking the roster anew each time: a shift may have changed while a phone rang.
    private mutating func ringInThisRound(
        at date: Date, onCall: (String, Date) -> [Engineer]
    ) -> Action? {
        while step < plan.steps.count {
            let current = plan.steps[step]
            let candidates = onCall(current.role, date).filter {
                !rungThisRound.contains($0.id) && !declined.contains($0.id)
            }
            let free = candidates.first { $0.id == again } ?? candidates.first
            again = nil
            if let free {
                rungThisRound.insert(free.id)
                ringing = free.id
                return .ring(free, seconds: current.seconds, round: round + 1, step: step + 1)
            }
            step += 1
        }
        return nil
    }

    private func anyoneLeft(at date: Date, onCall: (String, Date) -> [Engineer]) -> Bool {
        plan.steps.contains { step in onCall(step.role, date).contains { !declined.contains($0.id) } }
    }
}
