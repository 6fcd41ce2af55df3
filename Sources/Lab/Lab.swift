public import Foundation

/// Why the lab could not do what was asked of it; the text says what to do about it.
public enum LabError: Error, CustomStringConvertible {
    /// No Asterisk was found: neither on PATH nor as a private root.
    case noAsterisk(String)
    /// A program the lab needs is missing, with the `.ci/need` set that brings it.
    case missingProgram(String, need: String)
    /// A child process did not start or did not become ready; with its last output.
    case notReady(String, output: String)
    /// Asterisk refused or did not answer a console command.
    case command(String, answer: String)
    /// Something expected did not happen in time; with what happened instead.
    case timedOut(String, after: TimeInterval, seen: [String])
    /// The robot's call ended before it could do its step.
    case callEnded(String)
    /// All test lines are in use and none was given back in time.
    case noLine
    /// A file of the lab could not be read or written.
    case file(String)

    /// The error as a sentence.
    public var description: String {
        switch self {
        case .noAsterisk(let looked): "no Asterisk found (\(looked)); run .ci/need pbx"
        case .missingProgram(let name, let need): "the program \(name) is missing; run .ci/need \(need)"
        case .notReady(let what, let output): "\(what) did not become ready: \(output)"
        case .command(let command, let answer): "Asterisk answered '\(command)' with: \(answer)"
        case .timedOut(let what, let seconds, let seen):
            "\(what) did not happen within \(seconds) s; last seen:\n" + seen.joined(separator: "\n")
        case .callEnded(let who): "\(who) was hung up before the step could be done"
        case .noLine: "no free test line"
        case .file(let what): what
        }
    }
}

/// Where the lab finds the files of the repository it was built from.
public enum Repository {
    /// The root folder of the repository. The lab is never installed, so its source path is where it runs.
    public static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The shipped dialplan folder.
    public static let dialplan = root.appendingPathComponent("dialplan")

    /// The manifest of the prompts: name, then one column a language.
    public static let manifest = root.appendingPathComponent("sounds-manifest/prompts.csv")
}
