/// One mistake in nightbell.conf.
public struct ConfigurationProblem: Sendable, Equatable, CustomStringConvertible {
    /// The file as it was named.
    public let file: String
    /// The line, from 1; 0 when it is about the file as a whole.
    public let line: Int
    /// What is wrong.
    public let what: String
    /// What would be right.
    public let hint: String

    /// `FILE:LINE: WHAT; HINT`, without a line when it is about the file as a whole.
    public var description: String { file + (line > 0 ? ":\(line)" : "") + ": \(what); \(hint)" }
}

/// Every mistake in nightbell.conf.
public struct ConfigurationProblems: Error, Sendable, Equatable, CustomStringConvertible {
    /// The mistakes, in the order of the file.
    public let problems: [ConfigurationProblem]

    /// One line a mistake.
    public var description: String {
        (["the configuration has \(problems.count) mistake\(problems.count == 1 ? "" : "s"):"]
            + problems.map(\.description))
            .joined(separator: "\n")
    }
}
