internal import Foundation
internal import Sockets

/// The command `nightbell`: finds the subcommand and turns what it says into an exit code.
@main
struct Nightbell {
    static func main() {
        // Before any other thread exists, so that none of them takes the signals that `serve` waits for. For the same
        // reason main is not async: the runtime would then park this thread with every signal let through.
        Signals.block([SIGTERM, SIGINT, SIGHUP])
        signal(SIGPIPE, SIG_IGN)
        let words = Array(CommandLine.arguments.dropFirst())
        Task.detached { exit(await run(words).rawValue) }
        while true { pause() }
    }

    static func run(_ words: [String]) async -> ExitCode {
        guard let name = words.first else {
            print(Help.overview)
            return .usage
        }
        let rest = Array(words.dropFirst())
        if ["help", "--help", "-h"].contains(name) {
            print(rest.first.flatMap { Help.texts[$0] } ?? Help.overview)
            return .success
        }
        if ["version", "--version"].contains(name) {
            print("nightbell \(Help.version)")
            return .success
        }
        guard let command = commands[name] else {
            complain("no command '\(name)'; 'nightbell help' lists them")
            return .usage
        }
        if rest.contains("--help") || rest.contains("-h") {
            print(Help.texts[name] ?? Help.overview)
            return .success
        }
        do {
            return try await command(rest)
        } catch let error as UsageError {
            complain("\(error.text); 'nightbell help \(name)' says more")
            return .usage
        } catch {
            complain("\(error)")
            return .failure
        }
    }

    private static let commands: [String: @Sendable ([String]) async throws -> ExitCode] = [
        "serve": ServeCommand.run, "check": CheckCommand.run, "import": ImportCommand.run,
        "on-call": OnCallCommand.run, "calls": CallsCommand.run, "pages": PagesCommand.run,
        "sounds": SoundsCommand.run, "record": RecordCommand.run, "replay": ReplayCommand.run,
    ]
}

/// What the shell gets to know.
enum ExitCode: Int32 {
    /// All is well.
    case success = 0
    /// It was tried and failed, or the check found something.
    case failure = 1
    /// The words of the command were wrong; nothing was done.
    case usage = 2
}

/// Writes a line to standard error.
func complain(_ text: String) {
    FileHandle.standardError.write(Data("nightbell: \(text)\n".utf8))
}
