extension Session {
    /// Plays a sound and collects digits, which may begin while it plays. Sends `GET DATA`.
    ///
    /// - Parameters:
    ///   - name: the sound, without its file extension.
    ///   - timeout: the wait for the first and between digits; nil or zero for Asterisk's own: six seconds for the
    ///     first, two between them.
    ///   - count: how many digits end it; nil for as many as Asterisk takes. `#` ends it before.
    /// - Returns: the digits as typed, `*` and leading zeros included, and what ended them.
    public func getData(
        _ name: String, timeout: Duration? = nil, count: Int? = nil
    ) async throws(AGIError) -> TypedDigits {
        let reply = try await perform(.getData) {
            $0.argument(name)
            // The count comes after the timeout, so that a count needs one.
            if timeout != nil || count != nil { $0.argument(timeout?.milliseconds ?? 0) }
            if let count { $0.argument(count) }
        }
        if reply.failed { return TypedDigits(digits: "", end: .failed) }
        if reply.text == "timeout" { return TypedDigits(digits: reply.result, end: .timeout) }
        return TypedDigits(digits: reply.result, end: reply.result.count >= count ?? 1_024 ? .full : .pound)
    }

    /// Waits for one key. Sends `WAIT FOR DIGIT`.
    ///
    /// - Parameter timeout: how long; nil for as long as the call lasts.
    /// - Returns: the key; nil when none came in time.
    /// - Throws: `AGIError.hungUp` when the channel went away.
    public func waitForDigit(within timeout: Duration?) async throws(AGIError) -> Character? {
        let reply = try await perform(.waitForDigit, lasting: timeout ?? limits.application) {
            $0.argument(timeout?.milliseconds ?? -1)
        }
        if reply.failed { throw .hungUp(command: "WAIT FOR DIGIT") }
        return KeyPress(reply)?.key
    }
}

/// Digits that a caller typed.
public struct TypedDigits: Sendable, Equatable {
    /// What ended the typing.
    public enum End: Sendable {
        /// As many digits as were asked for.
        case full
        /// The `#` key.
        case pound
        /// Time.
        case timeout
        /// The sound could not be played or the channel is gone; nothing was collected.
        case failed
    }

    /// The digits as typed, `*` included.
    public let digits: String
    /// What ended them.
    public let end: End

    /// Digits and what ended them.
    public init(digits: String, end: End) {
        self.digits = digits
        self.end = end
    }
}
