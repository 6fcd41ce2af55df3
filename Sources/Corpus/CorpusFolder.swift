public import Foundation
public import Lab

/// `Tests/Corpus`: recorded calls, and the data that the server had when they were recorded.
public enum CorpusFolder {
    /// The folder in the sources.
    public static let root = Repository.root.appendingPathComponent("Tests/Corpus")

    /// The versions of Asterisk that calls are recorded from, as their folders are named.
    public static let versions = ["asterisk-16", "asterisk-22"]

    /// The recorded calls of nightbell: their paths within the folder, sorted.
    public static func calls(of version: String) throws -> [String] { try transcripts(in: version) }

    /// The recorded traps of the protocol: their paths within the folder, sorted.
    public static func traps(of version: String) throws -> [String] { try transcripts(in: "traps/\(version)") }

    /// The whole path of a file of the corpus.
    public static func url(_ path: String) -> URL { root.appendingPathComponent(path) }

    private static func transcripts(in folder: String) throws -> [String] {
        let url = root.appendingPathComponent(folder)
        guard FileManager.default.fileExists(atPath: url.path) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: url.path).filter { $0.hasSuffix(".agi") }.sorted()
            .map { "\(folder)/\($0)" }
    }
}

/// Servers with the corpus's data, each with a database of its own.
public actor CorpusServers {
    /// The usual ones of this process.
    public static let shared = CorpusServers()

    /// A database into which all was imported; copied for each server, because importing takes three programs.
    private var imported: Task<URL, any Error>?

    /// Starts a server with the corpus's configuration on a database that nobody else has.
    ///
    /// - Parameter adapt: changes the configuration's text, for what differs between the lab and the files.
    /// - Throws: `LabError`.
    public func start(adapt: @Sendable (String) -> String = { $0 }) async throws -> Nightbell {
        let database = try await database()
        let prepared = try Self.prepare(adapt: adapt)
        try FileManager.default.copyItem(at: database, to: prepared.folder.appendingPathComponent("nightbell.sqlite"))
        return try await Nightbell.start(prepared)
    }

    private func database() async throws -> URL {
        if let imported { return try await imported.value }
        let task = Task { try await Self.load() }
        imported = task
        return try await task.value
    }

    private static func load() async throws -> URL {
        let prepared = try prepare { $0 }
        for kind in ["engineers", "contracts", "shifts"] {
            let file = prepared.folder.appendingPathComponent("\(kind).csv")
            try dated(try text("\(kind).csv")).write(to: file, atomically: true, encoding: .utf8)
            let result = try await Nightbell.run(["import", kind, file.path, "--config", prepared.configuration.path])
            guard result.status == 0 else { throw LabError.notReady("nightbell import \(kind)", output: result.errors) }
        }
        return prepared.folder.appendingPathComponent("nightbell.sqlite")
    }

    private static func prepare(
        adapt: (String) -> String
    ) throws -> (folder: URL, configuration: URL, port: Int) {
        let folder = try Scratch.folder("corpus")
        let port = try Scratch.tcpPort()
        let database = folder.appendingPathComponent("nightbell.sqlite").path
        let lines = dated(try text("nightbell.conf")).split(separator: "\n", omittingEmptySubsequences: false).map {
            if $0.hasPrefix("listen =") { return "listen = 127.0.0.1:\(port)" }
            return $0.hasPrefix("database =") ? "database = \(database)" : String($0)
        }
        let file = folder.appendingPathComponent("nightbell.conf")
        try adapt(lines.joined(separator: "\n")).write(to: file, atomically: true, encoding: .utf8)
        return (folder, file, port)
    }

    private static func text(_ name: String) throws -> String {
        try String(contentsOf: CorpusFolder.url(name), encoding: .utf8)
    }

    /// The files' day of the call becomes today, in the time zone of all their lines.
    private static func dated(_ text: String) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: "America/Chicago") ?? .gmt
        func day(_ after: Int) -> String {
            let date = calendar.date(byAdding: .day, value: after, to: Date()) ?? Date()
            let parts = calendar.dateComponents([.year, .month, .day], from: date)
            let two = { (value: Int?) in String(format: "%02d", value ?? 0) }
            return "\(parts.year ?? 0)-\(two(parts.month))-\(two(parts.day))"
        }
        return text.replacing("2026-12-25", with: day(0)).replacing("2026-12-26", with: day(1))
    }
}
