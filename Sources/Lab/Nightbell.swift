public import Foundation

/// The real nightbell server, as a child process with its own folder, configuration and database.
public final class Nightbell: Sendable {
    /// The TCP port it listens on at 127.0.0.1.
    public let port: Int

    /// Its folder: nightbell.conf, nightbell.sqlite, the log.
    public let folder: URL

    /// Its configuration file.
    public let configuration: URL

    private let child: Child

    /// The nightbell program: `NIGHTBELL_BINARY`, or the one built next to the running program.
    ///
    /// - Throws: `LabError.missingProgram` when it is not built.
    public static func program() throws -> String {
        if let path = ProcessInfo.processInfo.environment["NIGHTBELL_BINARY"] { return path }
        // A test bundle, or the program it is loaded into, lies in the same folder as what was built with it.
        var places = [Bundle.main.bundleURL, Bundle.main.executableURL?.deletingLastPathComponent()].compactMap { $0 }
        places += CommandLine.arguments.map { URL(fileURLWithPath: $0).deletingLastPathComponent() }
        places += ["debug", "release"].map { Repository.root.appendingPathComponent(".build/\($0)") }
        for place in places {
            let path = place.appendingPathComponent("nightbell").path
            if FileManager.default.isExecutableFile(atPath: path), !isFolder(path) { return path }
        }
        throw LabError.missingProgram("nightbell", need: "build")
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    /// Runs a nightbell command to its end, with `--config` of this server's configuration where wanted.
    ///
    /// - Throws: `LabError`.
    @discardableResult
    public static func run(
        _ arguments: [String], folder: URL? = nil, within seconds: TimeInterval = 60
    ) async throws -> Program.Result {
        try await Program.run(try program(), arguments, folder: folder, within: seconds)
    }

    /// Makes a folder for a server, with its configuration in it: for what must be imported before it starts.
    ///
    /// - Throws: `LabError.file`.
    public static func prepare(_ text: ServerConfiguration) throws -> (folder: URL, configuration: URL, port: Int) {
        let folder = try Scratch.folder("server")
        let port = try Scratch.tcpPort()
        let file = folder.appendingPathComponent("nightbell.conf")
        try text.text(port: port, folder: folder).write(to: file, atomically: true, encoding: .utf8)
        return (folder, file, port)
    }

    /// Starts a server and waits until its log says that it listens.
    ///
    /// - Parameters:
    ///   - prepared: what `prepare` made; also a folder of a server that ended, to start it again on its data.
    ///   - arguments: what comes before the configuration file.
    /// - Throws: `LabError.notReady` with what it printed.
    public static func start(
        _ prepared: (folder: URL, configuration: URL, port: Int), arguments: [String] = ["serve", "--config"],
        environment: [String: String] = [:], within seconds: TimeInterval = 60
    ) async throws -> Nightbell {
        let server = try Nightbell(prepared, arguments, environment)
        let end = Date().addingTimeInterval(seconds)
        while Date() < end, server.child.status == nil {
            if server.logLines.contains(where: { $0.contains("listening") }) { return server }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw LabError.notReady("nightbell", output: server.child.lastOutput())
    }

    /// Makes the configuration's folder and starts a server with it.
    ///
    /// - Throws: `LabError`.
    public static func start(_ configuration: ServerConfiguration) async throws -> Nightbell {
        try await start(try prepare(configuration))
    }

    private init(
        _ prepared: (folder: URL, configuration: URL, port: Int), _ arguments: [String], _ environment: [String: String]
    ) throws {
        folder = prepared.folder
        configuration = prepared.configuration
        port = prepared.port
        child = try Child(
            try Self.program(), arguments + [configuration.path], environment: environment, folder: folder,
            output: folder.appendingPathComponent("output"),
            errors: folder.appendingPathComponent("log-\(Int(Date().timeIntervalSince1970 * 1000))"))
    }

    deinit { child.signal(SIGKILL) }

    /// The process id.
    public var pid: Int32 { child.pid }

    /// What it has logged so far, a line each.
    public var logLines: [String] {
        let text = (try? String(contentsOf: child.errors, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }

    /// Waits until its log has a line that is like this.
    ///
    /// - Throws: `LabError.timedOut`.
    @discardableResult
    public func logs(
        _ what: String, within seconds: TimeInterval = 40, where predicate: @Sendable (String) -> Bool
    ) async throws -> String {
        let end = Date().addingTimeInterval(seconds)
        while true {
            let lines = logLines
            if let line = lines.first(where: predicate) { return line }
            guard Date() < end else { throw LabError.timedOut(what, after: seconds, seen: lines.suffix(20) + []) }
            try await Task.sleep(for: .milliseconds(30))
        }
    }

    /// Asks it to end in order (SIGTERM).
    public func terminate() { child.signal(SIGTERM) }

    /// Ends it at once, as a crash does (SIGKILL).
    public func kill() { child.signal(SIGKILL) }

    /// Sends any signal.
    public func signal(_ number: Int32) { child.signal(number) }

    /// Waits for its end.
    ///
    /// - Returns: the exit code, or the signal's number when a signal ended it; nil when it still runs.
    public func exit(within seconds: TimeInterval = 90) async -> Int32? { await child.wait(within: seconds) }

    /// Ends it and starts another one on the same folder, port and data.
    public func restart(hard: Bool = false) async throws -> Nightbell {
        if hard { kill() } else { terminate() }
        guard await exit() != nil else { throw LabError.notReady("the end of nightbell", output: child.lastOutput()) }
        return try await Nightbell.start((folder, configuration, port))
    }

    /// Runs another nightbell command on this server's configuration.
    @discardableResult
    public func run(_ arguments: [String]) async throws -> Program.Result {
        try await Nightbell.run(arguments + ["--config", configuration.path], folder: folder)
    }

    /// Resident memory in kilobytes, nil when it has ended.
    public var residentKilobytes: Int? { Self.resident(pid: pid) }

    static func resident(pid: Int32) -> Int? {
        let text = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS:") }) else { return nil }
        return Int(line.filter(\.isNumber))
    }
}
