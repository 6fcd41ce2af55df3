internal import OnCall

/// A section of the file as it was written: its name, and its keys with their lines.
struct Section {
    struct Entry {
        let key: String
        let value: String
        let line: Int
    }

    let name: String
    let line: Int
    var entries: [Entry] = []

    /// The first value of `type`.
    var type: String? { entries.first { $0.key == "type" }?.value }
}

/// Splits the text into sections: `[name]`, `key = value`, comments behind `;` (a semicolon itself is `\;`).
struct SectionReader {
    private(set) var sections: [Section] = []
    private(set) var problems: [(line: Int, what: String, hint: String)] = []

    init(_ text: String) {
        // By scalars: to Swift a CR and the LF behind it are one character, which is not LF.
        let scalars = text.unicodeScalars
        let start = scalars.first == "\u{FEFF}" ? scalars.dropFirst() : scalars[...]
        for (index, raw) in start.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            read(String(raw.last == "\r" ? raw.dropLast() : raw), index + 1)
        }
    }

    private mutating func read(_ raw: String, _ number: Int) {
        guard raw.unicodeScalars.count <= 1_000 else {
            problems.append((number, "the line has more than 1000 characters", "shorten it"))
            return
        }
        guard !raw.unicodeScalars.contains(where: { $0 != "\t" && Text.isControl($0) }) else {
            problems.append((number, "the line has a control character", "take it out"))
            return
        }
        if Text.trimmed(raw).hasPrefix(";--"), !Text.trimmed(raw).hasPrefix(";---") {
            problems.append(
                (number, "';--' begins a block comment in Asterisk; there are none here", "write ; before each line"))
            return
        }
        let line = Text.trimmed(Self.withoutComment(raw))
        if line.isEmpty { return }
        if line.hasPrefix("#") {
            let word = line.prefix { $0 != " " && $0 != "\t" }
            problems.append((number, "\(word) is not supported here", "write everything into this one file"))
        } else if line.hasPrefix("[") {
            header(line, number)
        } else {
            entry(line, number)
        }
    }

    private mutating func entry(_ line: String, _ number: Int) {
        guard let equals = line.firstIndex(of: "=") else {
            problems.append((number, "'\(line)' is neither a section nor a key", "write [name] or key = value"))
            return
        }
        let key = Text.trimmed(line[..<equals])
        var value = line[line.index(after: equals)...]
        // Asterisk's configuration files know `=>` as well.
        if value.first == ">" { value.removeFirst() }
        guard !sections.isEmpty else {
            problems.append((number, "'\(key)' stands before the first section", "begin with [general]"))
            return
        }
        sections[sections.count - 1].entries.append(
            Section.Entry(key: key, value: Text.trimmed(value), line: number))
    }

    private mutating func header(_ line: String, _ number: Int) {
        guard let end = line.firstIndex(of: "]") else {
            problems.append((number, "'\(line)' is no section", "write [name]"))
            return
        }
        // The section is begun all the same, so that its keys are not taken for those of the section before.
        let name = Text.trimmed(line[line.index(after: line.startIndex)..<end])
        if line.index(after: end) != line.endIndex {
            problems.append(
                (number, "'\(line)' has something behind the name; there are no templates here", "write [\(name)]"))
        } else if !LineName.isValid(name) {
            problems.append(
                (
                    number, "[\(name)] is no name of a section",
                    "lower-case letters, digits and hyphens, 32 at most, no hyphen first"
                ))
        }
        if let first = sections.first(where: { $0.name == name }) {
            problems.append((number, "the section [\(name)] comes twice", "the first is in line \(first.line)"))
        }
        sections.append(Section(name: name, line: number))
    }

    private static func withoutComment(_ line: String) -> String {
        var result = ""
        var isEscaped = false
        for character in line {
            if character == ";", !isEscaped { break }
            if isEscaped, character != ";" { result.append("\\") }
            isEscaped = character == "\\" && !isEscaped
            if !isEscaped { result.append(character) }
        }
        return isEscaped ? result + "\\" : result
    }
}
