import Corpus
import Foundation
import Lab
import Transcript

/// Records one call of nightbell: a real Asterisk, the real recorder, the real server on a database of its own.
struct NightRecording {
    private let call: NightCall
    private let pbx: PBX
    private let version: String

    /// - Parameter version: the folder, such as `asterisk-22`.
    init(_ call: NightCall, _ pbx: PBX, _ version: String) {
        self.call = call
        self.pbx = pbx
        self.version = version
    }

    /// Makes the call and writes the file.
    ///
    /// - Returns: a line about it.
    func run() async throws -> String {
        let line = try await pbx.takeLine()
        try await line.isKnown(as: call.line)
        let (mailbox, context) = (line.mailbox, line.engineerContext)
        let server = try await CorpusServers.shared.start { text in
            text.replacing("= 1000@support", with: "= \(mailbox)")
                .replacing("engineer_context = nightbell-engineer", with: "engineer_context = \(context)")
        }
        let proxy = try await Proxy.start(before: server.port)
        try await line.use(port: proxy.port)
        let caller = try await line.call(from: call.from, entry: call.entry)
        try await caller.run(call.does)
        if call.ringComesBack { try await answerFirstRingAgain(line) }
        _ = try await caller.outcome()
        if call.ringComesBack { try await hears("page-taken", line) }
        let tapes = try await proxy.finish()
        let stored = try await Stored(of: server)
        server.kill()
        let recording = Recording(tapes, call.shows)
        recording.join()
        recording.tidy(line, port: proxy.port)
        recording.nameRings()
        recording.letVary()
        let transcript = try recording.transcript(
            headings: [
                ("line", call.line), ("outcome", stored.outcome), ("page", stored.page), ("rings", stored.rings),
            ], name: call.name)
        let path = "\(version)/\(call.name).agi"
        try Recording.write(transcript, to: path)
        return "\(path): \(stored)"
    }

    /// A mailbox that kept the first ring's call rings through once more, while the second engineer listens.
    private func answerFirstRingAgain(_ line: TestLine) async throws {
        try await pbx.log.wait(for: "the message being played", since: line.mark, within: 60) { event in
            event.prompt?.contains("/support/\(1000 + line.number)/INBOX/msg") ?? false
        }
        let robot = Robot.number(.accepts)
        try await pbx.command(
            "channel originate Local/\(robot)@nightbell-outbound/n extension 1@\(line.engineerContext)")
    }

    private func hears(_ prompt: String, _ line: TestLine) async throws {
        try await pbx.log.wait(for: prompt, since: line.mark, within: 30) { $0.prompt == "nightbell/\(prompt)" }
    }
}
