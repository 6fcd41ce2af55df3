/// What SPEECH RECOGNIZE heard.
public struct SpeechRecognition: Sendable, Equatable {
    /// How listening ended.
    public enum End: String, Sendable {
        /// The engine has understood something, or given up.
        case speech
        /// A key was pressed.
        case digit
        /// The caller hung up.
        case hangUp = "hangup"
        /// Time.
        case timeout
        /// There is no speech object, or the channel's audio can't be read.
        case failed
    }

    /// One thing it may have been.
    public struct Candidate: Sendable, Equatable {
        /// How sure the engine is; most give 0 to 1,000.
        public let score: Int
        /// What was said.
        public let text: String
        /// The grammar that matched.
        public let grammar: String
    }

    /// How listening ended.
    public let end: End
    /// The key, when one ended it.
    public let digit: Character?
    /// Where the prompt was interrupted, in samples; nil when listening failed.
    public let position: Int?
    /// What was understood, in the engine's order: usually the best first.
    public let candidates: [Candidate]

    init(_ reply: Reply) {
        end = reply.text.flatMap(End.init(rawValue:)) ?? .failed
        digit = end == .digit ? reply.value(of: "digit")?.first : nil
        position = reply.endPosition
        candidates = end == .speech ? Self.candidates(in: reply.tail) : []
    }

    /// Reads `score0=900 text0="yes please" grammar0=main score1=…`, in the order in which Asterisk writes it.
    ///
    /// What was said stands between quotes and is not escaped, so its end is where the grammar of the same number
    /// begins, and not the next quote or blank. Asterisk cuts the whole list at 4,096 bytes; what was cut is left out.
    private static func candidates(in tail: String) -> [Candidate] {
        var found: [Candidate] = []
        var rest = tail[...]
        while let score = take(from: "score\(found.count)=", to: " text\(found.count)=\"", of: &rest),
            let text = take(from: "", to: "\" grammar\(found.count)=", of: &rest)
        {
            let next = rest.firstRange(of: " score\(found.count + 1)=")
            let grammar = rest[..<(next?.lowerBound ?? rest.endIndex)]
            found.append(Candidate(score: Int(score) ?? 0, text: String(text), grammar: String(grammar)))
            rest = rest[grammar.endIndex...]
        }
        return found
    }

    /// What stands between two marks; `rest` becomes what follows.
    private static func take(from mark: String, to end: String, of rest: inout Substring) -> Substring? {
        var start = rest.startIndex
        if !mark.isEmpty {
            guard let range = rest.firstRange(of: mark) else { return nil }
            start = range.upperBound
        }
        guard let range = rest[start...].firstRange(of: end) else { return nil }
        let found = rest[start..<range.lowerBound]
        rest = rest[range.upperBound...]
        return found
    }
}
