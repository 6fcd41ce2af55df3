import Corpus
import Foundation
import Lab
import Sockets
import Transcript

/// `make replay`: plays every recorded call of nightbell, or those named, against the real server.
enum ReplayAll {
    /// - Returns: whether all passed.
    static func run(_ names: [String]) async throws -> Bool {
        let paths = try CorpusFolder.versions.flatMap { try CorpusFolder.calls(of: $0) }.filter { path in
            names.isEmpty || names.contains { path.hasSuffix("/\($0).agi") || path == $0 }
        }
        guard !paths.isEmpty else { throw LabError.file("no recorded call is named so in \(CorpusFolder.root.path)") }
        let loop = try EventLoop(name: "replay")
        var results: [String: Result<CorpusReplay, any Error>] = [:]
        await withTaskGroup(of: (String, Result<CorpusReplay, any Error>).self) { group in
            for path in paths {
                group.addTask {
                    do {
                        return (path, .success(try await CorpusReplay.run(path, on: loop)))
                    } catch { return (path, .failure(error)) }
                }
            }
            for await (path, result) in group { results[path] = result }
        }
        var passed = 0
        for path in paths {
            switch results[path] {
            case .success(let replay) where replay.passed:
                passed += 1
                tell("passed \(path) (\(replay.outcome.exchanges) exchanges)")
            case .success(let replay): tell("FAILED \(path)\n\(replay.report)")
            case .failure(let error): tell("FAILED \(path)\n\(error)")
            case nil: tell("FAILED \(path)")
            }
        }
        tell("replay: \(passed) passed, \(paths.count - passed) failed")
        return passed == paths.count
    }
}
