import Corpus
import Foundation
import Sockets
import Testing
import Transcript

/// Every recorded call of the corpus against the real server, each on a database of its own.
@Suite struct CallTests {
    private static let loop = Result { try EventLoop(name: "corpus") }

    static let paths = CorpusFolder.versions.flatMap { (try? CorpusFolder.calls(of: $0)) ?? [] }

    @Test(arguments: paths) func theServerSaysAndKeepsWhatWasRecorded(path: String) async throws {
        let replay = try await CorpusReplay.run(path, on: try Self.loop.get())
        guard replay.outcome.passed else {
            let file = CorpusFolder.url(path).path
            let place = SourceLocation(
                fileID: "CorpusTests/\(path)", filePath: file, line: max(1, replay.outcome.line ?? 1), column: 1)
            Issue.record("\(replay.report)", sourceLocation: place)
            return
        }
        #expect(replay.stored == replay.expected)
    }

    @Test(arguments: CorpusFolder.versions) func eachAsterisk_hasTwentyCallsAtLeast(version: String) throws {
        #expect(try CorpusFolder.calls(of: version).count >= 20)
    }

    @Test func thereAreFortyCallsAtLeast_theSameOfBoth() throws {
        let names = try CorpusFolder.versions.map { version in
            try CorpusFolder.calls(of: version).map { $0.dropFirst(version.count) }
        }
        #expect(names.map(\.count).reduce(0, +) >= 40)
        #expect(names[0] == names[1])
    }

    @Test(arguments: CorpusFolder.versions) func everyOutcomeIsRecorded(version: String) throws {
        let outcomes = try CorpusFolder.calls(of: version).map { path in
            try Transcript(contentsOf: CorpusFolder.url(path).path).heading("outcome")
        }
        let wanted = ["paged", "unanswered", "kept", "too-short", "no-message", "hung-up", "none", "going on"]
        #expect(Set(outcomes.compactMap(\.self)) == Set(wanted))
    }

    @Test(arguments: CorpusFolder.versions) func aCallSaysWhichAsteriskItIsFrom(version: String) throws {
        for path in try CorpusFolder.calls(of: version) + CorpusFolder.traps(of: version) {
            let asterisk = try Transcript(contentsOf: CorpusFolder.url(path).path).heading("asterisk")
            #expect(asterisk?.hasPrefix(version.dropFirst("asterisk-".count)) == true, "\(path)")
        }
    }
}
