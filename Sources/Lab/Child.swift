public import Foundation
import Synchronization

/// A child process of the lab: started, watched, ended.
public final class Child: Sendable {
    private struct State {
        var status: Int32?
        var waiting: [CheckedContinuation<Int32, Never>] = []
    }

    private let state = Mutex(State())

    /// The process id.
    public let pid: Int32

    /// The file its standard output goes to.
    public let output: URL

    /// The file its standard error goes to.
    public let errors: URL

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - program: absolute path of the program.
    ///   - arguments: its arguments, without its name.
    ///   - environment: added to the environment of this process.
    ///   - folder: its working directory.
    ///   - output: file for standard output; the same as `errors` to have both in one.
    ///   - errors: file for standard error.
    /// - Throws: `LabError.notReady` when it can't be started.
    public init(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], folder: URL? = nil,
        output: URL, errors: URL
    ) throws {
        self.output = output
        self.errors = errors
        var all = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        // What a shell in the folder would have.
        if let folder { all["PWD"] = folder.path }
        pid = try Spawn.start(program, arguments, environment: all, folder: folder, output: output, errors: errors)
        Reaper.shared.watch(pid: pid)
        let (pid, state) = (pid, Ended())
        // A thread for each: waiting for one process must not take what another one left.
        let thread = Thread { state.end(Spawn.end(of: pid)) }
        thread.stackSize = 65_536
        thread.start()
        state.attach { [self] status in ended(status) }
    }

    /// The exit status once it has ended: the code of exit(), or the number of the signal that ended it.
    public var status: Int32? { state.withLock { $0.status } }

    /// Waits until it has ended.
    ///
    /// - Returns: the exit status.
    public func wait() async -> Int32 {
        await withCheckedContinuation { continuation in
            let status = state.withLock { state in
                if state.status == nil { state.waiting.append(continuation) }
                return state.status
            }
            if let status { continuation.resume(returning: status) }
        }
    }

    /// Waits until it has ended, at most so long.
    ///
    /// - Returns: the exit status, nil when it still runs.
    public func wait(within seconds: TimeInterval) async -> Int32? {
        let end = Date().addingTimeInterval(seconds)
        while status == nil, Date() < end {
            do { try await Task.sleep(for: .milliseconds(20)) } catch { break }
        }
        return status
    }

    /// Sends a signal, if it still runs. The corresponding C function is `kill`.
    public func signal(_ number: Int32) {
        if status == nil { _ = kill(pid, number) }
    }

    /// The end of its output and errors, for messages.
    public func lastOutput(lines: Int = 12) -> String {
        var text = (try? String(contentsOf: errors, encoding: .utf8)) ?? ""
        if output != errors { text += (try? String(contentsOf: output, encoding: .utf8)) ?? "" }
        return text.split(separator: "\n").suffix(lines).joined(separator: "\n")
    }

    private func ended(_ status: Int32) {
        Reaper.shared.forget(pid: pid)
        let waiting = state.withLock { state in
            state.status = status
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(returning: status) }
    }
}

/// Carries the exit status from the thread that waits, which may have it before the Child is whole.
private final class Ended: Sendable {
    private struct State {
        var status: Int32?
        var deliver: (@Sendable (Int32) -> Void)?
    }

    private let state = Mutex(State())

    func end(_ status: Int32) {
        let deliver = state.withLock { state in
            state.status = status
            return state.deliver
        }
        deliver?(status)
    }

    func attach(_ deliver: @escaping @Sendable (Int32) -> Void) {
        let status = state.withLock { state in
            state.deliver = deliver
            return state.status
        }
        if let status { deliver(status) }
    }
}

/// A program that is run to its end.
public enum Program {
    /// What a program that has ended left behind.
    public struct Result: Sendable {
        /// The exit status.
        public let status: Int32
        /// What it wrote to standard output.
        public let output: String
        /// What it wrote to standard error.
        public let errors: String
    }

    /// Runs a program and waits for its end.
    ///
    /// - Throws: `LabError.notReady` when it can't be started, `LabError.timedOut` when it is not done in time (it is
    ///   killed then).
    public static func run(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], folder: URL? = nil,
        within seconds: TimeInterval = 60
    ) async throws -> Result {
        let scratch = try Scratch.folder("run")
        defer { Scratch.remove(scratch) }
        let child = try Child(
            program, arguments, environment: environment, folder: folder,
            output: scratch.appendingPathComponent("out"), errors: scratch.appendingPathComponent("err"))
        guard let status = await child.wait(within: seconds) else {
            child.signal(SIGKILL)
            throw LabError.timedOut("the end of \(program)", after: seconds, seen: [child.lastOutput()])
        }
        return Result(
            status: status, output: try String(contentsOf: child.output, encoding: .utf8),
            errors: try String(contentsOf: child.errors, encoding: .utf8))
    }

    /// The absolute path of a program on PATH, nil when there is none.
    public static func find(_ name: String) -> String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return (path.split(separator: ":").map(String.init) + ["/usr/sbin", "/usr/bin", "/sbin", "/bin"])
            .map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
