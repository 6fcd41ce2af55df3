/// What a server must send: the compiled text of a `>` line. It is matched on bytes.
public struct Pattern: Sendable, Equatable, CustomStringConvertible {
    /// What a wildcard stands for.
    public enum Kind: String, Sendable {
        /// Any run of bytes, also none; the shortest that lets the whole line match.
        case any = "*"
        /// One or more of 0–9, as many as can be.
        case digits
        /// An optional sign, digits, and optionally a point and digits.
        case number
        /// One or more bytes, none of them blank, tab or quote.
        case path
        /// One or more bytes, none of them blank, tab, quote or comma.
        case word
    }

    enum Token: Sendable, Equatable {
        case literal([UInt8])
        case wildcard(Kind, name: String?)
    }

    let tokens: [Token]

    /// A pattern that only these bytes match.
    public init(literal bytes: [UInt8]) {
        tokens = bytes.isEmpty ? [] : [.literal(bytes)]
    }

    /// Compiles the text of a `>` line, without its mark.
    ///
    /// - Throws: `TranscriptError.malformed` at line 1 of a file `pattern`.
    public init(_ text: String) throws(TranscriptError) {
        do throws(Placeholders.Problem) {
            try self.init(parsing: text)
        } catch {
            throw .malformed(Place(file: "pattern", line: 1), problem: error.problem, remedy: error.remedy)
        }
    }

    init(parsing text: some StringProtocol) throws(Placeholders.Problem) {
        var tokens: [Token] = []
        var wildcards = 0
        for part in try Placeholders.parse(text) {
            switch part {
            case .bytes(let bytes):
                guard !bytes.contains(UInt8(ascii: "\n")) else {
                    throw Placeholders.Problem(
                        problem: "a command never holds %{x0A}", remedy: "write each command as a line of its own")
                }
                tokens.append(.literal(bytes))
            case .kind(let kind): tokens.append(.wildcard(kind, name: nil))
            case .name(let name, let kind): tokens.append(.wildcard(kind ?? .any, name: name))
            }
            if case .wildcard = tokens.last { wildcards += 1 }
        }
        guard wildcards <= TranscriptLimits.wildcards else {
            throw Placeholders.Problem(
                problem: "more than \(TranscriptLimits.wildcards) wildcards in a line",
                remedy: "let one %{*} stand for several of them")
        }
        self.tokens = tokens
    }

    /// The names that a match binds, in their order.
    public var names: [String] {
        tokens.compactMap { token in
            if case .wildcard(_, let name) = token { name } else { nil }
        }
    }

    /// Whether only one text matches.
    public var isLiteral: Bool {
        !tokens.contains { token in
            if case .wildcard = token { true } else { false }
        }
    }

    /// The text of the line as the format writes it.
    public var description: String {
        Placeholders.guardTrailingBlank(
            tokens.map { token in
                switch token {
                case .literal(let bytes): Placeholders.escape(bytes)
                case .wildcard(let kind, nil): "%{\(kind.rawValue)}"
                case .wildcard(.any, let name?): "%{\(name)}"
                case .wildcard(let kind, let name?): "%{\(name):\(kind.rawValue)}"
                }
            }.joined())
    }
}

/// What Asterisk sends: the text of a `<`, `!` or environment line or the script of a leg, with names to insert.
public struct Template: Sendable, Equatable, CustomStringConvertible {
    enum Part: Sendable, Equatable {
        case bytes([UInt8])
        case name(String)
    }

    let parts: [Part]

    /// A text without names: these bytes.
    public init(literal bytes: [UInt8]) {
        parts = bytes.isEmpty ? [] : [.bytes(bytes)]
    }

    init(parsing text: some StringProtocol, lines: Bool) throws(Placeholders.Problem) {
        var parts: [Part] = []
        for part in try Placeholders.parse(text) {
            switch part {
            case .bytes(let bytes):
                guard lines || !bytes.contains(UInt8(ascii: "\n")) else {
                    throw Placeholders.Problem(
                        problem: "an environment line never holds %{x0A}", remedy: "write a line of its own")
                }
                parts.append(.bytes(bytes))
            case .name(let name, nil): parts.append(.name(name))
            case .kind(let kind), .name(_, let kind?):
                throw Placeholders.Problem(
                    problem: "a kind ('\(kind.rawValue)') in a line that Asterisk sends",
                    remedy: "kinds belong in '>' lines; here %{NAME} inserts what a '>' line has bound")
            }
        }
        self.parts = parts
    }

    /// The names that it inserts.
    public var names: [String] {
        parts.compactMap { part in
            if case .name(let name) = part { name } else { nil }
        }
    }

    /// The bytes to send.
    ///
    /// - Returns: nil when a name is not bound.
    public func bytes(with bindings: Bindings) -> [UInt8]? {
        var bytes: [UInt8] = []
        for part in parts {
            switch part {
            case .bytes(let literal): bytes += literal
            case .name(let name):
                guard let bound = bindings[name] else { return nil }
                bytes += bound
            }
        }
        return bytes
    }

    /// The text as the format writes it.
    public var description: String {
        Placeholders.guardTrailingBlank(
            parts.map { part in
                switch part {
                case .bytes(let bytes): Placeholders.escape(bytes)
                case .name(let name): "%{\(name)}"
                }
            }.joined())
    }
}

/// What the names of a transcript stand for so far.
public struct Bindings: Sendable, Equatable {
    private var bound: [String: [UInt8]] = [:]

    /// Nothing is bound.
    public init() {}

    /// The bytes a name stands for; nil while it is not bound.
    public subscript(_ name: String) -> [UInt8]? {
        get { bound[name] }
        set { bound[name] = newValue }
    }

    /// The bound names in alphabetical order.
    public var names: [String] { bound.keys.sorted() }
}
