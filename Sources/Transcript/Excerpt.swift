/// The lines of a transcript around a divergence: `-` what is written, `+` what came.
struct Excerpt {
    let transcript: Transcript
    /// Indexes of the lines that did not come true; empty when the end of a leg without a line of its own did not.
    let expected: [Int]
    /// What came instead.
    let got: String
    let bindings: Bindings

    private static let context = 3
    private static let mostLines = 40

    /// Several lines, the last one without a newline.
    var text: String {
        let lines = transcript.lines
        let first = expected.first ?? lines.count
        let last = expected.last ?? lines.count
        let range = max(0, first - Self.context)..<min(lines.count, last + 1 + Self.context)
        var text: [String] = []
        for index in range {
            if text.count == Self.mostLines {
                text.append("  …")
                break
            }
            text.append(row(expected.contains(index) ? "-" : " ", String(lines[index].number), lines[index].text))
            if index == expected.last { text.append(came) }
        }
        if expected.isEmpty { text += [row("-", "", ". server"), came] }
        if !expected.isEmpty, !text.contains(came) { text.append(came) }
        return (text + bound).joined(separator: "\n")
    }

    private var came: String { row("+", "", got) }

    private func row(_ mark: String, _ number: String, _ text: String) -> String {
        let row = "\(mark) \(String(repeating: " ", count: max(0, 5 - number.count)))\(number)  \(text)"
        return String(row.reversed().drop { $0 == " " }.reversed())
    }

    private var bound: [String] {
        guard !bindings.names.isEmpty else { return [] }
        return ["bound so far:"]
            + bindings.names.prefix(Self.mostLines).map {
                "  %{\($0)} is \(Placeholders.escape(bindings[$0] ?? []))"
            }
    }
}
