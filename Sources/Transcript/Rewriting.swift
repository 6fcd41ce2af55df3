/// What a replay changes in a transcript while it records.
struct Rewriting {
    private var replaced: [Int: Transcript.Content] = [:]
    private var dropped: Set<Int> = []
    private var inserted: [Int: [Transcript.Content]] = [:]
    private var appended: [Transcript.Content] = []
    /// The leg that the last line is of.
    private var lastLeg = Transcript.firstLeg
    /// Commands that were added or replaced.
    private(set) var exchanges = 0

    var isEmpty: Bool { replaced.isEmpty && dropped.isEmpty && inserted.isEmpty && appended.isEmpty }

    /// A command takes the place of the one at this index.
    mutating func replace(_ index: Int, with command: [UInt8]) {
        replaced[index] = .command(Pattern(literal: command))
        exchanges += 1
    }

    mutating func drop(_ indexes: some Sequence<Int>) { dropped.formUnion(indexes) }

    /// An exchange before the line at this index.
    mutating func insert(_ command: [UInt8], _ reply: [UInt8], before index: Int) {
        inserted[index, default: []] += exchange(command, reply)
        exchanges += 1
    }

    /// From here on lines are added behind the last one, which is of this leg.
    mutating func beginAppending(on leg: String) { lastLeg = leg }

    /// An exchange behind the last line.
    mutating func append(_ command: [UInt8], _ reply: [UInt8], leg: String) {
        if leg != lastLeg { appended.append(.leg(leg)) }
        lastLeg = leg
        appended += exchange(command, reply)
        exchanges += 1
    }

    /// The transcript as it is now.
    func applied(to transcript: Transcript) throws(TranscriptError) -> Transcript {
        var contents: [Transcript.Content] = []
        for (index, line) in transcript.lines.enumerated() {
            contents += inserted[index] ?? []
            if !dropped.contains(index) { contents.append(replaced[index] ?? line.content) }
        }
        return try Transcript(contents + appended, name: transcript.name)
    }

    private func exchange(_ command: [UInt8], _ reply: [UInt8]) -> [Transcript.Content] {
        [.command(Pattern(literal: command)), .reply(Template(literal: reply))]
    }
}
