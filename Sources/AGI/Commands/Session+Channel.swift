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
    ///
    /// - Returns: false when there is no channel of that name.
    @discardableResult
    public func hangUp(channel: String? = nil) async throws(AGIError) -> Bool {
        try await !perform(.hangUp) { if let channel { $0.argument(channel) } }.failed
    }

    /// The state of this session's channel, or of the one named; nil for no such channel, or a state that has no name
    /// here. Sends `CHANNEL STATUS`.
    public func channelStatus(_ channel: String? = nil) async throws(AGIError) -> ChannelState? {
        let reply = try await perform(.channelStatus) { if let channel { $0.argument(channel) } }
        return reply.number.flatMap(ChannelState.init(rawValue:))
    }

    /// Hangs the channel up after this time, to the millisecond; nil takes an earlier order back.
    /// Sends `SET AUTOHANGUP`.
    public func setAutoHangup(after time: Duration?) async throws(AGIError) {
        try await perform(.setAutoHangup) { $0.argument(time?.decimalSeconds ?? "0") }
    }

    /// Sets the caller ID of the channel: `15550100`, or `Support <15550100>` with a name. Sends `SET CALLERID`.
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
    ///
    /// - Throws: `AGIError.syntax` when the extension has no such label.
    public func setPriority(_ priority: String) async throws(AGIError) {
        try await perform(.setPriority) { $0.argument(priority) }
    }

    /// Music on hold on or off, of the class `default` unless another one is named. Sends `SET MUSIC`.
    ///
    /// Playing a sound ends it.
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
    public enum TDDMode: String, Sendable, CaseIterable { case on, off, mate, tdd }

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

    /// Sends text to a channel that can show it. Sends `SEND TEXT`.
    ///
    /// - Returns: false when the channel is gone. A channel that can't show text takes it all the same.
    @discardableResult
    public func sendText(_ text: String) async throws(AGIError) -> Bool {
        try await !perform(.sendText) { $0.argument(text) }.failed
    }

    /// Sends an image, named without its extension, to a channel that can show it. Sends `SEND IMAGE`.
    ///
    /// - Returns: false when the channel is gone. A channel that can't show images takes it all the same.
    @discardableResult
    public func sendImage(_ name: String) async throws(AGIError) -> Bool {
        try await !perform(.sendImage) { $0.argument(name) }.failed
    }

    /// One character of text from the channel. Sends `RECEIVE CHAR`.
    ///
    /// - Parameter timeout: how long to wait; nil for as long as the call lasts.
    /// - Returns: the character; nil when none came. Asterisk 16 and 22 say `-1 (hangup)` when the time is over, too, so
    ///   that is no sign of a hang-up here; `isHungUp` is.
    public func receiveCharacter(within timeout: Duration?) async throws(AGIError) -> Character? {
        let reply = try await perform(.receiveChar, lasting: timeout ?? limits.application) {
            $0.argument(Self.textTimeout(timeout))
        }
        guard let code = reply.number, code > 0, let scalar = Unicode.Scalar(UInt32(code)) else { return nil }
        return Character(scalar)
    }

    /// A line of text from the channel. Sends `RECEIVE TEXT`.
    ///
    /// - Parameter timeout: how long to wait; nil for as long as the call lasts.
    /// - Returns: the text; nil when none came in time or the channel is gone, which Asterisk does not tell apart here.
    public func receiveText(within timeout: Duration?) async throws(AGIError) -> String? {
        let reply = try await perform(.receiveText, lasting: timeout ?? limits.application) {
            $0.argument(Self.textTimeout(timeout))
        }
        return reply.failed ? nil : reply.text
    }

    /// Zero would wait for ever.
    private static func textTimeout(_ timeout: Duration?) -> Int { timeout.map { max(1, $0.milliseconds) } ?? 0 }
}

/// What `CHANNEL STATUS` answers. The corresponding C type is `enum ast_channel_state`.
public enum ChannelState: Int, Sendable, CaseIterable {
    /// Down and free.
    case down
    /// Down, but reserved.
    case reserved
    /// Off hook.
    case offHook
    /// Digits were dialled.
    case dialing
    /// The line rings.
    case ring
    /// The far end rings.
    case ringing
    /// Up: answered.
    case up
    /// Busy.
    case busy
    /// Digits were dialled while off hook.
    case dialingOffHook
    /// An incoming call is seen and its ringing has not begun.
    case preRing
}
