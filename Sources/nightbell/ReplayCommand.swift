internal import Foundation
internal import Sockets
internal import Transcript

/// `nightbell replay`.
enum ReplayCommand {
    static func run(_ words: [String]) async throws -> ExitCode {
        let arguments = try Arguments(
            words, options: ["--against", "--format", "--record", "--pace", "--patience", "--jobs"])
        let address = try arguments.address("--against", default: "127.0.0.1:4573")
        let format: ReplayReports.Format = try arguments.choice("--format", default: .text)
        var options = Replay.Options()
        options.recording = try arguments.choice("--record", default: .never)
        options.pace = try arguments.choice("--pace", default: .fast)
        options.patience = .seconds(try arguments.number("--patience", default: 10, in: 1...86_400))
        let jobs = try arguments.number("--jobs", default: 1, in: 1...1_000)
        guard !arguments.words.isEmpty else { throw UsageError("no FILE or DIR to replay") }
        guard let transcripts = read(try arguments.words.flatMap { try files(in: $0) }) else { return .usage }
        allowManyDescriptors()
        let loop = try EventLoop(name: "replay")
        obeySignals(loop)
        let replays = transcripts.map { Replay($0, to: address, on: loop, options: options) }
        let outcomes = await play(replays, jobs: jobs, format)
        return outcomes.allSatisfy(\.passed) && keep(outcomes) ? .success : .failure
    }

    /// The transcripts of a folder and of those within it, in the order of their names; or the file itself.
    private static func files(in path: String) throws -> [String] {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue else {
            return [path]
        }
        let names = try FileManager.default.subpathsOfDirectory(atPath: path).filter { $0.hasSuffix(".agi") }.sorted()
        guard !names.isEmpty else { throw UsageError("no .agi file in \(path)") }
        return names.map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" }
    }

    /// All of them; nil when one cannot be read, which was said then.
    private static func read(_ paths: [String]) -> [Transcript]? {
        var transcripts: [Transcript] = []
        for path in paths {
            do throws(TranscriptError) {
                transcripts.append(try Transcript(contentsOf: path))
            } catch { complain("\(error)") }
        }
        return transcripts.count == paths.count ? transcripts : nil
    }

    /// Plays some at once and tells the results in the order of the files.
    private static func play(
        _ replays: [Replay], jobs: Int, _ format: ReplayReports.Format
    ) async -> [ReplayOutcome] {
        tell(ReplayReports.begin(format, count: replays.count))
        var outcomes: [Int: ReplayOutcome] = [:]
        var told: [ReplayOutcome] = []
        await withTaskGroup(of: (Int, ReplayOutcome).self) { group in
            var next = 0
            func start() {
                guard next < replays.count else { return }
                let (index, replay) = (next, replays[next])
                next += 1
                group.addTask { (index, await replay.run()) }
            }
            for _ in 0..<jobs { start() }
            for await (index, outcome) in group {
                outcomes[index] = outcome
                start()
                while let outcome = outcomes.removeValue(forKey: told.count) {
                    told.append(outcome)
                    tell(ReplayReports.one(outcome, number: told.count, format))
                }
            }
        }
        tell(ReplayReports.end(told, format))
        return told
    }

    /// Puts what was recorded in the place of the files.
    private static func keep(_ outcomes: [ReplayOutcome]) -> Bool {
        var isKept = true
        for outcome in outcomes {
            do throws(TranscriptError) {
                try outcome.recorded?.replace(outcome.name)
            } catch {
                complain("\(error)")
                isKept = false
            }
        }
        return isKept
    }

    private static func tell(_ text: String?) {
        guard let text else { return }
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    /// Signals are blocked in this program from its start, so somebody must take them.
    private static func obeySignals(_ loop: EventLoop) {
        Task(executorPreference: loop) {
            guard let signals = try? Signals([SIGTERM, SIGINT, SIGHUP], on: loop) else { return }
            if await signals.next() != nil {
                complain("interrupted")
                exit(ExitCode.failure.rawValue)
            }
        }
    }
}
