extension Session {
    /// Makes a speech object for the other speech commands. Sends `SPEECH CREATE`.
    ///
    /// - Parameter engine: its name; empty for the first one that is loaded.
    /// - Returns: false when there is no such engine, or an object already.
    public func createSpeech(engine: String = "") async throws(AGIError) -> Bool {
        try await perform(.speechCreate) { $0.argument(engine) }.number == 1
    }

    /// Sets an engine's setting; false without a speech object, as with all that follow. Sends `SPEECH SET`.
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
    ///   - prompt: the sound, without its file extension.
    ///   - timeout: how long to listen after the prompt, in whole seconds (unlike other commands, this one takes
    ///     seconds); nil for as long as the call lasts.
    ///   - offset: where the prompt begins, in samples.
    public func recognizeSpeech(
        prompt: String, timeout: Duration?, offset: Int? = nil
    ) async throws(AGIError) -> SpeechRecognition {
        SpeechRecognition(
            try await perform(.speechRecognize) {
                $0.argument(prompt)
                $0.argument(timeout.map { max(1, $0.wholeSeconds) } ?? 0)
                if let offset { $0.argument(offset) }
            })
    }
}
