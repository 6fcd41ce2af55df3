extension Transcript {
    /// Reads a transcript from its text.
    ///
    /// - Parameter name: the file's name for messages.
    /// - Throws: `TranscriptError.malformed` for the first line that is not what the format allows.
    public init(parsing text: String, name: String) throws(TranscriptError) {
        try self.init(bytes: Array(text.utf8), name: name)
    }

    /// Reads a transcript from the bytes of a file.
    ///
    /// - Throws: `TranscriptError.malformed` for the first line that is not what the format allows.
    public init(bytes: [UInt8], name: String) throws(TranscriptError) {
        guard bytes.count <= TranscriptLimits.fileBytes else {
            throw .malformed(
                Place(file: name, line: 1), problem: "the file has more than \(TranscriptLimits.fileBytes) bytes",
                remedy: "split the call into several transcripts")
        }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        var rest = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...]
        var structure = Structure()
        var lines: [Line] = []
        var written = 0
        while !rest.isEmpty {
            let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
            let number = lines.count + 1
            do throws(Placeholders.Problem) {
                let content = try LineReader.read(rest[..<end])
                try structure.accept(content, at: number)
                written += try LineReader.writtenBytes(content, end - rest.startIndex, file: bytes.count)
                guard written <= TranscriptLimits.fileBytes else { throw LineReader.tooLongWritten("file") }
                lines.append(Line(number: number, content: content))
            } catch {
                throw .malformed(Place(file: name, line: number), problem: error.problem, remedy: error.remedy)
            }
            rest = rest[min(end + 1, rest.endIndex)...]
        }
        if let (number, error) = structure.finish(lastLine: max(1, lines.count)) {
            throw .malformed(Place(file: name, line: number), problem: error.problem, remedy: error.remedy)
        }
        self.init(name: name, lines: lines)
    }

    /// A transcript of these lines; what a program has put together is checked like what was read.
    ///
    /// - Throws: `TranscriptError.malformed` for the first line that is not what the format allows.
    public init(_ contents: [Content], name: String) throws(TranscriptError) {
        try self.init(bytes: Array(contents.map { $0.description + "\n" }.joined().utf8), name: name)
    }
}

/// Reads one line by itself.
enum LineReader {
    typealias Problem = Placeholders.Problem
    typealias Content = Transcript.Content

    static func read(_ bytes: ArraySlice<UInt8>) throws(Problem) -> Content {
        var exact = bytes
        while exact.last == UInt8(ascii: "\r") { exact = exact.dropLast() }
        guard exact.count <= TranscriptLimits.lineBytes else {
            throw Problem(
                problem: "a line of more than \(TranscriptLimits.lineBytes) bytes",
                remedy: "let a %{*} stand for a part of it")
        }
        guard !exact.contains(0) else { throw Problem(problem: "a NUL in the line", remedy: "write it as %{x00}") }
        guard let line = String(validating: exact, as: UTF8.self) else {
            throw Problem(problem: "the line is not UTF-8", remedy: "write other bytes as %{xHH}")
        }
        return try content(line)
    }

    /// How many bytes the line has when it is written again, with its newline: control characters become longer then.
    /// What was read must be something that can be read again, so this has the same limits.
    static func writtenBytes(_ content: Content, _ bytes: Int, file: Int) throws(Problem) -> Int {
        // A byte becomes six at most, and a few come once a line; nearly always nothing has to be written out.
        let most = 6 * bytes + 16
        guard most > TranscriptLimits.lineBytes || 6 * file + 16 * TranscriptLimits.lines > TranscriptLimits.fileBytes
        else { return most }
        let written = content.description.utf8.count
        guard written <= TranscriptLimits.lineBytes else { throw tooLongWritten("line") }
        return written + 1
    }

    static func tooLongWritten(_ what: String) -> Problem {
        let limit = what == "line" ? TranscriptLimits.lineBytes : TranscriptLimits.fileBytes
        return Problem(
            problem: "the \(what) has more than \(limit) bytes once its control characters are written as %{xHH}",
            remedy: what == "line" ? "let a %{*} stand for a part of it" : "split the call into several transcripts")
    }

