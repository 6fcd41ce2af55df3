/// Whom to ring: the steps in order, and how often to go through them.
public struct EscalationPlan: Sendable, Hashable, Codable {
    /// The steps of one round, in order.
    public var steps: [EscalationStep]
    /// How many rounds there are at most.
    public var rounds: Int
    /// The pause between two rounds, in seconds.
    public var pause: Int

    /// A plan; the default rings the role `on-call` for 30 s, twice, without a pause.
    public init(
        steps: [EscalationStep] = [EscalationStep(role: "on-call", seconds: 30)], rounds: Int = 2, pause: Int = 0
    ) {
        self.steps = steps
        self.rounds = rounds
        self.pause = pause
    }
}

/// One step of a round: everyone who fills the role, one after the other.
public struct EscalationStep: Sendable, Hashable, Codable {
    /// The role to look up in the roster.
    public var role: String
    /// How long each engineer's phone rings, in seconds.
    public var seconds: Int

    /// A step.
    public init(role: String, seconds: Int) {
        self.role = role
        self.seconds = seconds
    }
}
