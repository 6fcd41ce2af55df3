public import AGI

/// Something in which FastAGI is other than one would think, and a small AGI program that walks into it.
///
/// The same program is served to a real Asterisk when the conversation is recorded, and to its replay in the tests: what
/// it gives back is what the AGI module has read.
public struct Trap: Sendable {
    /// Its name: the file's, and the path of the URI that asks for it.
    public let name: String
    /// What it shows, for who reads the file.
    public let shows: String
    /// What it does; each thing that it reads is a line of what it gives back.
    public let program: @Sendable (Session) async throws -> [String]

    init(_ name: String, _ shows: String, _ program: @escaping @Sendable (Session) async throws -> [String]) {
        self.name = name
        self.shows = shows
        self.program = program
    }

    /// All of them.
    public static let all = replies + refusals + keys + hangUps + texts

    /// Serves all of them.
    ///
    /// - Parameter report: told what a program has read, or why it ended.
    public static func register(
        on server: AGIServer, report: @escaping @Sendable (_ name: String, _ read: [String]) -> Void
    ) {
        for trap in all {
            // The one that has no path is asked for by none.
            server.route(trap.name == "no-path" ? "" : trap.name) { session in
                do {
                    report(trap.name, try await trap.program(session))
                } catch {
                    report(trap.name, ["ended by \(error)"])
                }
            }
        }
    }
}

/// The command itself, for arguments that its method would not send.
func command(_ name: String) -> Command {
    Command.all.first { $0.text == name } ?? Command(named: "NOOP")
}

/// What an error of a command says, without the texts that differ between versions of Asterisk.
func refusal(_ body: () async throws(AGIError) -> Void) async -> String {
    do throws(AGIError) {
        try await body()
        return "not refused"
    } catch {
        switch error {
        case .syntax(let command, let usage):
            let lines = usage.split(separator: "\n")
            return "520 \(command): \(lines.count > 1 ? "usage of several lines" : usage)"
        default: return "\(error)"
        }
    }
}