    private static func content(_ line: String) throws(Problem) -> Content {
        guard let first = line.utf8.first else { return .empty }
        switch first {
        case UInt8(ascii: "#"): return try comment(line)
        case UInt8(ascii: ">"): return .command(try Pattern(parsing: try text(line)))
        case UInt8(ascii: "<"): return .reply(try Template(parsing: try text(line), lines: true))
        case UInt8(ascii: "!"): return .unasked(try Template(parsing: try text(line), lines: true))
        case UInt8(ascii: "@"): return try time(try text(line))
        case UInt8(ascii: "="): return try leg(try text(line))
        case UInt8(ascii: "."): return try end(try text(line))
        case UInt8(ascii: "{") where trimmed(line) == "{": return .blockStart
        case UInt8(ascii: "}") where trimmed(line) == "}": return .blockEnd
        default: break
        }
        if line.utf8.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) { return .empty }
        if line.hasPrefix("agi_") { return try environment(line) }
        throw Problem(
            problem: "the line begins with none of '> ', '< ', '! ', '@ ', '= ', '. ', '{', '}', 'agi_' and '#'",
            remedy: "begin it with the mark of what it is; '#' makes it a comment")
    }

    /// What follows the mark and its blank; a mark alone has an empty text.
    private static func text(_ line: String) throws(Problem) -> Substring {
        let rest = from(1, of: line)
        guard let blank = rest.utf8.first else { return rest }
        guard blank == UInt8(ascii: " ") else {
            throw Problem(
                problem: "no blank behind the mark '\(line.utf8.first.map { Character(Unicode.Scalar($0)) } ?? "?")'",
                remedy: "a mark stands alone or is followed by one blank and the text")
        }
        return from(2, of: line)
    }

    private static func comment(_ line: String) throws(Problem) -> Content {
        guard line.utf8.dropFirst().first == UInt8(ascii: ":") else { return .comment(String(from(1, of: line))) }
        // By bytes, as everywhere: a blank and a combining mark behind it would be one Character.
        let words = trimmed(from(2, of: line)).utf8.split(separator: blank, maxSplits: 1)
        guard let name = words.first else {
            throw Problem(problem: "a heading without a name", remedy: "write '#: NAME VALUE', or '# ' for a comment")
        }
        return .heading(name: String(Substring(name)), value: words.count > 1 ? String(Substring(words[1])) : "")
    }

    private static func environment(_ line: String) throws(Problem) -> Content {
        guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) else {
            throw Problem(problem: "an environment line without a colon", remedy: "write 'agi_NAME: VALUE'")
        }
        let name = line[..<colon]
        guard name.utf8.count > 4, name.utf8.allSatisfy({ isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") })
        else {
            throw Problem(
                problem: "'\(name)' is no name of an environment line", remedy: "write agi_ and letters, digits or '_'")
        }
        var value = line[line.utf8.index(after: colon)...]
        if value.utf8.first == UInt8(ascii: " ") { value = value[value.utf8.index(after: value.startIndex)...] }
        return .environment(name: String(name), value: try Template(parsing: value, lines: false))
    }

    private static func time(_ text: Substring) throws(Problem) -> Content {
        let problem = Problem(
            problem: "'\(text)' is no time", remedy: "write seconds with up to three decimals, such as '@ 1.250'")
        let parts = trimmed(text).split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, !whole.isEmpty, whole.utf8.count <= 6, whole.utf8.allSatisfy(isDigit),
            let seconds = Int(whole)
        else { throw problem }
        var milliseconds = seconds * 1_000
        if parts.count > 1 {
            let decimals = parts[1]
            guard (1...3).contains(decimals.utf8.count), decimals.utf8.allSatisfy(isDigit),
                let thousandths = Int(decimals + String(repeating: "0", count: 3 - decimals.utf8.count))
            else { throw problem }
            milliseconds += thousandths
        }
        guard milliseconds <= TranscriptLimits.milliseconds else {
            throw Problem(problem: "'\(text)' is more than a week", remedy: "count from the first byte of the call")
        }
        return .time(milliseconds: milliseconds)
    }

    private static func leg(_ text: Substring) throws(Problem) -> Content {
        let words = text.utf8.split(separator: blank, maxSplits: 1, omittingEmptySubsequences: false).map(
            Substring.init)
        guard let name = words.first, !name.isEmpty, name.utf8.count <= 64 else {
            throw Problem(problem: "no name of a leg, or one of more than 64 bytes", remedy: "write '= LEG SCRIPT'")
        }
        guard name.utf8.allSatisfy({ $0 > UInt8(ascii: " ") && $0 != 0x7F }) else {
            throw Problem(
                problem: "a blank or a control character in the name of a leg",
                remedy: "name it with letters, digits and '-'")
        }
        guard words.count > 1, !words[1].isEmpty else { return .leg(String(name)) }
        return .call(leg: String(name), script: try Template(parsing: words[1], lines: false))
    }

    private static func end(_ text: Substring) throws(Problem) -> Content {
        guard let side = Transcript.Side(rawValue: trimmed(text)) else {
            throw Problem(problem: "'\(text)' closes nothing", remedy: "write '. server' or '. asterisk'")
        }
        return .end(side)
    }

    private static let blank = UInt8(ascii: " ")

    private static func from(_ offset: Int, of line: String) -> Substring {
        line[(line.utf8.index(line.startIndex, offsetBy: offset, limitedBy: line.endIndex) ?? line.endIndex)...]
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        // By bytes: a blank can be one Character with a scalar before it.
        var rest = Substring(text).utf8
        while let last = rest.last, [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r")].contains(last) {
            rest.removeLast()
        }
        return String(Substring(rest))
    }
}
