import Foundation
import Lab

/// `make demo`: one night call through a real Asterisk, with robots for people, shown as it happens.
@main
struct Demo {
    static func main() async {
        do {
            try await run()
        } catch {
            tell("\ndemo failed: \(error)")
            exit(1)
        }
    }

    static func run() async throws {
        tell("== prompts: nightbell sounds build")
        let prompts = try Scratch.folder("prompts")
        defer { Scratch.remove(prompts) }
        let built = try await Nightbell.run(
            ["sounds", "build", "--to", prompts.path, "--language", "en,de", "--manifest", Repository.manifest.path],
            within: 120)
        guard built.status == 0 else { throw LabError.notReady("nightbell sounds build", output: built.errors) }

        tell("== Asterisk: starting one of our own, /etc/asterisk stays untouched")
        let pbx = try await PBX.start(prompts: .folder(prompts))
        tell(try await pbx.command("core show version").trimmingCharacters(in: .whitespacesAndNewlines))
        let failure: (any Error)?
        do {
            try await call(pbx)
            failure = nil
        } catch { failure = error }
        await pbx.stop()
        if let failure { throw failure }
    }

    private static func call(_ pbx: PBX) async throws {
        let line = try await pbx.takeLine()
        let night = try await SampleNight.start(on: line)
        tell("== nightbell listens on 127.0.0.1:\(night.server.port); who would be rung now:")
        tell(try await night.server.run(["on-call"]).output)
        tell("== the call (the customer's and the engineers' phones are robots)\n")
        let conversation = try Conversation(log: pbx.log, names: night.names)
        let watching = Task { await conversation.follow() }
        defer { watching.cancel() }

        let caller = try await line.call(from: CallerID(number: "15550123"))
        try await caller.run([
            .hears("enter-contract"), .presses(SampleNight.contract), .hears("beep"), .speaks(7.5), .hangsUp,
        ])
        let outcome = try await caller.outcome(within: 110)
        try await pbx.log.wait(for: "the engineer's goodbye", since: line.mark, within: 30) {
            $0.prompt == "nightbell/goodbye-engineer"
        }
        try await Task.sleep(for: .milliseconds(600))
        await conversation.show()
        try await check(night, outcome)
    }

    /// Checks, from Asterisk's side and from nightbell's, that all of it happened, and sums it up.
    private static func check(_ night: SampleNight, _ outcome: Outcome) async throws {
        let line = night.line
        let numbers = night.engineers.map(\.number)
        func require(_ holds: Bool, _ what: String) throws {
            if !holds {
                throw LabError.notReady(what, output: night.server.logLines.suffix(12).joined(separator: "\n"))
            }
        }
        try require(outcome.status == "PAGED", "the page (NIGHTBELL_STATUS=\(outcome.status))")
        try require(line.dialled.map(\.number) == numbers, "ringing the three engineers in order")
        try require(!line.deeds(of: numbers[0]).contains("answers"), "the first engineer's silence")
        try require(line.deeds(of: numbers[1]).contains("answers"), "the second engineer's mailbox")
        try require(
            line.heard(by: numbers[2]).contains { $0.contains("/INBOX/msg") },
            "playing the message to the third engineer")
        let messages = try await line.messages(1, within: 5)
        guard let seconds = messages.first?.seconds, seconds >= 4 else {
            throw LabError.notReady("the message", output: "\(messages)")
        }
        let pages = try await night.server.run(["pages"]).output
        try require(pages.contains("accepted by third"), "the claim")
        let hungUp = line.pbx.log.events(since: line.mark).first {
            if case .robot(let who, "hangs-up", _) = $0.kind { who.hasPrefix("caller-") } else { false }
        }
        guard let end = hungUp?.time, let ring = line.dialled.first?.time else {
            throw LabError.notReady("the first ring", output: "")
        }
        tell("\n== nightbell pages\n\(pages)")
        let milliseconds = Int(ring.timeIntervalSince(end) * 1_000)
        tell(
            "demo passed: message \(String(format: "%.1f", seconds)) s, \(numbers.count) engineers rung, accepted by"
                + " \(night.engineers[2].name), \(milliseconds) ms from the end of the message to the first ring")
    }
}

/// Prints a line at once, so that the conversation is live through a pipe too.
func tell(_ text: String) {
    FileHandle.standardOutput.write(Data((text + "\n").utf8))
}
