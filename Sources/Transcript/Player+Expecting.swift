internal import Sockets

extension Player {
    // MARK: Commands

    /// The server must say what is written next.
    func expect(_ pattern: Pattern, at index: Int) async throws(Stop) {
        let leg = try leg()
        switch await leg.next(until: deadline) {
        case .command(let command):
            if let matched = pattern.match(command, bindings) {
                bindings = matched
            } else if options.recording == .all {
                try checkBound(leg, index)
                rewriting.replace(index, with: command)
            } else {
                throw diverged(command, [index], leg)
            }
            exchanges += 1
        case .end where options.recording == .all:
            leg.close()
            leg.isDropped = true
            drop([index])
        case let other: throw stop(other, [index], leg)
        }
    }

    /// The server must say the commands of a block, in any order; each gets the lines that follow it.
    func expectBlock(_ range: Range<Int>) async throws(Stop) {
        let leg = try leg()
        var remaining = exchanges(of: range)
        let count = remaining.count
        while let first = remaining.first {
            switch await leg.next(until: deadline) {
            case .command(let command):
                var found: Int?
                for (number, exchange) in remaining.enumerated() {
                    guard let pattern = transcript.lines[exchange.command].command,
                        let matched = pattern.match(command, bindings)
                    else { continue }
                    bindings = matched
                    found = number
                    break
                }
                if found == nil, options.recording == .all {
                    try checkBound(leg, first.command)
                    rewriting.replace(first.command, with: command)
                    found = 0
                }
                guard let found else { throw diverged(command, remaining.map(\.command), leg) }
                exchanges += 1
                try await play(remaining.remove(at: found).answer)
            case .end where options.recording == .all:
                leg.close()
                leg.isDropped = true
                drop(remaining.count == count ? Array(range) : remaining.flatMap(\.all))
                return
            case let other: throw stop(other, remaining.map(\.command), leg)
            }
        }
    }

    private struct Exchange {
        /// From the first line of it, which may be the time of the command.
        let all: Range<Int>
        let command: Int
        var answer: Range<Int> { command + 1..<all.upperBound }
    }

    private func exchanges(of block: Range<Int>) -> [Exchange] {
        var exchanges: [Exchange] = []
        var start = block.lowerBound + 1
        var command: Int?
        for index in block.dropFirst() {
            switch transcript.lines[index].content {
            case .command, .blockEnd:
                // A time directly before a command is that command's.
                let end = isTime(index - 1) ? index - 1 : index
                if let command { exchanges.append(Exchange(all: start..<end, command: command)) }
                if command != nil { start = end }
                command = index
            default: break
            }
        }
        return exchanges
    }

    private func isTime(_ index: Int) -> Bool {
        if case .time = transcript.lines[index].content { true } else { false }
    }

    // MARK: Ends

    /// The line `. server` or `. asterisk`.
    func end(_ side: Transcript.Side, at index: Int) async throws(Stop) {
        let leg = try leg()
        switch side {
        case .server: try await expectEnd(of: leg, at: index)
        case .asterisk:
            if let command = leg.takeLine() { throw diverged(command, [index], leg) }
            leg.close()
        }
    }

    /// After the last line every leg must end.
    func expectEnds() async throws(Stop) {
        let open = order.compactMap { legs[$0] }.filter { !$0.isOver }
        guard options.recording != .never else {
            for leg in open { try await expectEnd(of: leg, at: nil) }
            return
        }
        rewriting.beginAppending(on: current)
        // All at once: the end of one leg may depend on what another one says first.
        let stopped = await withTaskGroup(of: Stop?.self) { group in
            for leg in open {
                let handed = Handed(player: self, leg: leg)
                group.addTask(executorPreference: loop) { await handed.recordRest() }
            }
            var first: Stop?
            for await stop in group { first = first ?? stop }
            return first
        }
        if let stopped { throw stopped }
    }

