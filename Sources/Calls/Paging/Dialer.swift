internal import AGI
public import OnCall

/// Rings a number and connects who answers with the engineer's leg.
public protocol Dialer {
    /// Waits until it can ring at all.
    func ready() async throws
    /// Answers when the call was answered (`SUCCESS`) or failed: ORIGINATE_STATUS; anything else when that was never known.
    func ring(_ number: PhoneNumber, ring: RingID, line: Line, seconds: Int) async throws -> String
}

/// Where there is no way to ring.
struct NoDialer: Dialer {
    struct Unavailable: Error, CustomStringConvertible {
        let description = "there is no call to ring from and no manager account"
    }

    func ready() throws { throw Unavailable() }
    func ring(_: PhoneNumber, ring: RingID, line: Line, seconds: Int) throws -> String { throw Unavailable() }
}

/// Rings over the caller's own AGI session: works after the caller has hung up, needs no account and no shared disk.
struct SessionDialer: Dialer {
    let session: Session

    func ready() {}

    func ring(_ number: PhoneNumber, ring: RingID, line: Line, seconds: Int) async throws -> String {
        try await session.originate(
            "Local/\(number.text)@\(line.outboundContext)/n", context: line.engineerContext,
            extension: String(ring.rawValue), ringing: .seconds(seconds), callerNumber: line.number.text,
            callerName: line.title)
    }
}
