/// How long to wait before the next try to connect: exponential, with full jitter.
///
/// Full jitter (any time from nothing to the bound) keeps many clients of a PBX that restarted from coming back at the
/// same instant.
public struct Backoff: Sendable {
    /// The bound of the first wait.
    public let first: Duration
    /// The bound that the waits grow to.
    public let limit: Duration
    private let random: @Sendable () -> Double
    private var failures = 0

    /// - Parameter random: a number from 0 up to 1.
    public init(first: Duration, limit: Duration, random: @escaping @Sendable () -> Double) {
        self.first = first
        self.limit = limit
        self.random = random
    }

    /// The next wait; its bound doubles each time up to the limit.
    public mutating func next() -> Duration {
        // 2 to the 32nd times anything is above every sensible limit.
        let bound = min(limit, first * (1 << min(failures, 32)))
        failures += 1
        return bound * min(max(random(), 0), 1)
    }

    /// Begins with the first wait again.
    public mutating func reset() { failures = 0 }
}
