internal import AGI
internal import OnCall
internal import Sockets

extension CallFlows {
    /// Plays a prompt; answers the key that stopped it.
    ///
    /// A prompt that is missing on the PBX is logged and passed over: it never ends a call.
    @discardableResult
    func say(_ prompt: Prompt, to session: Session, keys: String = "") async throws(AGIError) -> Character? {
        try await say(named: prompt.rawValue, to: session, keys: keys, isOptional: false).key
    }

    /// Plays a sound that may have been made for a line, a customer or an engineer; false when there is none.
    func sayIfThere(
        _ name: String, to session: Session, keys: String = ""
    ) async throws(AGIError) -> (wasThere: Bool, key: Character?) {
        let spoken = try await say(named: name, to: session, keys: keys, isOptional: true)
        return (spoken != .failed, spoken.key)
    }

    private func say(
        named name: String, to session: Session, keys: String, isOptional: Bool
    ) async throws(AGIError) -> Playback {
        let playback = try await session.streamFile("\(sounds)/\(name)", escapeDigits: keys)
        if playback == .failed {
            // A caller who has left makes it fail as well; this command tells the two apart, by throwing.
            _ = try await session.channelStatus()
            if !isOptional { missing(name, session) }
        }
        return playback
    }

    func missing(_ name: String, _ session: Session) {
        log(
            .warning, "prompt-missing",
            [
                ("sound", "\(sounds)/\(name)"), ("language", session.environment.language),
                ("mend", "nightbell sounds check"),
            ])
    }
}

/// Plays sounds one after the other until a key is pressed.
struct Announcement {
    let flows: CallFlows
    let session: Session
    let keys: String
    private(set) var key: Character?

    init(_ flows: CallFlows, _ session: Session, keys: String) {
        self.flows = flows
        self.session = session
        self.keys = keys
    }

    mutating func say(_ prompt: Prompt) async throws(AGIError) {
        if key == nil { key = try await flows.say(prompt, to: session, keys: keys) }
    }

    mutating func sayIfThere(_ name: String) async throws(AGIError) {
        if key == nil { key = try await flows.sayIfThere(name, to: session, keys: keys).key }
    }

    mutating func digits(_ digits: String) async throws(AGIError) {
        if key == nil { key = try await session.sayDigits(digits, escapeDigits: keys).key }
    }

    mutating func dateTime(_ seconds: Int64, timeZone: String) async throws(AGIError) {
        guard key == nil else { return }
        key = try await session.sayDateTime(
            secondsSince1970: seconds, escapeDigits: keys, format: "ABd 'digits/at' IMp", timeZone: timeZone
        ).key
    }

    /// Waits for a key when none was pressed yet; keys that mean nothing here are passed over.
    mutating func wait(seconds: Int) async throws(AGIError) {
        let deadline = session.loop.deadline(after: .seconds(seconds))
        while key == nil, session.loop.now < deadline {
            let left = Duration.nanoseconds(Int64(clamping: deadline - session.loop.now))
            guard let pressed = try await session.waitForDigit(within: left) else { return }
            if keys.contains(pressed) { key = pressed } else { try await flows.say(.invalidKey, to: session) }
        }
    }
}
