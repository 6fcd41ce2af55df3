/// One thing that is wrong with a file to be imported.
public struct ImportProblem: Sendable, Equatable, CustomStringConvertible {
    /// The line of the file on which the row begins, from 1.
    public let line: Int
    /// The column, where it is about one.
    public let column: String?
    /// What is wrong, and what would be right.
    public let reason: String

    /// A problem from its parts.
    public init(line: Int, column: String? = nil, reason: String) {
        self.line = line
        self.column = column
        self.reason = reason
    }

    /// `line 3, number: …`.
    public var description: String { "line \(line)" + (column.map { ", \($0)" } ?? "") + ": \(reason)" }
}

/// Everything that is wrong with a file to be imported.
public struct ImportProblems: Error, Sendable, Equatable, CustomStringConvertible {
    /// The problems, in the order of the file.
    public let problems: [ImportProblem]

    /// Problems, at least one.
    public init(_ problems: [ImportProblem]) { self.problems = problems }

    /// One line a problem.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}

extension Text {
    /// The text in quotes for a message: 60 characters of it at most, control characters as `?`.
    static func quoted(_ text: String) -> String {
        let clean = String(String.UnicodeScalarView(text.unicodeScalars.prefix(240).map { isControl($0) ? "?" : $0 }))
        return clean.count > 60 ? "'\(clean.prefix(60))…'" : "'\(clean)'"
    }
}
