import Foundation
import Lab
import Transcript

/// `nightbell record` between Asterisk and a server, for one call.
struct Proxy {
    /// The port that Asterisk connects to.
    let port: Int
    private let folder: URL
    private let child: Child

    /// Starts it and waits until it listens.
    static func start(before server: Int) async throws -> Proxy {
        let folder = try Scratch.folder("record")
        let calls = folder.appendingPathComponent("calls")
        try FileManager.default.createDirectory(at: calls, withIntermediateDirectories: true)
        let port = try Scratch.tcpPort()
        let output = folder.appendingPathComponent("output")
        let child = try Child(
            try Nightbell.program(),
            [
                "record", "--listen", "127.0.0.1:\(port)", "--forward", "127.0.0.1:\(server)", "--to", calls.path,
                "--join", "overlapping",
            ], output: output, errors: output)
        let end = Date().addingTimeInterval(20)
        while !child.lastOutput().contains("recording") {
            guard Date() < end, child.status == nil else {
                throw LabError.notReady("nightbell record", output: child.lastOutput())
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        return Proxy(port: port, folder: calls, child: child)
    }

    /// Waits for the end of what is being recorded.
    ///
    /// - Returns: what was recorded, in the order in which it ended.
    func finish() async throws -> [Transcript] {
        child.signal(SIGTERM)
        guard await child.wait(within: 60) == 0 else {
            throw LabError.notReady("the end of nightbell record", output: child.lastOutput())
        }
        let files = try FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: [.contentModificationDateKey])
        let dated = try files.map { file in
            (file, try file.resourceValues(forKeys: [.contentModificationDateKey]).contentModificationDate ?? Date())
        }
        return try dated.sorted { $0.1 < $1.1 }.map { try Transcript(contentsOf: $0.0.path) }
    }
}
