public import Foundation
import Synchronization

/// A real Asterisk of our own: private configuration, spool, database and log, on ports of its own.
///
/// Every process has one, started when first asked for, and many scenarios use it at once, each on a test line.
/// It ends with this process, however that ends.
public final class PBX: Sendable {
    /// How many test lines there are.
    public static let lineCount = 80

    private static let starting = Task { try await PBX.start() }

    /// The Asterisk of this process, started when first asked for.
    ///
    /// - Throws: `LabError` when there is none or it does not start.
    public static func shared() async throws -> PBX { try await starting.value }

    /// What Asterisk does, as its log tells.
    public let log: AsteriskLog

    /// The UDP port of 127.0.0.1 where it takes SIP calls.
    public let sipPort: Int

    /// The TCP port of 127.0.0.1 where its manager interface listens, as the shipped manager.conf sets it up.
    public let managerPort: Int

    /// The secret of the shipped manager user [nightbell]. Those of [weak], [outside], [deaf] and [all] are `NAME-secret`.
    public static let managerSecret = "nightbell-secret"

    /// The Asterisk program in use.
    public let installation: Installation

    /// The folder that everything of this Asterisk is in, from outside.
    public let folder: URL

    let lines = LinePool(count: PBX.lineCount)
    let calls = Atomic<Int>(0)
    private let child: Mutex<Child>
    private let base: String
    private let console: Console
    private let director = Mutex<Director?>(nil)

    /// Starts an Asterisk and waits until it is ready for calls.
    ///
    /// - Parameters:
    ///   - installation: which one; `Installation.find()` when nil.
    ///   - prompts: the recordings nightbell plays.
    ///   - undocumented: AGI commands, in small letters, that it shall have no usage text of.
    /// - Throws: `LabError`.
    public static func start(
        installation: Installation? = nil, prompts: Prompts = .usual, undocumented: [String] = []
    ) async throws -> PBX {
        let installation = try installation ?? Installation.find()
        try FileManager.default.createDirectory(at: installation.parent, withIntermediateDirectories: true)
        Leftovers.remove(from: installation.parent)
        let folder = try Scratch.folder("lab", in: installation.parent)
        let configuration = PBXConfiguration(
            base: installation.inside(folder), moduleFolder: installation.moduleFolder,
            sipPort: try Scratch.udpPort(), managerPort: try Scratch.tcpPort(),
            firstMediaPort: Int.random(in: 10...27) * 1000,
            lines: lineCount)
        try PBXFolder(folder: folder, installation: installation, undocumented: undocumented).write(configuration)
        try await prompts.install(in: folder.appendingPathComponent("data/sounds"))
        let pbx = try PBX(installation, folder, configuration)
        try await pbx.ready()
        return pbx
    }

    private init(_ installation: Installation, _ folder: URL, _ configuration: PBXConfiguration) throws {
        self.installation = installation
        self.folder = folder
        sipPort = configuration.sipPort
        managerPort = configuration.managerPort
        log = AsteriskLog(file: folder.appendingPathComponent("log/full"))
        console = Console(socket: folder.appendingPathComponent("run/asterisk.ctl"))
        base = configuration.base
        child = Mutex(try Self.launch(installation, folder, base: configuration.base))
    }

    private static func launch(_ installation: Installation, _ folder: URL, base: String) throws -> Child {
        let output = folder.appendingPathComponent("log/console")
        let run = try installation.invocation(["-C", "\(base)/etc/asterisk.conf", "-f"])
        // The log's times are read as UTC.
        return try Child(run.program, run.arguments, environment: ["TZ": "UTC"], output: output, errors: output)
    }

    private var process: Child { child.withLock { $0 } }

    private func ready() async throws {
        let end = Date().addingTimeInterval(60)
        while Date() < end, process.status == nil {
            if let answer = try? await command("core waitfullybooted"), answer.contains("fully booted") {
                director.withLock { $0 = Director(pbx: self) }
                return
            }
            try await Task.sleep(for: .milliseconds(30))
        }
        throw LabError.notReady("Asterisk", output: process.lastOutput())
    }

    /// The spool folder, as Asterisk sees it.
    public var spool: String { installation.inside(folder.appendingPathComponent("spool")) }

    /// Runs a console command, as `asterisk -rx` does.
    ///
    /// - Returns: what it printed.
    /// - Throws: `LabError.command` when Asterisk is not there.
    @discardableResult
    public func command(_ text: String) async throws -> String { try await console.run(text) }

    /// Sets a global variable of the dialplan.
    ///
    /// - Parameters:
    ///   - name: letters, digits and `_`.
    ///   - value: anything; it is stored URI-encoded unless it is plain, and the lab's dialplan decodes it.
    public func setGlobal(_ name: String, _ value: String) async throws {
        var plain = CharacterSet.alphanumerics.intersection(CharacterSet(charactersIn: "\0"..."\u{7F}"))
        plain.insert(charactersIn: "-._:")
        let encoded = value.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
        try await command("dialplan set global \(name) \"\(encoded)\"")
    }

    /// True while Asterisk runs.
    public var isRunning: Bool { process.status == nil }

    /// Resident memory of Asterisk in kilobytes.
    public var residentKilobytes: Int? { Nightbell.resident(pid: process.pid) }

    /// Ends Asterisk and removes its folder.
    public func stop() async {
        process.signal(SIGTERM)
        if await process.wait(within: 3) == nil { await kill() }
        log.stop()
        Scratch.remove(folder)
    }

    /// Ends Asterisk as a crash would; its folder stays, for `startAgain`.
    public func kill() async {
        process.signal(SIGKILL)
        _ = await process.wait(within: 3)
    }

    /// Starts Asterisk again in its folder, on its ports, and waits until it is ready for calls.
    ///
    /// - Throws: `LabError`.
    public func startAgain() async throws {
        let fresh = try Self.launch(installation, folder, base: base)
        child.withLock { $0 = fresh }
        try await ready()
    }

    deinit {
        process.signal(SIGKILL)
        log.stop()
    }
}

/// What earlier processes left when they and their reaper were killed.
enum Leftovers {
    /// Ends Asterisks whose owner is gone and removes their folders.
    static func remove(from parent: URL) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent.path)) ?? []
        for name in names where name.hasPrefix("nightbell-lab-") {
            let parts = name.split(separator: "-")
            guard parts.count == 4, let owner = Int32(parts[2]), kill(owner, 0) != 0 else { continue }
            let folder = parent.appendingPathComponent(name)
            let file = folder.appendingPathComponent("run/asterisk.pid")
            let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
            if let pid = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)), pid > 1,
                let arguments = try? String(contentsOfFile: "/proc/\(pid)/cmdline", encoding: .utf8),
                arguments.contains(name)
            {
                kill(pid, SIGKILL)
            }
            Scratch.remove(folder)
        }
    }
}
