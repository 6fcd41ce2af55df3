internal import Foundation
internal import Lab
public import Sockets
public import Transcript

/// One recorded call, played against a server that knows nothing but the corpus's data.
public struct CorpusReplay: Sendable {
    /// Its path within the corpus.
    public let path: String
    /// How the conversation went.
    public let outcome: ReplayOutcome
    /// What the headings say is kept of the call.
    public let expected: Stored
    /// What the server has kept of it; nil when the conversation went wrong.
    public let stored: Stored?

    /// Whether the server said what is written and kept what is written.
    public var passed: Bool { outcome.passed && stored == expected }

    /// What went wrong, for people; empty when it passed.
    public var report: String {
        guard outcome.passed else { return outcome.report }
        return passed ? "" : "expected  \(expected)\nkept      \(stored?.description ?? "nothing")"
    }

    /// Starts the real server, plays Asterisk's part against it, and asks what it has kept.
    ///
    /// Few run at once, whoever asks for them, because each has processes of its own.
    ///
    /// - Throws: `LabError`, `TranscriptError` when the file can't be read.
    public static func run(_ path: String, on loop: EventLoop) async throws -> CorpusReplay {
        let transcript = try Transcript(contentsOf: CorpusFolder.url(path).path)
        await Turns.shared.take()
        let result: Result<CorpusReplay, any Error>
        do {
            result = .success(try await play(transcript, path, loop))
        } catch { result = .failure(error) }
        await Turns.shared.giveBack()
        return try result.get()
    }

    private static func play(_ transcript: Transcript, _ path: String, _ loop: EventLoop) async throws -> CorpusReplay {
        let server = try await CorpusServers.shared.start()
        let address = SocketAddress(ip: .loopback, port: UInt16(server.port))
        let outcome = await Replay(transcript, to: address, on: loop).run()
        let expected = Stored(
            outcome: transcript.heading("outcome"), page: transcript.heading("page"),
            rings: transcript.heading("rings"))
        let stored = outcome.passed ? try await Stored(of: server) : nil
        server.kill()
        _ = await server.exit(within: 5)
        Scratch.remove(server.folder)
        return CorpusReplay(path: path, outcome: outcome, expected: expected, stored: stored)
    }
}

/// A few turns for many who want one, in the order in which they ask.
actor Turns {
    static let shared = Turns(6)

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ count: Int) { free = count }

    func take() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    func giveBack() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
