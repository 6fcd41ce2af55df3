public import Foundation

/// A nightbell.conf for scenarios: every setting has a value that makes a call quick; a scenario names what it is about.
public struct ServerConfiguration: Sendable {
    /// The section [general], without listen, permit and database.
    public var general: [String: String] = ["log": "debug", "drain": "45"]

    /// The lines: section name and settings. Keys that are repeated have a list.
    public private(set) var lines: [String: [String: [String]]] = [:]

    /// More sections, as they are to stand in the file.
    public var more = ""

    /// A configuration for some test lines, all with the same settings.
    ///
    /// - Parameters:
    ///   - lines: the test lines.
    ///   - settings: what differs from the usual: closed at all times, mailbox and contexts of the test line, one step
    ///     `on-call, 15` in one round.
    public init(_ lines: [TestLine], _ settings: [String: [String]] = [:]) {
        for line in lines {
            self.lines[line.name] = Self.usual(line).merging(settings) { $1 }
        }
    }

    /// A configuration for one test line.
    public init(_ line: TestLine, _ settings: [String: [String]] = [:]) { self.init([line], settings) }

    private static func usual(_ line: TestLine) -> [String: [String]] {
        [
            "title": ["Example support"], "number": ["15550100"], "time_zone": ["America/Chicago"],
            "open": ["09:00-17:00,mon-fri,*,*"], "closed": ["*,*,*,*"], "mailbox": [line.mailbox],
            "digit_timeout": ["4"], "key_timeout": ["3"], "step": ["on-call, 15"], "rounds": ["1"],
            "engineer_context": [line.engineerContext],
        ]
    }

    /// The text of the file.
    ///
    /// - Parameters:
    ///   - port: where to listen on 127.0.0.1.
    ///   - folder: where the database is.
    public func text(port: Int, folder: URL) -> String {
        var text = "[general]\ntype = server\nlisten = 127.0.0.1:\(port)\npermit = 127.0.0.1/32\n"
        text += "database = \(folder.appendingPathComponent("nightbell.sqlite").path)\n"
        for (key, value) in general.sorted(by: { $0.key < $1.key }) { text += "\(key) = \(value)\n" }
        for (name, settings) in lines.sorted(by: { $0.key < $1.key }) {
            text += "\n[\(name)]\ntype = line\n"
            for (key, values) in settings.sorted(by: { $0.key < $1.key }) {
                for value in values { text += "\(key) = \(value)\n" }
            }
        }
        return text + "\n" + more
    }
}
