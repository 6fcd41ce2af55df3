import Fuzzing

@testable import Transcript

/// A line matches when a second matcher, which tries everything, says so, and binds the same.
///
/// An input is a pattern and a command with a LF between them.
enum PatternTarget {
    static let target = Target("pattern", generate: generate, check: check)

    static func check(_ input: [UInt8]) throws {
        let parts = input.split(separator: UInt8(ascii: "\n"), maxSplits: 1, omittingEmptySubsequences: false)
        guard let text = parts.first.flatMap({ String(validating: $0, as: UTF8.self) }) else { return }
        guard let pattern = try? Pattern(text) else { return }
        let command = Array(parts.count > 1 ? parts[1] : [])
        try Broken.unless(try? Pattern(pattern.description), is: pattern, "'\(pattern)' written and read again")
        try Broken.unless(
            Pattern(literal: command).match(command) != nil, is: true, "whether a command matches itself")
        // Trying everything takes for ever where there is much to try.
        guard pattern.tokens.count <= 7, command.count <= 40 else {
            _ = pattern.match(command)
            return
        }
        var model = PatternModel(pattern.tokens, command)
        let expected = model.match()
        guard model.steps <= PatternModel.budget else { return }
        try Broken.unless(pattern.match(command), is: expected, "'\(pattern)' on '\(Broken.shown(command))'")
    }

    private static func generate(_ random: inout SplitMix64) -> [UInt8] {
        let wildcards = [
            "%{*}", "%{digits}", "%{number}", "%{path}", "%{word}", "%{A}", "%{A:digits}", "%{B:word}", "%{B}",
            "%{A:number}",
        ]
        let bytes = ["1", "2", "a", " ", ",", ".", "-", "+", "\"", "11", "1.5", "\t"]
        let pattern = random.text(of: wildcards + bytes, atMost: 7)
        let command = random.text(of: bytes, atMost: 14)
        return Array("\(pattern)\n\(command)".utf8)
    }
}

/// Matches by trying every length of every wildcard, in the order that the format promises.
struct PatternModel {
    static let budget = 20_000

    private let tokens: [Pattern.Token]
    private let command: [UInt8]
    private(set) var steps = 0

    init(_ tokens: [Pattern.Token], _ command: [UInt8]) {
        self.tokens = tokens
        self.command = command
    }

    mutating func match() -> Bindings? { match(tokens[...], command[...], Bindings()) }

    private mutating func match(
        _ tokens: ArraySlice<Pattern.Token>, _ rest: ArraySlice<UInt8>, _ bound: Bindings
    ) -> Bindings? {
        steps += 1
        guard steps <= Self.budget else { return nil }
        guard let token = tokens.first else { return rest.isEmpty ? bound : nil }
        switch token {
        case .literal(let bytes):
            return rest.starts(with: bytes) ? match(tokens.dropFirst(), rest.dropFirst(bytes.count), bound) : nil
        case .wildcard(let kind, let name):
            if let name, let bytes = bound[name] {
                return rest.starts(with: bytes) ? match(tokens.dropFirst(), rest.dropFirst(bytes.count), bound) : nil
            }
            let lengths = Array(0...rest.count)
            for length in kind == .any ? lengths : lengths.reversed() where Self.is(kind, rest.prefix(length)) {
                var bound = bound
                if let name { bound[name] = Array(rest.prefix(length)) }
                if let found = match(tokens.dropFirst(), rest.dropFirst(length), bound) { return found }
            }
            return nil
        }
    }

    private static func `is`(_ kind: Pattern.Kind, _ bytes: ArraySlice<UInt8>) -> Bool {
        switch kind {
        case .any: return true
        case .digits: return !bytes.isEmpty && bytes.allSatisfy(isDigit)
        case .path: return !bytes.isEmpty && !bytes.contains { [0x20, 0x09, 0x22].contains($0) }
        case .word: return !bytes.isEmpty && !bytes.contains { [0x20, 0x09, 0x22, 0x2C].contains($0) }
        case .number:
            let unsigned = bytes.first == 0x2B || bytes.first == 0x2D ? bytes.dropFirst() : bytes
            let parts = unsigned.split(separator: 0x2E, omittingEmptySubsequences: false)
            return parts.count <= 2 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(isDigit) }
        }
    }
}
