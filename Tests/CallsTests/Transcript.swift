import Foundation
import Testing

/// A conversation between nightbell and Asterisk as people write it down:
///
///     # a comment
///     agi_callerid: 15550142          the environment, where it is not the usual one
///     > ANSWER                        what nightbell must send, whole; * stands for any run of characters
///     < 200 result=0                  what Asterisk answers; \n inside begins another line
///     ! HANGUP                        what Asterisk says unasked
///     = engineer engineer?ring=1      Asterisk connects once more, for this script; the lines below are of that leg
///     = caller                        back to a leg that there is
///
/// It begins on the leg `caller`. After the last line nightbell must close every leg.
struct Transcript {
    struct Line {
        let kind: Kind
        let text: String
        let location: SourceLocation
    }

    enum Kind { case command, reply, unasked, leg }

    struct Malformed: Error, CustomStringConvertible {
        let description: String
    }

    private(set) var environment: [(name: String, value: String)] = []
    private(set) var lines: [Line] = []
    /// Where it ends.
    let end: SourceLocation

    /// Reads `Transcripts/NAME.agi`.
    init(_ name: String) throws {
        let url = try #require(
            Bundle.module.url(forResource: name, withExtension: "agi", subdirectory: "Transcripts"),
            "no Transcripts/\(name).agi")
        // The place in the sources, not that of the copy in the bundle.
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Transcripts/\(name).agi"
        func location(_ number: Int) -> SourceLocation {
            SourceLocation(fileID: "CallsTests/\(name).agi", filePath: path, line: number, column: 1)
        }
        let text = try String(contentsOf: url, encoding: .utf8)
        let written = text.split(separator: "\n", omittingEmptySubsequences: false)
        end = location(written.count)
        for (index, line) in written.enumerated() where !line.isEmpty && !line.hasPrefix("#") {
            if lines.isEmpty, line.hasPrefix("agi_"), let colon = line.firstIndex(of: ":") {
                let value = line[line.index(after: colon)...].drop { $0 == " " }
                environment.append((String(line[..<colon]), String(value)))
                continue
            }
            guard let kind = Self.kind(line.prefix(2)) else {
                throw Malformed(description: "\(name).agi:\(index + 1): begins with none of '> ', '< ', '! ', '= '")
            }
            lines.append(Line(kind: kind, text: String(line.dropFirst(2)), location: location(index + 1)))
        }
    }

    private static func kind(_ mark: Substring) -> Kind? {
        switch mark {
        case "> ": .command
        case "< ": .reply
        case "! ": .unasked
        case "= ": .leg
        default: nil
        }
    }

    /// Whether a command is what a line of the transcript says.
    static func matches(_ command: String, _ pattern: String) -> Bool {
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard let first = parts.first, let last = parts.last, parts.count > 1 else { return command == pattern }
        guard command.hasPrefix(first) else { return false }
        var rest = command.dropFirst(first.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let found = rest.range(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return rest.hasSuffix(last)
    }
}
