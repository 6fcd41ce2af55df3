internal import Foundation
internal import Sockets
internal import Transcript

/// `nightbell record`.
enum RecordCommand {
    static func run(_ words: [String]) async throws -> ExitCode {
        let arguments = try Arguments(
            words, options: ["--listen", "--forward", "--to", "--join"], flags: ["--mask"])
        try arguments.expectNoWords()
        let listen = try arguments.address("--listen")
        let forward = try arguments.address("--forward")
        guard let directory = arguments["--to"] else { throw UsageError("--to DIR is missing") }
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory), isDirectory.boolValue else {
            throw UsageError("--to \(directory) is no folder; make it first")
        }
        var options = Recorder.Options()
        options.join = try arguments.choice("--join", default: .none)
        options.mask = arguments.has("--mask")
        allowManyDescriptors()
        let loop = try EventLoop(name: "record")
        let chosen = options
        return await Task(executorPreference: loop) {
            do {
                try await record(listen, forward, directory, chosen, loop)
                return ExitCode.success
            } catch {
                complain("cannot record on \(listen): \(error)")
                return .failure
            }
        }.value
    }

    private static func record(
        _ listen: SocketAddress, _ forward: SocketAddress, _ directory: String, _ options: Recorder.Options,
        _ loop: EventLoop
    ) async throws {
        let recorder = try Recorder(
            on: loop, listen: listen, forward: forward, directory: directory, options: options
        ) { complain(line($0)) }
        let signals = try Signals([SIGTERM, SIGINT, SIGHUP], on: loop)
        complain("recording \(recorder.address) to \(forward) in \(directory)")
        await withDiscardingTaskGroup { group in
            group.addTask(executorPreference: loop) { await obey(signals, recorder) }
            await recorder.run()
            signals.close()
        }
        complain("stopped")
    }

    /// The first signal lets calls go on to their end, the second one cuts them; what was heard is written.
    private static func obey(_ signals: Signals, _ recorder: Recorder) async {
        var isStopping = false
        while let signal = await signals.next() {
            if signal == SIGHUP { continue }
            if recorder.openConnections > 0, !isStopping {
                complain("stopping when \(recorder.openConnections) connections have ended; once more cuts them")
            }
            recorder.stop(cutting: isStopping)
            isStopping = true
        }
    }

    private static func line(_ event: Recorder.Event) -> String {
        switch event {
        case .recorded(let path, let legs, let commands, let duration, let cut):
            """
            recorded \(path) (legs \(legs), commands \(commands), \(duration.components.seconds) s)\
            \(cut.map { ", cut \($0)" } ?? "")
            """
        case .unreachable(let address, let error):
            "not recorded: no connection to \(address): \(error); the caller's connection was closed"
        case .overloaded(let peer): "not recorded: too many connections at once, from \(peer?.description ?? "?")"
        case .notAGI(let peer): "not recorded: no AGI from \(peer?.description ?? "?")"
        case .unwritten(let error): "not recorded: \(error)"
        }
    }
}

/// Lets this program have as many descriptors as the system allows, and answers how many that are. The corresponding C
/// function is `setrlimit`.
@discardableResult
func allowManyDescriptors() -> Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    return Int(clamping: limit.rlim_cur)
}

extension Arguments {
    /// A numeric address with a port that must be given, unless there is a default.
    func address(_ option: String, default text: String? = nil) throws(UsageError) -> SocketAddress {
        guard let text = self[option] ?? text else { throw UsageError("\(option) ADDRESS:PORT is missing") }
        guard let address = SocketAddress(text) else {
            throw UsageError("\(option) takes a numeric address and a port, such as 127.0.0.1:4573")
        }
        return address
    }

    /// One of a few words.
    func choice<Choice: RawRepresentable & CaseIterable>(
        _ option: String, default choice: Choice
    ) throws(UsageError) -> Choice where Choice.RawValue == String {
        guard let text = self[option] else { return choice }
        guard let chosen = Choice(rawValue: text) else {
            throw UsageError("\(option) takes one of \(Choice.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return chosen
    }
}
