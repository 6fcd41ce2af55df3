/// The words of a command were wrong.
struct UsageError: Error {
    let text: String
    init(_ text: String) { self.text = text }
}

/// The words behind a subcommand: options with a value, flags and the rest.
struct Arguments {
    private(set) var words: [String] = []
    private var values: [String: String] = [:]
    private var flags: Set<String> = []

    /// Splits the words; an option that is not named here is an error.
    init(_ arguments: [String], options: Set<String> = [], flags known: Set<String> = []) throws(UsageError) {
        var rest = arguments[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("--") else {
                words.append(word)
                continue
            }
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            let name = parts[0]
            if known.contains(name), parts.count == 1 {
                flags.insert(name)
            } else if options.contains(name) {
                guard let value = parts.count > 1 ? parts[1] : rest.popFirst() else {
                    throw UsageError("\(name) needs a value")
                }
                guard values.updateValue(value, forKey: name) == nil else { throw UsageError("\(name) is given twice") }
            } else {
                throw UsageError("no option '\(word)' here")
            }
        }
    }

    /// The value of an option.
    subscript(_ option: String) -> String? { values[option] }

    /// Whether a flag was given.
    func has(_ flag: String) -> Bool { flags.contains(flag) }

    /// A whole number in a range.
    func number(_ option: String, default value: Int, in range: ClosedRange<Int>) throws(UsageError) -> Int {
        guard let text = self[option] else { return value }
        guard let number = Int(text), range.contains(number) else {
            throw UsageError("\(option) takes a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// No words are left over.
    func expectNoWords() throws(UsageError) {
        if let first = words.first { throw UsageError("'\(first)' means nothing here") }
    }
}
