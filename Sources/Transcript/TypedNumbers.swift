/// Finds the numbers that people typed in a recorded call: in the replies to GET DATA, in the variable of
/// EXEC Read, and key by key in those to WAIT FOR DIGIT, GET OPTION and sounds that a key ends.
struct TypedNumbers {
    /// By the index of the entry from which on they are known: runs of four and more digits.
    private(set) var numbers: [Int: [[UInt8]]] = [:]

    private struct Leg {
        var command: [String] = []
        var isAnswered = true
        /// Indexes of replies that hold one key each, and the keys.
        var keys: [(index: Int, key: UInt8)] = []
        /// Variables that EXEC Read wrote to.
        var variables: Set<String> = []
    }

    private var legs: [Int: Leg] = [:]
    private var replaced: [Int: [UInt8]] = [:]

    /// Reads a whole call.
    ///
    /// - Returns: by their index, the replies of one key that must become another key.
    mutating func read(_ entries: [Tape.Entry]) -> [Int: [UInt8]] {
        for (index, entry) in entries.enumerated() {
            switch entry.content {
            case .command(let bytes):
                legs[entry.leg, default: Leg()].command = Self.words(bytes)
                legs[entry.leg]?.isAnswered = false
                noteRead(entry.leg)
            case .reply(let bytes): answer(bytes, index, entry.leg, entries)
            case .call, .unasked, .end, .note: break
            }
        }
        for leg in legs.keys { finishKeys(leg, entries) }
        return replaced
    }

    private mutating func answer(_ reply: [UInt8], _ index: Int, _ number: Int, _ entries: [Tape.Entry]) {
        let prefix = Array("200 result=".utf8)
        guard let leg = legs[number], !leg.isAnswered, reply.starts(with: prefix) else { return }
        legs[number]?.isAnswered = true
        let result = Array(reply.dropFirst(prefix.count).prefix { $0 != UInt8(ascii: " ") })
        let verb = leg.command.prefix(3).joined(separator: " ").uppercased()
        if verb.hasPrefix("GET DATA") {
            finishKeys(number, entries)
            add(result, index)
        } else if verb.hasPrefix("GET VARIABLE"), let name = leg.command.dropFirst(2).first,
            leg.variables.contains(name)
        {
            add(Array(reply.dropFirst(prefix.count).drop { $0 != UInt8(ascii: "(") }), index)
        } else if let key = Int(String(decoding: result, as: UTF8.self)), (48...57).contains(key),
            Self.keyVerbs.contains(where: { verb.hasPrefix($0) })
        {
            legs[number]?.keys.append((index, UInt8(key)))
        } else if verb.hasPrefix("WAIT FOR DIGIT") || verb.hasPrefix("GET OPTION") {
            // No key in time, or one that ends a number.
            finishKeys(number, entries)
        }
    }

    private static let keyVerbs = ["WAIT FOR DIGIT", "GET OPTION", "STREAM FILE", "CONTROL STREAM FILE", "SAY "]

    /// A run of keys is over: when it is long enough, all but its last three become 5, one reply each.
    private mutating func finishKeys(_ number: Int, _ entries: [Tape.Entry]) {
        let keys = legs[number]?.keys ?? []
        legs[number]?.keys = []
        guard keys.count >= 4, let last = keys.last else { return }
        numbers[last.index, default: []].append(keys.map(\.key))
        for (index, _) in keys.dropLast(3) {
            guard case .reply(let bytes) = entries[index].content else { continue }
            let prefix = Array("200 result=".utf8)
            let tail = bytes.dropFirst(prefix.count).drop { $0 != UInt8(ascii: " ") }
            replaced[index] = prefix + Array("53".utf8) + tail
        }
    }

    private mutating func add(_ text: [UInt8], _ index: Int) {
        for run in text.split(whereSeparator: { !isDigit($0) }) where run.count >= 4 {
            numbers[index, default: []].append(Array(run))
        }
    }

    /// EXEC Read "VARIABLE,…".
    private mutating func noteRead(_ number: Int) {
        guard let words = legs[number]?.command, words.count >= 3, words[0].uppercased() == "EXEC",
            ["READ", "READEXTEN"].contains(words[1].uppercased())
        else { return }
        let arguments = words[2].split(separator: ",", omittingEmptySubsequences: false)
        // ReadExten writes to its second argument, its first is a sound.
        let index = words[1].uppercased() == "READ" ? 0 : 1
        if arguments.indices.contains(index) { legs[number]?.variables.insert(String(arguments[index])) }
    }

    /// The words of a command line as Asterisk splits them: at blanks, with quotes and backslashes.
    static func words(_ line: [UInt8]) -> [String] {
        var words: [String] = []
        var word: [UInt8]?
        var isQuoted = false
        var rest = line[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""):
                isQuoted.toggle()
                word = word ?? []
            case UInt8(ascii: "\\"): word = (word ?? []) + [rest.popFirst() ?? byte]
            case UInt8(ascii: " ") where !isQuoted:
                if let done = word { words.append(String(decoding: done, as: UTF8.self)) }
                word = nil
            default: word = (word ?? []) + [byte]
            }
        }
        if let done = word { words.append(String(decoding: done, as: UTF8.self)) }
        return words
    }
}
