extension AGIServer {
    /// How often what has happened, since the server was made.
    public struct Counts: Sendable, Equatable {
        /// Connections that were taken.
        public internal(set) var accepted = 0
        /// Sessions that have ended, however they did.
        public internal(set) var ended = 0
        /// Connections from an address that is not permitted.
        public internal(set) var refused = 0
        /// Connections beyond `Options.maximumSessions`.
        public internal(set) var overloaded = 0
        /// Connections without a whole environment, not in time, or past a limit.
        public internal(set) var notAGI = 0
        /// Sessions for a script that does not exist.
        public internal(set) var noRoute = 0
        /// Sessions whose handler ended with an error that is no hang-up.
        public internal(set) var failed = 0
        /// Calls that came while the server was draining.
        public internal(set) var draining = 0
        /// Times that descriptors or memory ran out while accepting.
        public internal(set) var exhausted = 0

        mutating func note(_ event: Event) {
            switch event {
            case .refused: refused += 1
            case .overloaded: overloaded += 1
            case .notAGI: notAGI += 1
            case .noRoute: noRoute += 1
            case .failed: failed += 1
            case .draining: draining += 1
            case .exhausted: exhausted += 1
            }
        }
    }
}
