internal import AGI
internal import OnCall

/// Rings a number and connects who answers with the engineer's leg.
protocol Dialer {
    /// Answers when the call was answered (`SUCCESS`) or failed: ORIGINATE_STATUS.
    func ring(_ number: PhoneNumber, ring: RingID, line: Line, seconds: Int) async throws -> String
}

/// Rings over the caller's own AGI session: works after the caller has hung up, needs no account and no shared disk.
struct SessionDialer: Dialer {
    let session: Session

    func ring(_ number: PhoneNumber, ring: RingID, line: Line, seconds: Int) async throws -> String {
        try await session.originate(
            "Local/\(number.text)@\(line.outboundContext)/n", context: line.engineerContext,
            extension: String(ring.rawValue), ringing: .seconds(seconds), callerNumber: line.number.text,
            callerName: line.title)
    }
}
