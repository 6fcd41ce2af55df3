extension Session {
    /// Answers the channel if it was not yet. Sends `ANSWER`.
    ///
    /// - Throws: `AGIError.hungUp` when the channel could not be answered any more.
    public func answer() async throws(AGIError) {
        let reply = try await perform(.answer)
        if reply.failed { throw .hungUp(command: "ANSWER") }
    }

    /// Hangs up this session's channel, or the one named. Sends `HANGUP`.
    ///
    /// The session goes on afterwards with the commands that are dead-safe.
    public func hangUp(channel: String? = nil) async throws(AGIError) {
        try await perform(.hangUp) { if let channel { $0.argument(channel) } }
    }

    /// The state of the channel: 0 down … 4 ringing, 5 remote ringing, 6 up, 7 busy; nil for no such channel.
    /// Sends `CHANNEL STATUS`.
    public func channelStatus(_ channel: String? = nil) async throws(AGIError) -> Int? {
        let reply = try await perform(.channelStatus) { if let channel { $0.argument(channel) } }
        return reply.failed ? nil : reply.number
    }

    /// Hangs the channel up after so many seconds; 0 never. Sends `SET AUTOHANGUP`.
    public func setAutoHangup(seconds: Int) async throws(AGIError) {
        try await perform(.setAutoHangup) { $0.argument(seconds) }
    }

    /// Sets the caller ID of the channel. Sends `SET CALLERID`.
    public func setCallerID(_ number: String) async throws(AGIError) {
        try await perform(.setCallerID) { $0.argument(number) }
    }

    /// Where the dialplan goes on after the session: the context. Sends `SET CONTEXT`.
    public func setContext(_ context: String) async throws(AGIError) {
        try await perform(.setContext) { $0.argument(context) }
    }

    /// Where the dialplan goes on after the session: the extension. Sends `SET EXTENSION`.
    public func setExtension(_ name: String) async throws(AGIError) {
        try await perform(.setExtension) { $0.argument(name) }
    }

    /// Where the dialplan goes on after the session: a priority or a label. Sends `SET PRIORITY`.
    public func setPriority(_ priority: String) async throws(AGIError) {
        try await perform(.setPriority) { $0.argument(priority) }
    }

    /// Music on hold on or off, of a class if one is named. Sends `SET MUSIC`.
    public func setMusic(_ isOn: Bool, class name: String? = nil) async throws(AGIError) {
        try await perform(.setMusic) {
            if isOn { $0.word("on") } else { $0.word("off") }
            if let name { $0.argument(name) }
        }
    }

    /// Switches transmission for the deaf; false when the channel can't. Sends `TDD MODE`.
    @discardableResult
    public func setTDDMode(_ mode: TDDMode) async throws(AGIError) -> Bool {
        try await perform(.tddMode) { $0.argument(mode.rawValue) }.number == 1
    }

    /// What `TDD MODE` takes.
    public enum TDDMode: String, Sendable { case on, off, mate, tdd }

    /// Does nothing; a way to learn whether the caller is still there. Sends `NOOP`.
    public func noop(_ text: String = "") async throws(AGIError) {
        try await perform(.noop) { if !text.isEmpty { $0.argument(text) } }
    }

    /// Writes a line to Asterisk's console and log, seen from verbosity `level` (1–4) on. Sends `VERBOSE`.
    public func verbose(_ message: String, level: Int = 1) async throws(AGIError) {
        try await perform(.verbose) {
            $0.argument(message)
            $0.argument(level)
        }
    }

    /// Ends AsyncAGI; meaningful only there. Sends `ASYNCAGI BREAK`.
    public func breakAsyncAGI() async throws(AGIError) {
        try await perform(.asyncAGIBreak)
    }

    /// Sends text to a channel that can show it; false when it can't. Sends `SEND TEXT`.
    @discardableResult
    public func sendText(_ text: String) async throws(AGIError) -> Bool {
        try await !perform(.sendText) { $0.argument(text) }.failed
    }

    /// Sends an image to a channel that can show it; false when it can't. Sends `SEND IMAGE`.
    @discardableResult
    public func sendImage(_ name: String) async throws(AGIError) -> Bool {
        try await !perform(.sendImage) { $0.argument(name) }.failed
    }

    /// One character of text from the channel; nil when none came in time. Sends `RECEIVE CHAR`.
    public func receiveCharacter(within timeout: Duration) async throws(AGIError) -> Character? {
        let reply = try await perform(.receiveChar, lasting: timeout) { $0.argument(timeout.milliseconds) }
        guard let code = reply.number, code > 0, let scalar = Unicode.Scalar(UInt32(code)) else { return nil }
        return Character(scalar)
    }

    /// A line of text from the channel; nil when none came in time. Sends `RECEIVE TEXT`.
    public func receiveText(within timeout: Duration) async throws(AGIError) -> String? {
        let reply = try await perform(.receiveText, lasting: timeout) { $0.argument(timeout.milliseconds) }
        return reply.failed ? nil : reply.text
    }
}

extension Duration {
    /// Whole milliseconds, as AGI's time arguments are; never negative.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        return max(0, Int(clamping: seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}
