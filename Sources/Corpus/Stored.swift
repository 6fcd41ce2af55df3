public import Lab

/// What a server has kept of one call, as its commands tell: the headings `outcome`, `page` and `rings` of a recording.
public struct Stored: Sendable, Equatable, CustomStringConvertible {
    /// How the call ended, as `nightbell calls` says; `none` when none was begun.
    public let outcome: String
    /// How its page ended, as `nightbell pages` says; `none` without one.
    public let page: String
    /// Who was rung and what came of it, as `busy busy, accepts accepted`; `none` when nobody was.
    public let rings: String

    /// What is written in the headings of a transcript.
    public init(outcome: String?, page: String?, rings: String?) {
        self.outcome = outcome ?? "not written"
        self.page = page ?? "none"
        self.rings = rings ?? "none"
    }

    /// What the server's commands tell now.
    ///
    /// - Throws: `LabError` when they don't run, or tell of more than one call.
    public init(of server: Nightbell) async throws {
        let calls = try await server.run(["calls"]).output.split(separator: "\n")
        guard calls.count == 1 else {
            throw LabError.notReady("a database of one call", output: calls.joined(separator: "\n"))
        }
        outcome = calls[0] == "no calls yet" ? "none" : Self.columns(calls[0]).last ?? ""
        let pages = try await server.run(["pages"]).output.split(separator: "\n")
        page = pages.first == "no pages yet" ? "none" : pages.first.flatMap { Self.columns($0).last } ?? ""
        let rung = pages.dropFirst().map { line in
            let columns = Self.columns(line.drop { $0 == " " })
            return "\(columns.dropFirst().first ?? "") \(columns.last ?? "")"
        }
        rings = rung.isEmpty ? "none" : rung.joined(separator: "; ")
    }

    /// What stands two blanks apart.
    private static func columns(_ line: Substring) -> [String] {
        var rest = line
        var columns: [String] = []
        while let gap = rest.firstRange(of: "  ") {
            columns.append(String(rest[..<gap.lowerBound]))
            rest = rest[gap.upperBound...]
        }
        return columns + [String(rest)]
    }

    /// The three in one line.
    public var description: String { "outcome \(outcome), page \(page), rings \(rings)" }
}
