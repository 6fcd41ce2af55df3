/// The results of several replays, for people and for machines.
public enum ReplayReports {
    /// How the results are written.
    public enum Format: String, Sendable, CaseIterable {
        /// A line a file, and the lines around what went wrong.
        case text
        /// Test Anything Protocol, version 14.
        case tap
        /// JUnit's XML, as build servers read it.
        case junit
    }

    /// What comes before the first result; nil when nothing does.
    public static func begin(_ format: Format, count: Int) -> String? {
        format == .tap ? "TAP version 14\n1..\(count)" : nil
    }

    /// One result, without a last newline.
    ///
    /// - Returns: nil for JUnit, which needs all results at once.
    public static func one(_ outcome: ReplayOutcome, number: Int, _ format: Format) -> String? {
        switch format {
        case .text: text(outcome)
        case .tap: tap(outcome, number)
        case .junit: nil
        }
    }

    /// What comes behind the last result; nil when nothing does.
    public static func end(_ outcomes: [ReplayOutcome], _ format: Format) -> String? {
        let passed = outcomes.count { $0.passed }
        switch format {
        case .text: return "replay: \(passed) passed, \(outcomes.count - passed) failed"
        case .tap: return nil
        case .junit: return JUnit.document(outcomes)
        }
    }

    private static func text(_ outcome: ReplayOutcome) -> String {
        guard outcome.passed else { return "FAILED \(outcome.name)\n\(outcome.report)" }
        let verb = outcome.recorded == nil ? "passed" : "recorded"
        let exchanges = outcome.exchanges == 1 ? "1 exchange" : "\(outcome.exchanges) exchanges"
        return "\(verb) \(outcome.name) (\(exchanges), \(milliseconds(outcome)) ms)"
    }

    // MARK: TAP

    private static func tap(_ outcome: ReplayOutcome, _ number: Int) -> String {
        let name = outcome.name.flatMap { "\\#".contains($0) ? "\\\($0)" : $0.isNewline ? " " : String($0) }
        let line = "\(outcome.passed ? "ok" : "not ok") \(number) - \(String(name))"
        if outcome.passed { return line }
        var fields = ["file: \(quoted(outcome.name))", "line: \(outcome.line ?? 0)"]
        switch outcome.result {
        case .passed: break
        case .diverged(let divergence):
            fields.insert("message: \(quoted("leg \(divergence.leg): the server sent something else"))", at: 0)
            fields.append("leg: \(quoted(divergence.leg))")
            fields.append("expected:")
            fields += divergence.expected.map { "  - \(quoted($0))" }
            fields.append("got: \(quoted(divergence.got))")
        case .failed(let error): fields.insert("message: \(quoted("\(error)"))", at: 0)
        }
        fields.append("duration_ms: \(milliseconds(outcome))")
        fields.append("diff:")
        // One quoted text a line: no text can end the block or be taken for something else.
        fields += lines(outcome.report).map { "  - \(quoted($0))" }
        return ([line, "  ---"] + fields.map { "  " + $0 } + ["  ..."]).joined(separator: "\n")
    }

    /// A YAML scalar in double quotes.
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case "\n": quoted += "\\n"
            case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
                let hex = String(scalar.value, radix: 16, uppercase: true)
                quoted += "\\x" + String(repeating: "0", count: 2 - hex.count) + hex
            case "\u{2028}": quoted += "\\L"
            case "\u{2029}": quoted += "\\P"
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

/// JUnit's XML.
private enum JUnit {
    static func document(_ outcomes: [ReplayOutcome]) -> String {
        let failures = outcomes.count { if case .diverged = $0.result { true } else { false } }
        let errors = outcomes.count { if case .failed = $0.result { true } else { false } }
        let time = outcomes.map(\.duration).reduce(.zero, +)
        let sums = """
            tests="\(outcomes.count)" failures="\(failures)" errors="\(errors)" time="\(ReplayReports.seconds(time))"
            """
        let cases = outcomes.flatMap { testcase($0) }
        return
            ([
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<testsuites \(sums)>",
                "  <testsuite name=\"nightbell replay\" \(sums)>",
            ] + cases + ["  </testsuite>", "</testsuites>"]).joined(separator: "\n")
    }

    private static func testcase(_ outcome: ReplayOutcome) -> [String] {
        let head = """
            <testcase name="\(escaped(outcome.name))" classname="replay" \
            time="\(ReplayReports.seconds(outcome.duration))"
            """
        let report = escaped(outcome.report, isAttribute: false)
        switch outcome.result {
        case .passed: return ["    \(head)/>"]
        case .diverged(let divergence):
            let message = "line \(divergence.line), leg \(divergence.leg): the server sent \(divergence.got)"
            return wrapped(head, "failure", message, "divergence", report)
        case .failed(let error): return wrapped(head, "error", "\(error)", "error", report)
        }
    }

    private static func wrapped(
        _ head: String, _ element: String, _ message: String, _ type: String, _ report: String
    ) -> [String] {
        [
            "    \(head)>",
            "      <\(element) message=\"\(escaped(message))\" type=\"\(type)\">\(report)</\(element)>",
            "    </testcase>",
        ]
    }

    /// Text as XML 1.0 can hold it; the characters that it cannot hold at all become U+FFFD.
    private static func escaped(_ text: String, isAttribute: Bool = true) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\n", "\t": isAttribute ? escaped += "&#\(scalar.value);" : escaped.unicodeScalars.append(scalar)
            case "\r": escaped += "&#13;"
            case "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
            case _ where scalar.value < 0x20: escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

extension ReplayReports {
    fileprivate static func milliseconds(_ outcome: ReplayOutcome) -> Int {
        let (seconds, attoseconds) = outcome.duration.components
        return Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000)
    }

    /// Seconds with three decimals.
    fileprivate static func seconds(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        return "\(seconds).\(padded(Int(attoseconds / 1_000_000_000_000_000), 3))"
    }

    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
}
