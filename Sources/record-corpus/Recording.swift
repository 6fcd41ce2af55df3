import Corpus
import Foundation
import Lab
import Transcript

/// What was recorded of one call, made fit to be replayed by anybody: what depends on the run is taken out, and nothing else.
final class Recording {
    private let shows: String
    private let headings: [(name: String, value: String)]
    private var lines: [String]
    private var further: [Transcript]

    /// - Parameters:
    ///   - tapes: in the order in which they ended; those behind the first are further connections of the same call.
    ///   - shows: what the reader is told.
    init(_ tapes: [Transcript], _ shows: String) {
        self.shows = shows
        headings = tapes.first?.headings ?? []
        lines = tapes.first.map(Self.body) ?? []
        further = Array(tapes.dropFirst())
    }

    private static func body(_ transcript: Transcript) -> [String] {
        transcript.lines.map(\.text).filter { !$0.hasPrefix("#:") }
    }

    // MARK: One call

    /// Puts connections that came one after the other into one transcript: each becomes a leg, named after its script.
    func join() {
        for tape in further {
            let script = tape.lines.lazy.compactMap { line -> String? in
                if case .environment("agi_network_script", let value) = line.content { value.description } else { nil }
            }.first
            let leg = script.map { String($0.prefix { $0 != "?" }) } ?? "leg"
            lines.append("= \(leg) \(script ?? "/")")
            // Times count from the first byte of a connection; of the later ones' only the order is kept.
            lines += Self.body(tape).filter { !$0.hasPrefix("@") }.map { text in
                if text == "= caller" { return "= \(leg)" }
                return text.hasPrefix("# caller:") ? "# \(leg):" + text.dropFirst("# caller:".count) : text
            }
        }
        further = []
    }

    // MARK: The run

    /// Replaces what only this run had: the lab's folder, its line's mailbox and context, the recorder's port.
    func tidy(_ line: TestLine, port: Int) {
        let box = "\(1000 + line.number)"
        lines = lines.map { text in
            text.replacing("127.0.0.1:\(port)", with: "127.0.0.1").replacing(
                line.pbx.spool, with: "/var/spool/asterisk"
            )
            .replacing("\(box)@support", with: "1000@support").replacing("/support/\(box)/", with: "/support/1000/")
            .replacing(line.engineerContext, with: "nightbell-engineer")
        }
        for index in lines.indices.dropLast()
        where lines[index].hasPrefix("> GET FULL VARIABLE \"${BASE64_ENCODE(") {
            lines[index + 1] = Self.unboxed(lines[index + 1], box)
        }
    }

    /// The text that VoiceMail() writes beside a message holds the mailbox too.
    private static func unboxed(_ reply: String, _ box: String) -> String {
        let parts = reply.split(separator: " (", maxSplits: 1)
        guard parts.count == 2, parts[1].hasSuffix(")"), let data = Data(base64Encoded: String(parts[1].dropLast()))
        else { return reply }
        let text = String(decoding: data, as: UTF8.self)
            .replacing("origmailbox=\(box)", with: "origmailbox=1000")
        return "\(parts[0]) (\(Data(text.utf8).base64EncodedString()))"
    }

    // MARK: The server

    /// Numbers of rings, which a server counts up, become names.
    func nameRings() {
        var names: [String: String] = [:]
        var isEngineer = false
        for index in lines.indices {
            let text = lines[index]
            if text.hasPrefix("= ") {
                isEngineer = text.contains(" engineer?ring=")
                guard let number = Self.number(behind: "ring=", in: text), let name = names[number] else { continue }
                lines[index] = text.replacing("ring=\(number)", with: "ring=%{\(name)}")
            } else if let number = Self.number(behind: ",exten,nightbell-engineer,", in: text), text.hasPrefix(">") {
                let name = names.isEmpty ? "RING" : "RING\(names.count + 1)"
                names[number] = name
                lines[index] = text.replacing(
                    ",nightbell-engineer,\(number),", with: ",nightbell-engineer,%{\(name):digits},")
            } else if isEngineer, text.hasPrefix("agi_"), let colon = text.firstIndex(of: ":") {
                let value = text[colon...]
                for (number, name) in names where value == ": \(number)" || value.hasSuffix("?ring=\(number)") {
                    if text.hasPrefix("agi_priority") { continue }
                    lines[index] = String(text.dropLast(number.count)) + "%{\(name)}"
                }
            }
        }
    }

    private static func number(behind mark: String, in text: String) -> String? {
        guard let found = text.firstRange(of: mark) else { return nil }
        let digits = text[found.upperBound...].prefix { $0.isNumber }
        return digits.isEmpty ? nil : String(digits)
    }

    /// What the server's clock decides (when a message was left, how much of a wait for a key is left), and the names of
    /// all lines.
    func letVary() {
        lines = lines.map { text in
            if let known = text.firstRange(of: "in nightbell.conf; known are ") {
                return text[..<known.upperBound] + "%{*}\" 1"
            }
            if text.hasPrefix("> SAY DATETIME \""), let number = Self.number(behind: "DATETIME \"", in: text) {
                return text.replacing("\"\(number)\"", with: "\"%{digits}\"")
            }
            return text.hasPrefix("> WAIT FOR DIGIT ") ? "> WAIT FOR DIGIT %{digits}" : text
        }
    }

    // MARK: The file

    /// The whole, with what the reader and the replay are told.
    ///
    /// - Throws: `TranscriptError.malformed`.
    func transcript(headings more: [(name: String, value: String)], name: String) throws -> Transcript {
        let head = ["# \(shows)"] + (headings + more).map { "#: \($0.name) \($0.value)" }
        let text = (head + lines).map { $0 + "\n" }.joined()
        return try Transcript(parsing: text, name: name)
    }

    /// Writes it, unless it still tells where it was recorded.
    ///
    /// - Throws: `LabError.file`, `TranscriptError.unwritable`.
    static func write(_ transcript: Transcript, to path: String) throws {
        for trace in ["/srv/", "/tmp/", "/root/", "/home/", "nightbell-lab", "lab-engineer-"] {
            if let line = transcript.lines.first(where: { $0.text.contains(trace) }) {
                throw LabError.file("\(path):\(line.number) holds \(trace): \(line.text)")
            }
        }
        let file = CorpusFolder.url(path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try transcript.replace(file.path)
    }
}
