/// Checks what may follow what, line by line.
struct Structure {
    typealias Problem = Placeholders.Problem

    private enum Phase { case head, environmentOfLeg, conversation }

    private var phase = Phase.head
    private var leg = Transcript.firstLeg
    private var legs: Set<String> = [Transcript.firstLeg]
    /// The line in which a leg ended.
    private var ended: [String: Int] = [:]
    private var bound: Set<String> = []
    private var blockLine: Int?
    private var blockHasCommand = false
    private var timeLine: Int?

    /// Takes the next line.
    mutating func accept(_ content: Transcript.Content, at number: Int) throws(Problem) {
        guard number <= TranscriptLimits.lines else {
            throw Problem(
                problem: "more than \(TranscriptLimits.lines) lines", remedy: "split the call into several transcripts")
        }
        switch content {
        case .empty, .comment: return
        case .heading:
            guard phase == .head else {
                throw Problem(problem: "a heading behind the conversation's begin", remedy: "move it to the top")
            }
            return
        case .environment(_, let value):
            guard phase != .conversation else {
                throw Problem(
                    problem: "an environment line within the conversation",
                    remedy: "move it to the top, or directly behind the '=' line of its leg")
            }
            try requireBound(value)
            return
        default: break
        }
        phase = .conversation
        try acceptConversation(content, at: number)
        if case .time = content { timeLine = number } else { timeLine = nil }
    }

    private mutating func acceptConversation(_ content: Transcript.Content, at number: Int) throws(Problem) {
        switch content {
        case .command(let pattern):
            try requireOpenLeg()
            bound.formUnion(pattern.names)
            blockHasCommand = true
        case .reply(let template), .unasked(let template):
            try requireOpenLeg()
            guard blockLine == nil || blockHasCommand else {
                throw Problem(
                    problem: "a block begins with what Asterisk says",
                    remedy: "begin it with a '>' line: it holds exchanges, each with its command first")
            }
            try requireBound(template)
        case .time:
            guard timeLine == nil else {
                throw Problem(problem: "two times for one line", remedy: "remove one of the '@' lines")
            }
        case .call(let name, let script): try begin(name, script)
        case .leg(let name):
            try requireNoBlock("a change of the leg")
            guard legs.contains(name) else {
                throw Problem(
                    problem: "there is no leg '\(name)' yet", remedy: "name its script too: '= \(name) SCRIPT'")
            }
            leg = name
        case .blockStart:
            try requireNoBlock("another block")
            try requireOpenLeg()
            blockLine = number
            blockHasCommand = false
        case .blockEnd:
            guard blockLine != nil else {
                throw Problem(problem: "'}' without '{'", remedy: "begin the block with a line '{'")
            }
            guard blockHasCommand else {
                throw Problem(problem: "a block without a command", remedy: "write its exchanges, or remove it")
            }
            guard timeLine == nil else {
                throw Problem(problem: "'@' at the end of a block", remedy: "write it before the line that it times")
            }
            blockLine = nil
        case .end:
            try requireNoBlock("the end of a leg")
            try requireOpenLeg()
            ended[leg] = number
        case .empty, .comment, .heading, .environment: break
        }
    }

    /// What is wrong at the end of the file, and in which line.
    func finish(lastLine: Int) -> (line: Int, problem: Problem)? {
        if let blockLine {
            return (blockLine, Problem(problem: "the block is never closed", remedy: "end it with a line '}'"))
        }
        if let timeLine {
            return (timeLine, Problem(problem: "nothing follows '@'", remedy: "remove it, or write what came then"))
        }
        return nil
    }

    private mutating func begin(_ name: String, _ script: Template) throws(Problem) {
        try requireNoBlock("another leg")
        guard !legs.contains(name) else {
            throw Problem(
                problem: "there is a leg '\(name)' already",
                remedy: "give the new one another name, or write '= \(name)' to go back to it")
        }
        guard legs.count < TranscriptLimits.legs else {
            throw Problem(
                problem: "more than \(TranscriptLimits.legs) legs", remedy: "split the call into several transcripts")
        }
        try requireBound(script)
        legs.insert(name)
        leg = name
        phase = .environmentOfLeg
    }

    private func requireNoBlock(_ what: String) throws(Problem) {
        if let blockLine {
            throw Problem(
                problem: "\(what) within the block of line \(blockLine)", remedy: "end the block with '}' before it")
        }
    }

    private func requireOpenLeg() throws(Problem) {
        if let line = ended[leg] {
            throw Problem(
                problem: "the leg '\(leg)' has ended in line \(line)",
                remedy: "move this line before its end, or write '= LEG' for the leg that it belongs to")
        }
    }

    private func requireBound(_ template: Template) throws(Problem) {
        for name in template.names where !bound.contains(name) {
            throw Problem(
                problem: "nothing has bound %{\(name)} yet", remedy: "bind it in a '>' line that comes before")
        }
    }
}
