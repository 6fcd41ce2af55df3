internal import Sockets

/// One run of a replay. It belongs to the task that plays.
final class Player {
    let transcript: Transcript
    let address: SocketAddress
    let loop: EventLoop
    let options: Replay.Options
    var legs: [String: PlayedLeg] = [:]
    /// The legs in the order in which they began.
    var order: [String] = []
    var current = Transcript.firstLeg
    var bindings = Bindings()
    var rewriting = Rewriting()
    var exchanges = 0
    /// When the first byte was sent, in monotonic nanoseconds.
    private var start: UInt64 = 0
    /// The index of the `@` line that times the next one.
    private var timed: Int?

    /// What ends a replay before its time.
    struct Stop: Error {
        let result: ReplayOutcome.Result
        let report: String
    }

    init(_ transcript: Transcript, _ address: SocketAddress, _ loop: EventLoop, _ options: Replay.Options) {
        self.transcript = transcript
        self.address = address
        self.loop = loop
        self.options = options
    }

    /// Plays all of it and closes every connection.
    func play() async -> ReplayOutcome {
        start = loop.now
        defer { for leg in legs.values { leg.close() } }
        do throws(Stop) {
            try await open(Transcript.firstLeg, script: [], environmentFrom: 0, at: 0)
            try await play(transcript.lines.indices)
            try await expectEnds()
        } catch {
            return outcome(error.result, nil, error.report)
        }
        guard !rewriting.isEmpty else { return outcome(.passed, nil, "") }
        do throws(TranscriptError) {
            return outcome(.passed, try rewriting.applied(to: transcript), "")
        } catch {
            return outcome(.failed(error), nil, "\(error)")
        }
    }

    private func outcome(_ result: ReplayOutcome.Result, _ recorded: Transcript?, _ report: String) -> ReplayOutcome {
        ReplayOutcome(
            name: transcript.name, result: result, exchanges: exchanges,
            duration: .nanoseconds(loop.now - start), recorded: recorded, report: report)
    }

    var deadline: UInt64 { loop.deadline(after: options.patience) }

    func leg() throws(Stop) -> PlayedLeg {
        guard let leg = legs[current] else {
            throw failed(.connectionFailed(transcript.place(of: 1), leg: current, .closed))
        }
        return leg
    }

    // MARK: Lines

    /// Plays the lines of a range, which holds whole blocks.
    func play(_ range: Range<Int>) async throws(Stop) {
        var index = range.lowerBound
        while index < range.upperBound {
            switch transcript.lines[index].content {
            case .empty, .comment, .heading, .environment:
                index += 1
                continue
            case .time:
                timed = index
                index += 1
                continue
            case .call(let name, let script):
                await pace()
                try await open(name, script: try text(of: script, at: index), environmentFrom: index + 1, at: index)
                index += 1
            case .leg(let name):
                current = name
                index += 1
            case .command, .reply, .unasked, .end, .blockStart, .blockEnd:
                let end = extent(from: index, in: range)
                if try leg().isDropped {
                    drop(index..<end)
                } else {
                    try await playLines(index..<end)
                }
                index = end
            }
            timed = nil
        }
        timed = nil
    }

    /// A command, a block, an end, or all that Asterisk says in one go.
    private func playLines(_ range: Range<Int>) async throws(Stop) {
        switch transcript.lines[range.lowerBound].content {
        case .command(let pattern): try await expect(pattern, at: range.lowerBound)
        case .blockStart: try await expectBlock(range)
        case .end(let side): try await end(side, at: range.lowerBound)
        default: try await say(range)
        }
    }

    /// Where what begins at an index ends: the lines that Asterisk says in a row and blocks belong together.
    private func extent(from index: Int, in range: Range<Int>) -> Int {
        let lines = transcript.lines
        switch lines[index].content {
        case .blockStart:
            return (lines[index..<range.upperBound].firstIndex { $0.content == .blockEnd } ?? index) + 1
        case .reply, .unasked:
            return lines[index..<range.upperBound].firstIndex { line in
                switch line.content {
                case .reply, .unasked, .empty, .comment: false
                default: true
                }
            } ?? range.upperBound
        default: return index + 1
        }
    }

    private func say(_ range: Range<Int>) async throws(Stop) {
        var bytes: [UInt8] = []
        for index in range {
            switch transcript.lines[index].content {
            case .reply(let template), .unasked(let template):
                bytes += try text(of: template, at: index) + [UInt8(ascii: "\n")]
            default: break
            }
        }
        await pace()
        try await send(bytes, on: try leg(), at: range.lowerBound)
    }

    func send(_ bytes: [UInt8], on leg: PlayedLeg, at index: Int) async throws(Stop) {
        do throws(SocketError) {
            try await leg.send(bytes, until: deadline)
        } catch {
            throw failed(.connectionFailed(place(index), leg: leg.name, error))
        }
    }

    func text(of template: Template, at index: Int) throws(Stop) -> [UInt8] {
        if let bytes = template.bytes(with: bindings) { return bytes }
        let name = template.names.first { bindings[$0] == nil } ?? "?"
        throw failed(.unbound(place(index), name: name), at: [index], got: "%{\(name)} is not bound")
    }

    /// Lets the time of the next line come.
    private func pace() async {
        guard options.pace == .real, let timed, case .time(let milliseconds) = transcript.lines[timed].content else {
            return
        }
        let due = start + UInt64(milliseconds) * 1_000_000
        if due > loop.now { await loop.sleep(for: .nanoseconds(due - loop.now)) }
    }

    /// Leaves out what the server has no part in any more, with the time before it.
    func drop(_ indexes: some Sequence<Int>) {
        rewriting.drop(indexes)
        if let timed { rewriting.drop([timed]) }
    }

    func place(_ index: Int) -> Place {
        transcript.place(
            of: index < transcript.lines.count ? transcript.lines[index].number : max(1, transcript.lines.count))
    }
}
