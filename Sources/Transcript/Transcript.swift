/// One call as it is written down: what Asterisk says, and what a FastAGI server must say.
///
/// The format is described in <doc:Format>. All lines are kept, comments too, so that a recording that changes a
/// transcript leaves the rest of it alone.
public struct Transcript: Sendable, Equatable {
    /// A line and where it stands.
    public struct Line: Sendable, Equatable {
        /// Counted from 1.
        public let number: Int
        /// What it says.
        public let content: Content

        /// The line as the format writes it.
        public var text: String { content.description }

        /// The pattern of a `>` line; nil for any other line.
        public var command: Pattern? {
            if case .command(let pattern) = content { pattern } else { nil }
        }
    }

    /// What a line can say.
    public enum Content: Sendable, Equatable {
        /// Nothing.
        case empty
        /// `#…`: for readers.
        case comment(String)
        /// `#: NAME VALUE`: a fact about the recording.
        case heading(name: String, value: String)
        /// `agi_NAME: VALUE`: what Asterisk says of the channel of the leg that has just begun.
        case environment(name: String, value: Template)
        /// `>`: what the server must send.
        case command(Pattern)
        /// `<`: what Asterisk answers.
        case reply(Template)
        /// `!`: what Asterisk says unasked.
        case unasked(Template)
        /// `@`: when the next line came, in milliseconds from the first byte of the call.
        case time(milliseconds: Int)
        /// `= LEG SCRIPT`: Asterisk connects once more.
        case call(leg: String, script: Template)
        /// `= LEG`: the lines below are of that leg.
        case leg(String)
        /// `{`: the exchanges up to `}` come in any order.
        case blockStart
        /// `}`.
        case blockEnd
        /// `. server` or `. asterisk`: who closes the connection of this leg.
        case end(Side)
    }

    /// Who closes a connection.
    public enum Side: String, Sendable {
        /// The FastAGI server.
        case server
        /// Asterisk, because the call is over.
        case asterisk
    }

    /// The name of the leg with which every transcript begins.
    public static let firstLeg = "caller"

    /// The file, as it is named in messages.
    public let name: String
    /// All lines, also the empty ones.
    public let lines: [Line]

    init(name: String, lines: [Line]) {
        self.name = name
        self.lines = lines
    }

    /// Two transcripts are equal when their lines are, whatever they are called.
    public static func == (left: Transcript, right: Transcript) -> Bool { left.lines == right.lines }

    /// The legs in the order in which they begin; the first is always `caller`.
    public var legs: [String] {
        [Self.firstLeg]
            + lines.compactMap { line in
                if case .call(let leg, _) = line.content { leg } else { nil }
            }
    }

    /// The headings in their order.
    public var headings: [(name: String, value: String)] {
        lines.compactMap { line in
            if case .heading(let name, let value) = line.content { (name, value) } else { nil }
        }
    }

    /// The value of the first heading of this name; nil without one.
    public func heading(_ name: String) -> String? { headings.first { $0.name == name }?.value }

    /// Where a line stands.
    public func place(of line: Int) -> Place { Place(file: name, line: line) }

    /// The whole file. Parsing it again gives an equal transcript.
    public var text: String { lines.map { $0.text + "\n" }.joined() }
}

extension Transcript.Content: CustomStringConvertible {
    /// The line as the format writes it, without its newline.
    public var description: String {
        switch self {
        case .empty: ""
        case .comment(let text): "#\(text)"
        case .heading(let name, let value): value.isEmpty ? "#: \(name)" : "#: \(name) \(value)"
        case .environment(let name, let value): marked("\(name):", value.description)
        case .command(let pattern): marked(">", pattern.description)
        case .reply(let template): marked("<", template.description)
        case .unasked(let template): marked("!", template.description)
        case .time(let milliseconds): "@ \(milliseconds / 1_000).\(padded(milliseconds % 1_000, 3))"
        case .call(let leg, let script): "= \(leg) \(script)"
        case .leg(let leg): "= \(leg)"
        case .blockStart: "{"
        case .blockEnd: "}"
        case .end(let side): ". \(side.rawValue)"
        }
    }

    private func marked(_ mark: String, _ text: String) -> String { text.isEmpty ? mark : "\(mark) \(text)" }
}
