internal import Glibc

extension Pattern {
    /// Matches a whole command, without its newline.
    ///
    /// The work is bounded by wildcards times bytes. Only a line that holds one new name twice can be read in more
    /// ways; past `Matching.budget` steps it counts as not matching.
    ///
    /// - Returns: the bindings with those that this line adds; nil when the command is another.
    public func match(_ command: [UInt8], _ bindings: Bindings = Bindings()) -> Bindings? {
        var matching = Matching(self, command, bindings)
        return matching.run() ? matching.bindings : nil
    }
}

/// One attempt to read a command as a pattern.
///
/// A table says, from the last token to the first, from which positions the rest can match; with it the walk from the
/// front never takes a wrong turn, unless a name that is new in this line stands in it twice.
struct Matching {
    /// The most steps of a walk that has to try.
    static let budget = 4_000_000

    private enum Step {
        case literal([UInt8])
        case wildcard(Pattern.Kind, name: String?)
        /// The text of an earlier step again.
        case again(Int)
    }

    private let command: [UInt8]
    private var steps: [Step] = []
    /// For each step and position, the first position from there on at which the rest matches.
    private var next: [[Int32]] = []
    /// Where each run of digits ends.
    private var digitsEnd: [Int] = []
    /// For each step of a kind, where the run of such bytes ends that begins at a position.
    private var ends: [[Int]] = []
    /// What each wildcard took.
    private var taken: [Range<Int>] = []
    private(set) var bindings: Bindings
    /// How much was done, in looks at a position.
    private(set) var work = 0

    init(_ pattern: Pattern, _ command: [UInt8], _ bindings: Bindings) {
        self.command = command
        self.bindings = bindings
        var first: [String: Int] = [:]
        for (index, token) in pattern.tokens.enumerated() {
            switch token {
            case .literal(let bytes): steps.append(.literal(bytes))
            case .wildcard(let kind, let name):
                if let name, let bound = bindings[name] {
                    steps.append(.literal(bound))
                } else if let name, let earlier = first[name] {
                    steps.append(.again(earlier))
                } else {
                    if let name { first[name] = index }
                    steps.append(.wildcard(kind, name: name))
                }
            }
        }
        taken = Array(repeating: 0..<0, count: steps.count)
    }

    mutating func run() -> Bool {
        digitsEnd = runEnds(isDigit)
        fillTable()
        guard walk(0, 0) else { return false }
        for (index, step) in steps.enumerated() {
            if case .wildcard(_, let name?) = step { bindings[name] = Array(command[taken[index]]) }
        }
        return true
    }

    // MARK: From the end

    private mutating func fillTable() {
        let none = Int32.max
        var row = [Int32](repeating: Int32(command.count), count: command.count + 2)
        row[command.count + 1] = none
        var rows = [row]
        ends = steps.map { runEnds(of: $0) }
        for (index, step) in steps.enumerated().reversed() {
            var reachable = [Bool](repeating: false, count: command.count + 1)
            for position in 0...command.count {
                reachable[position] = canTake(step, at: position, ends[index], row)
            }
            work += command.count + 1
            var above = [Int32](repeating: none, count: command.count + 2)
            for position in stride(from: command.count, through: 0, by: -1) {
                above[position] = reachable[position] ? Int32(position) : above[position + 1]
            }
            row = above
            rows.append(row)
        }
        next = rows.reversed()
    }

    private func canTake(_ step: Step, at position: Int, _ ends: [Int], _ rest: [Int32]) -> Bool {
        switch step {
        case .literal(let bytes):
            let end = position + bytes.count
            return end <= command.count && rest[end] == end && holds(bytes, at: position)
        case .wildcard(.any, _), .again: return rest[position] != .max
        case .wildcard(.number, _):
            guard let (whole, fraction) = number(at: position) else { return false }
            return isAny(of: whole, in: rest) || fraction.map { isAny(of: $0, in: rest) } ?? false
        case .wildcard: return ends[position] > position && isAny(of: position + 1...ends[position], in: rest)
        }
    }

    private func isAny(of range: ClosedRange<Int>, in rest: [Int32]) -> Bool {
        Int(rest[range.lowerBound]) <= range.upperBound
    }

    // MARK: From the front

    private mutating func walk(_ index: Int, _ position: Int) -> Bool {
        work += 1
        guard index < steps.count else { return position == command.count }
        guard work <= Self.budget, position <= command.count, next[index][position] == position else { return false }
        switch steps[index] {
        case .literal(let bytes): return walk(index + 1, position + bytes.count)
        case .again(let earlier):
            let text = Array(command[taken[earlier]])
            return holds(text, at: position) && walk(index + 1, position + text.count)
        case .wildcard(.any, _):
            var end = next[index + 1][position]
            while end != .max {
                if take(index, position..<Int(end)) { return true }
                guard work <= Self.budget else { return false }
                end = next[index + 1][Int(end) + 1]
            }
            return false
        case .wildcard(.number, _):
            guard let (whole, fraction) = number(at: position) else { return false }
            if let fraction, takeLongest(index, position, fraction) { return true }
            return takeLongest(index, position, whole)
        case .wildcard:
            return takeLongest(index, position, position + 1...ends[index][position])
        }
    }

    private mutating func takeLongest(_ index: Int, _ position: Int, _ ends: ClosedRange<Int>) -> Bool {
        for end in ends.reversed() {
            work += 1
            if next[index + 1][end] == end, take(index, position..<end) { return true }
            guard work <= Self.budget else { return false }
        }
        return false
    }

    private mutating func take(_ index: Int, _ range: Range<Int>) -> Bool {
        taken[index] = range
        return walk(index + 1, range.upperBound)
    }

    // MARK: Bytes

    /// Where a number that begins here can end: in its digits, or in its fraction.
    private func number(at position: Int) -> (whole: ClosedRange<Int>, fraction: ClosedRange<Int>?)? {
        var start = position
        if start < command.count, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(command[start]) { start += 1 }
        let end = digitsEnd[start]
        guard end > start else { return nil }
        guard end < command.count, command[end] == UInt8(ascii: "."), digitsEnd[end + 1] > end + 1 else {
            return (start + 1...end, nil)
        }
        return (start + 1...end, end + 2...digitsEnd[end + 1])
    }

    private func runEnds(of step: Step) -> [Int] {
        switch step {
        case .wildcard(.digits, _): digitsEnd
        case .wildcard(.path, _): runEnds(Self.isOfPath)
        case .wildcard(.word, _): runEnds { Self.isOfPath($0) && $0 != UInt8(ascii: ",") }
        default: []
        }
    }

    /// For each position, where the run of such bytes that begins there ends.
    private func runEnds(_ belongs: (UInt8) -> Bool) -> [Int] {
        var ends = Array(0...command.count)
        for position in command.indices.reversed() where belongs(command[position]) {
            ends[position] = ends[position + 1]
        }
        return ends
    }

    private static func isOfPath(_ byte: UInt8) -> Bool {
        byte != UInt8(ascii: " ") && byte != UInt8(ascii: "\t") && byte != UInt8(ascii: "\"")
    }

    private func holds(_ bytes: [UInt8], at position: Int) -> Bool {
        guard position + bytes.count <= command.count else { return false }
        return bytes.withUnsafeBytes { wanted in
            command.withUnsafeBytes { all in
                guard let left = wanted.baseAddress, let right = all.baseAddress else { return true }
                return memcmp(left, right + position, wanted.count) == 0
            }
        }
    }
}
