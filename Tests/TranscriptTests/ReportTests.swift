import Foundation
import Testing

@testable import Transcript

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite struct ReportTests {
    private static let name = "a <\"&'#\\>.agi"
    private static let got = "NOOP \"<&>\" ]]> \u{FFFF}%{x07}\ttab"

    static let outcomes: [ReplayOutcome] = [
        outcome("good.agi", .passed, report: ""),
        outcome(
            name,
            .diverged(
                Divergence(leg: "caller", line: 12, expected: ["ANSWER", "a: b"], got: got, bindings: Bindings())),
            report: "first\n- ...\n+ \(got)\n\u{1}"),
        outcome(
            "gone.agi",
            .failed(.closedEarly(Place(file: "gone.agi", line: 3), leg: "engineer", expected: "ANSWER")),
            report: "gone"),
    ]

    private static func outcome(_ name: String, _ result: ReplayOutcome.Result, report: String) -> ReplayOutcome {
        ReplayOutcome(
            name: name, result: result, exchanges: 7, duration: .milliseconds(1_250), recorded: nil, report: report)
    }

    private func written(_ format: ReplayReports.Format) -> String {
        let each = Self.outcomes.enumerated().compactMap { ReplayReports.one($1, number: $0 + 1, format) }
        let begin = ReplayReports.begin(format, count: Self.outcomes.count)
        return ([begin] + each + [ReplayReports.end(Self.outcomes, format)]).compactMap { $0 }.joined(separator: "\n")
    }

    @Test func textIsALineAFileAndASum() {
        let lines = written(.text).split(separator: "\n")
        #expect(lines.first == "passed good.agi (7 exchanges, 1250 ms)")
        #expect(lines[1] == "FAILED \(Self.name)")
        #expect(lines.last == "replay: 1 passed, 2 failed")
    }

    @Test func tapHasAPlanAndDiagnosticsThatAreYAML() {
        let text = written(.tap)
        #expect(text.hasPrefix("TAP version 14\n1..3\nok 1 - good.agi\nnot ok 2 - a <\"&'\\#\\\\>.agi\n  ---\n"))
        #expect(text.contains("\n  line: 12\n"))
        #expect(text.contains("\n  expected:\n    - \"ANSWER\"\n    - \"a: b\"\n"))
        #expect(text.contains("\n  got: \"NOOP \\\"<&>\\\" ]]> \u{FFFF}%{x07}\\x09tab\"\n"))
        #expect(text.contains("\n  diff:\n    - \"first\"\n    - \"- ...\"\n"))
        #expect(text.contains("    - \"\\x01\"\n  ...\nnot ok 3 - gone.agi\n"))
        #expect(text.contains("message: \"gone.agi:3: leg engineer: the server closed the connection"))
        #expect(text.hasSuffix("\n  ..."))
        // Within a block everything is indented, so nothing there can look like a result.
        #expect(text.split(separator: "\n").filter { $0.hasPrefix("ok") || $0.hasPrefix("not ok") }.count == 3)
    }

    @Test func junitIsXMLThatSaysTheSame() throws {
        let reader = Reader()
        let parser = XMLParser(data: Data(written(.junit).utf8))
        parser.delegate = reader
        #expect(parser.parse(), "\(parser.parserError.map { "\($0)" } ?? "")")
        #expect(
            reader.elements.map(\.name) == [
                "testsuites", "testsuite", "testcase", "testcase", "failure", "testcase", "error",
            ])
        let suite = try #require(reader.elements.first).attributes
        #expect(suite == ["tests": "3", "failures": "1", "errors": "1", "time": "3.750"])
        #expect(reader.elements[3].attributes["name"] == Self.name)
        #expect(reader.elements[3].attributes["time"] == "1.250")
        let got = Self.got.replacing("\u{FFFF}", with: "\u{FFFD}")
        #expect(reader.elements[4].attributes["message"] == "line 12, leg caller: the server sent \(got)")
        #expect(reader.elements[4].text == "first\n- ...\n+ \(got)\n\u{FFFD}")
        #expect(reader.elements[6].text == "gone")
    }

    private final class Reader: NSObject, XMLParserDelegate {
        struct Element {
            let name: String
            let attributes: [String: String]
            var text = ""
        }
        var elements: [Element] = []
        private var isInText = false

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String] = [:]
        ) {
            elements.append(Element(name: name, attributes: attributes))
            isInText = name == "failure" || name == "error"
        }

        func parser(_ parser: XMLParser, foundCharacters text: String) {
            if isInText, let last = elements.indices.last { elements[last].text += text }
        }

        func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
            isInText = false
        }
    }
}
