extension Session {
    /// Plays a sound, without its file extension. Sends `STREAM FILE`.
    ///
    /// - Parameters:
    ///   - name: the sound, without its file extension.
    ///   - escapeDigits: the keys that stop it.
    ///   - offset: where to begin, in samples (8,000 a second).
    /// - Returns: how it ended; `failed` also when the sound does not exist, which does not end the call.
    public func streamFile(
        _ name: String, escapeDigits: String = "", offset: Int? = nil
    ) async throws(AGIError) -> Playback {
        Playback(
            try await perform(.streamFile) {
                $0.argument(name)
                $0.argument(escapeDigits)
                if let offset { $0.argument(offset) }
            })
    }

    /// Plays a sound and waits some time for an escape digit. Sends `GET OPTION`.
    ///
    /// - Parameters:
    ///   - name: the sound, without its file extension.
    ///   - escapeDigits: the keys that are waited for; another one ends the wait after the sound too, as no key.
    ///   - timeout: how long to wait after the sound; nil for the channel's TIMEOUT(digit), usually five seconds.
    public func getOption(
        _ name: String, escapeDigits: String, timeout: Duration? = nil
    ) async throws(AGIError) -> Playback {
        Playback(
            try await perform(.getOption) {
                $0.argument(name)
                $0.argument(escapeDigits)
                if let timeout { $0.argument(timeout.milliseconds) }
            })
    }

    /// Plays a sound that the listener can wind and pause. Sends `CONTROL STREAM FILE`.
    ///
    /// - Parameters:
    ///   - name: the sound, without its file extension.
    ///   - escapeDigits: the keys that stop it.
    ///   - skip: how far winding goes, at a key press.
    ///   - forward: the key that winds forward. There is always one: `#` unless another.
    ///   - rewind: the key that winds back. There is always one: `*` unless another.
    ///   - pause: the key that pauses and goes on; nil for none.
    ///   - offset: where to begin.
    /// - Returns: how it ended. CPLAYBACKSTATUS and CPLAYBACKOFFSET tell more.
    public func controlStreamFile(
        _ name: String, escapeDigits: String = "", skip: Duration = .seconds(3), forward: Character = "#",
        rewind: Character = "*", pause: Character? = nil, offset: Duration = .zero
    ) async throws(AGIError) -> Playback {
        Playback(
            try await perform(.controlStreamFile) {
                $0.argument(name)
                $0.argument(escapeDigits)
                $0.argument(skip.milliseconds)
                $0.argument(String(forward))
                $0.argument(String(rewind))
                $0.argument(pause.map(String.init) ?? "")
                $0.argument(offset.milliseconds)
            })
    }

    /// Records to a file. Sends `RECORD FILE`.
    ///
    /// - Parameters:
    ///   - name: the file without its extension, on the PBX.
    ///   - format: the file's format and extension, such as `wav`.
    ///   - escapeDigits: the keys that end it.
    ///   - timeout: the longest recording; nil for no end.
    ///   - offset: where in a file that is there already to go on, in samples; 0 writes it anew.
    ///   - beep: whether a tone invites to speak.
    ///   - silence: how much silence ends it, in whole seconds; nil for any.
    /// - Returns: how it ended; Asterisk says `timeout` for the silence too.
    public func recordFile(
        _ name: String, format: String, escapeDigits: String, timeout: Duration?, offset: Int = 0, beep: Bool = true,
        silence: Duration? = nil
    ) async throws(AGIError) -> Recording {
        Recording(
            try await perform(.recordFile, lasting: timeout) {
                $0.argument(name)
                $0.argument(format)
                $0.argument(escapeDigits)
                $0.argument(timeout?.milliseconds ?? -1)
                $0.argument(offset)
                if beep { $0.word("BEEP") }
                if let silence { $0.argument("s=\(max(1, silence.wholeSeconds))") }
            })
    }
}

/// How playing a sound ended.
public enum Playback: Sendable, Equatable {
    /// It was played to the end.
    case finished
    /// A key stopped it.
    case key(KeyPress)
    /// It could not be played (no such file, or the caller is gone).
    case failed

    init(_ reply: Reply) {
        if reply.failed { self = .failed } else { self = KeyPress(reply).map(Playback.key) ?? .finished }
    }

    /// The key that stopped it, if one did.
    public var key: Character? {
        if case .key(let press) = self { press.key } else { nil }
    }
}

/// How a recording ended.
public struct Recording: Sendable, Equatable {
    /// Why it ended.
    public enum End: String, Sendable {
        /// One of the keys.
        case key = "dtmf"
        /// Time, or silence.
        case timeout
        /// The caller hung up; what was said until then is kept.
        case hangUp = "hangup"
        /// The channel could not be read any more.
        case unreadable = "waitfor"
        /// A key during the beep, or a beep that could not be played: nothing was recorded.
        case notBegun = "randomerror"
        /// The file could not be written.
        case unwritable = "writefile"
        /// Asterisk did not say why.
        case failed
    }

    /// Why it ended.
    public let end: End
    /// The key that ended it, or came before it began.
    public let key: Character?
    /// Where in the file it ended, in samples (8,000 a second); nil when nothing could be written.
    public let samples: Int?

    init(_ reply: Reply) {
        end = reply.text.flatMap(End.init(rawValue:)) ?? .failed
        key = end == .key || end == .notBegun ? KeyPress(reply)?.key : nil
        samples = reply.endPosition
    }
}