    /// - Parameter index: of the line that says so; nil behind the last line.
    private func expectEnd(of leg: PlayedLeg, at index: Int?) async throws(Stop) {
        while true {
            switch await leg.next(until: deadline) {
            case .end:
                leg.close()
                return
            case .command(let command):
                guard options.recording == .all || (options.recording == .missing && index == nil) else {
                    throw diverged(command, index.map { [$0] } ?? [], leg)
                }
                try checkBound(leg, index ?? transcript.lines.count)
                let reply = UsualReplies.reply(to: command)
                if let index {
                    rewriting.insert(command, reply, before: index)
                } else {
                    rewriting.append(command, reply, leg: leg.name)
                }
                exchanges += 1
                try await send(reply + [UInt8(ascii: "\n")], on: leg, at: index ?? transcript.lines.count)
            case let other: throw stop(other, index.map { [$0] } ?? [], leg)
            }
        }
    }

    /// Carries a leg to a task of its own, on the same thread.
    private struct Handed: @unchecked Sendable {
        let player: Player
        let leg: PlayedLeg

        func recordRest() async -> Stop? {
            do throws(Stop) {
                try await player.expectEnd(of: leg, at: nil)
                return nil
            } catch { return error }
        }
    }

    private func checkBound(_ leg: PlayedLeg, _ index: Int) throws(Stop) {
        if rewriting.exchanges >= TranscriptLimits.recordedExchanges {
            throw failed(.tooMuchToRecord(place(index), leg: leg.name))
        }
    }

    // MARK: What went wrong

    private func diverged(_ command: [UInt8], _ expected: [Int], _ leg: PlayedLeg) -> Stop {
        let got = Placeholders.escape(command)
        let line = place(expected.first ?? transcript.lines.count).line
        let wanted = expected.isEmpty ? ["the end of \(leg.name)"] : expected.map { describe($0, leg) }
        let report = """
            \(transcript.name):\(line): leg \(leg.name): the server sent something else
            \(Excerpt(transcript: transcript, expected: expected, got: "> \(got)", bindings: bindings).text)
            """
        return Stop(
            result: .diverged(
                Divergence(leg: leg.name, line: line, expected: wanted, got: got, bindings: bindings)),
            report: report)
    }

    private func stop(_ incoming: PlayedLeg.Incoming, _ expected: [Int], _ leg: PlayedLeg) -> Stop {
        let place = place(expected.first ?? transcript.lines.count)
        let wanted = expected.first.map { describe($0, leg) } ?? "the end of \(leg.name)"
        switch incoming {
        case .command(let command): return diverged(command, expected, leg)
        case .end:
            return failed(
                .closedEarly(place, leg: leg.name, expected: wanted), at: expected, got: "(the server closed)")
        case .partial(let bytes):
            let text = Placeholders.escape(bytes)
            return failed(
                .partialLine(place, leg: leg.name, text: text), at: expected, got: "> \(text) (without a newline)")
        case .endless:
            return failed(.lineTooLong(place, leg: leg.name), at: expected, got: "(a line without end)")
        case .silence:
            return failed(
                .timedOut(place, leg: leg.name, expected: wanted, patience: options.patience), at: expected,
                got: "(nothing for \(seconds(options.patience)) s)")
        case .failed(let error):
            return failed(.connectionFailed(place, leg: leg.name, error), at: expected, got: "(\(error))")
        }
    }

    private func describe(_ index: Int, _ leg: PlayedLeg) -> String {
        if case .command(let pattern) = transcript.lines[index].content { return pattern.description }
        return "the end of \(leg.name)"
    }

    /// - Parameters:
    ///   - expected: indexes of the lines that did not come true; nil when no lines would explain it.
    ///   - got: what came instead.
    func failed(_ error: TranscriptError, at expected: [Int]? = nil, got: String = "") -> Stop {
        guard let expected else { return Stop(result: .failed(error), report: "\(error)") }
        let excerpt = Excerpt(transcript: transcript, expected: expected, got: got, bindings: bindings)
        return Stop(result: .failed(error), report: "\(error)\n\(excerpt.text)")
    }
}
