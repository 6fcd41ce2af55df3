extension Session {
    /// Makes a speech object of an engine; false when that failed. Sends `SPEECH CREATE`.
    public func createSpeech(engine: String = "") async throws(AGIError) -> Bool {
        try await perform(.speechCreate) { $0.argument(engine) }.number == 1
    }

    /// Sets an engine's setting; false when that failed. Sends `SPEECH SET`.
    public func setSpeech(_ name: String, to value: String) async throws(AGIError) -> Bool {
        try await perform(.speechSet) {
            $0.argument(name)
            $0.argument(value)
        }.number == 1
    }

    /// Loads a grammar from a path on the PBX under a name. Sends `SPEECH LOAD GRAMMAR`.
    public func loadGrammar(_ name: String, path: String) async throws(AGIError) -> Bool {
        try await perform(.speechLoadGrammar) {
            $0.argument(name)
            $0.argument(path)
        }.number == 1
    }

    /// Unloads a grammar. Sends `SPEECH UNLOAD GRAMMAR`.
    public func unloadGrammar(_ name: String) async throws(AGIError) -> Bool {
        try await perform(.speechUnloadGrammar) { $0.argument(name) }.number == 1
    }

    /// Makes a loaded grammar listen. Sends `SPEECH ACTIVATE GRAMMAR`.
    public func activateGrammar(_ name: String) async throws(AGIError) -> Bool {
        try await perform(.speechActivateGrammar) { $0.argument(name) }.number == 1
    }

    /// Makes a grammar stop listening. Sends `SPEECH DEACTIVATE GRAMMAR`.
    public func deactivateGrammar(_ name: String) async throws(AGIError) -> Bool {
        try await perform(.speechDeactivateGrammar) { $0.argument(name) }.number == 1
    }

    /// Gives the speech object back. Sends `SPEECH DESTROY`.
    public func destroySpeech() async throws(AGIError) -> Bool {
        try await perform(.speechDestroy).number == 1
    }

    /// Plays a prompt and listens. Sends `SPEECH RECOGNIZE`.
    ///
    /// - Parameters:
    ///   - timeout: how long to listen after the prompt.
    ///   - offset: where the prompt begins, in samples.
    public func recognizeSpeech(
        prompt: String, timeout: Duration, offset: Int = 0
    ) async throws(AGIError) -> SpeechRecognition {
        SpeechRecognition(
            try await perform(.speechRecognize) {
                $0.argument(prompt)
                $0.argument(timeout.milliseconds)
                $0.argument(offset)
            })
    }
}

/// What SPEECH RECOGNIZE heard.
public struct SpeechRecognition: Sendable, Equatable {
    /// One thing it may have been.
    public struct Candidate: Sendable, Equatable {
        /// 0–1,000.
        public let score: Int
        /// What was said.
        public let text: String
        /// The grammar that matched.
        public let grammar: String
    }

    /// How listening ended: `speech`, `digit`, `hangup` or `timeout`.
    public let end: String
    /// The key, when one ended it.
    public let digit: Character?
    /// Where the prompt was interrupted, in samples.
    public let position: Int?
    /// What was understood, the best first.
    public let candidates: [Candidate]

    init(_ reply: Reply) {
        end = reply.text ?? ""
        digit = reply.value(of: "digit")?.first
        position = reply.endPosition
        let count = min(64, reply.value(of: "results").flatMap { Int($0) } ?? 0)
        candidates = (0..<max(0, count)).map { index in
            Candidate(
                score: reply.value(of: "score\(index)").flatMap { Int($0) } ?? 0,
                text: reply.value(of: "text\(index)") ?? "", grammar: reply.value(of: "grammar\(index)") ?? "")
        }
    }
}
