public import Sockets

/// Plays Asterisk's part of a transcript against a FastAGI server, over TCP.
///
/// ```swift
/// let transcript = try Transcript(contentsOf: "open.agi")
/// let replay = Replay(transcript, to: SocketAddress("127.0.0.1:4573")!, on: loop)
/// let outcome = await replay.run()
/// print(outcome.report)
/// ```
public struct Replay: Sendable {
    /// How fast Asterisk's lines are sent.
    public enum Pace: String, Sendable, CaseIterable {
        /// At once.
        case fast
        /// Not before the `@` time of the line has passed.
        case real
    }

    /// What is done where the server says what is not written.
    public enum Recording: String, Sendable, CaseIterable {
        /// It is a divergence.
        case never
        /// Commands behind the end of the transcript get the usual replies and are added to it; anything else that
        /// differs is a divergence.
        case missing
        /// As `missing`; also a command that differs takes the place of the one that is written, and where the server
        /// ends early the rest of its leg is dropped.
        case all
    }

    /// How to play.
    public struct Options: Sendable {
        /// For the next command or the end of a connection, and for connecting.
        public var patience: Duration = .seconds(10)
        /// How fast.
        public var pace = Pace.fast
        /// What is done with what is not written.
        public var recording = Recording.never

        /// Ten seconds, fast, nothing is recorded.
        public init() {}
    }

    /// What is played.
    public let transcript: Transcript
    private let address: SocketAddress
    private let loop: EventLoop
    private let options: Options

    /// Prepares a replay; nothing is connected before `run`.
    public init(
        _ transcript: Transcript, to address: SocketAddress, on loop: EventLoop, options: Options = Options()
    ) {
        self.transcript = transcript
        self.address = address
        self.loop = loop
        self.options = options
    }

    /// Plays the whole transcript, on the loop; it may be called from anywhere.
    public func run() async -> ReplayOutcome {
        let (transcript, address, loop, options) = (transcript, address, loop, options)
        return await Task(executorPreference: loop) {
            await Player(transcript, address, loop, options).play()
        }.value
    }
}

/// How a replay ended.
public struct ReplayOutcome: Sendable {
    /// Whether the server said what is written.
    public enum Result: Sendable, Equatable {
        /// All of it and nothing else.
        case passed
        /// Something else.
        case diverged(Divergence)
        /// The conversation broke off.
        case failed(TranscriptError)
    }

    /// The transcript's name.
    public let name: String
    /// Whether the server said what is written.
    public let result: Result
    /// Commands that the server sent as they are written, or that were recorded.
    public let exchanges: Int
    /// From the first byte to the last.
    public let duration: Duration
    /// The transcript with what was recorded; nil when nothing was.
    public let recorded: Transcript?
    /// What went wrong, with the lines around it; empty when it passed.
    public let report: String

    /// Whether the server said what is written.
    public var passed: Bool { result == .passed }

    /// The line of the transcript at which it ended; nil when it passed.
    public var line: Int? {
        switch result {
        case .passed: nil
        case .diverged(let divergence): divergence.line
        case .failed(let error): error.place?.line
        }
    }
}

/// The first thing that a server said otherwise than it is written.
public struct Divergence: Sendable, Equatable {
    /// The leg on which it was said.
    public let leg: String
    /// The line of the transcript, counted from 1.
    public let line: Int
    /// What is written: one command, or in a block all that were still to come; `the end of LEG` for an end.
    public let expected: [String]
    /// What the server sent.
    public let got: String
    /// What the names stood for.
    public let bindings: Bindings
}
