import AGI
import Corpus
import Foundation
import Sockets
import Testing
import Transcript

/// Every trap of the protocol as a real Asterisk recorded it: what the AGI module reads of it.
@Suite struct TrapTests {
    struct Recorded: CustomTestStringConvertible {
        let name: String
        let version: String
        var path: String { "traps/\(version)/\(name).agi" }
        var testDescription: String { "\(version) \(name)" }
    }

    /// What each program reads, whichever Asterisk it talks to unless that stands before its name.
    static let reads: [String: [String]] = [
        "value-over-lines": ["line of its own: true", "then en"],
        "value-ends-in-a-newline": ["newlines 1, at the end true", "then en"],
        "value-with-parentheses": ["a) endpos=7 (b"],
        "variables": ["none", "''", "'set'", "'en'", "'set 3'", "''"],
        "gosub-trying": ["returned true", "there-back"],
        "database-deltree": [
            "put true", "get a value", "get none none", "delete true", "delete none true", "tree true",
            "tree none false",
        ],
        "sound-missing": ["failed", "state up", "finished"],
        "unknown-command": ["AIR SPEED: Asterisk does not know this command (510)", "en"],
        "usage-block": ["520 SAY DIGITS: usage of several lines", "en"],
        "usage-one-line": ["520 SAY ALPHA: Invalid command syntax.  Proper usage not available.", "en"],
        "application-unknown": ["EXEC NightbellNothing: Asterisk does not know this command (510)", "en"],
        "get-data": ["'0042*' pound", "'' pound", "'' timeout", "'123' timeout", "'0123' full"],
        "get-data-without-a-time": ["'' timeout"],
        "key-stops-a-sound": ["key 2", "position known true"],
        "record-file": [
            "key, #, length known", "timeout, no key, length known", "unwritable, no key, length unknown",
            "hangUp, no key, length known",
        ],
        "hang-up-before-a-reply": ["wait -1, told false", "en, told true"],
        "hang-up-in-a-sound": ["failed", "CHANNEL STATUS: the channel is gone (511)", "told true"],
        "hang-up-in-a-number": ["'' failed", "CHANNEL STATUS: the channel is gone (511)"],
        "dead-channel": [
            "STREAM FILE: the channel is gone (511)", "WAIT FOR DIGIT: the channel is gone (511)", "after", "put true",
            "tree true", "exec 0",
        ],
        "hangup-command": ["told false", "after, told true"],
        "no-sighup": ["wait -1", "en, told false", "STREAM FILE: the channel is gone (511)", "told true"],
        "exit-on-hang-up": ["wait -1", "the connection is closed"],
        "hang-up-at-the-end": ["told false"],
        "percent-escapes": [
            "percent-escapes?text=a%20b%2Bc%26d&word=Gr%C3%BC%C3%9Fe", "a b+c&d", "Gr\u{FC}\u{DF}e",
        ],
        "arguments": ["'in quotes, with a comma'", "''", "'plain'"],
        "no-path": ["script ''", "path ''"],
        "environment": ["accountcode ''", "dnid 'unknown'", "known dnid none", "name Example Caller"],
        "quoting": ["the same"],
        "value-cut": ["GET VARIABLE 1023", "GET FULL VARIABLE 1500"],
        "command-too-long": ["arrived as 3000"],
        // The rest of the line was a command of its own, and its answer is taken for the next one's.
        "asterisk-16 command-too-long": ["ended by GET FULL VARIABLE: Asterisk does not know this command (510)"],
        "long-command": ["arrived whole", "SET VARIABLE: 2048 bytes, more than 2047"],
    ]

    static let recorded = CorpusFolder.versions.flatMap { version in
        Trap.all.map { Recorded(name: $0.name, version: version) }
    }

    @Test(arguments: recorded) func theModuleReadsWhatAsteriskMeant(recorded: Recorded) async throws {
        let transcript = try Transcript(contentsOf: CorpusFolder.url(recorded.path).path)
        let (outcome, read) = try await replay(transcript)
        #expect(outcome.passed, "\(outcome.report)")
        #expect(read == Self.reads["\(recorded.version) \(recorded.name)"] ?? Self.reads[recorded.name])
    }

    @Test(arguments: CorpusFolder.versions) func everyTrapIsRecorded(version: String) throws {
        let names = try CorpusFolder.traps(of: version).map {
            URL(fileURLWithPath: $0).deletingPathExtension().lastPathComponent
        }
        #expect(names.sorted() == Trap.all.map(\.name).sorted())
    }

    /// Serves the traps' programs in this process and plays Asterisk's part.
    private func replay(_ transcript: Transcript) async throws -> (ReplayOutcome, [String]) {
        let loop = try EventLoop(name: "trap")
        defer { loop.stop() }
        let read = Read()
        return try await Task(executorPreference: loop) {
            let server = try AGIServer(on: loop, address: SocketAddress(ip: .loopback, port: 0))
            Trap.register(on: server) { _, lines in read.lines = lines }
            async let running: Void = server.run()
            let outcome = await Replay(transcript, to: server.address, on: loop).run()
            server.stop(drain: .zero)
            await running
            return (outcome, read.lines)
        }.value
    }
}

/// What a program has read, from the loop's thread.
private final class Read: @unchecked Sendable {
    var lines: [String] = []
}
