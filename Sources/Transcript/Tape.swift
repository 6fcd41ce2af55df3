/// What a recorder has heard of one call: its legs and their lines, in the order in which they came.
final class Tape {
    /// One thing that was heard.
    struct Entry {
        let leg: Int
        /// From the first byte of the call.
        let milliseconds: Int
        var content: Content
    }

    enum Content {
        /// Asterisk connected; its environment.
        case call([(name: String, value: [UInt8])])
        case command([UInt8])
        case reply([UInt8])
        case unasked([UInt8])
        case end(Transcript.Side)
        /// What the format has no line for.
        case note(String)
    }

    /// How much of one call is kept.
    struct Limits {
        var recordedBytes = 8 * 1_024 * 1_024
        /// The written file must be one that can be read again; masks may make it a little longer.
        var fileBytes = TranscriptLimits.fileBytes - 256 * 1_024
        var lines = TranscriptLimits.lines - 500
        var lineBytes = TranscriptLimits.lineBytes - 256
    }

    /// When the call began, in seconds since 1970.
    let began: Int
    /// The monotonic nanoseconds of its first byte.
    let start: UInt64
    private(set) var entries: [Entry] = []
    private(set) var names: [String] = []
    /// Legs whose connection is still open.
    private(set) var openLegs: Set<Int> = []
    /// Why nothing more is recorded; nil while it is.
    private(set) var cut: String?
    private let limits: Limits
    private var recordedBytes = 0
    private var fileBytes = 0
    private var lines = 0

    init(began: Int, start: UInt64, limits: Limits = Limits()) {
        self.began = began
        self.start = start
        self.limits = limits
    }

    /// Whether another leg can be recorded here.
    var takesLegs: Bool { cut == nil && !openLegs.isEmpty && names.count < TranscriptLimits.legs }

    /// How many commands the server sent.
    var commands: Int {
        entries.count { entry in
            if case .command = entry.content { true } else { false }
        }
    }

    /// The environment of the first leg; empty before there is one.
    var environment: [(name: String, value: [UInt8])] {
        if case .call(let environment)? = entries.first?.content { environment } else { [] }
    }

    /// Begins a leg.
    ///
    /// - Returns: its number.
    func begin(_ environment: [(name: String, value: [UInt8])], at time: UInt64) -> Int {
        let leg = names.count
        names.append(leg == 0 ? Transcript.firstLeg : freeName(environment))
        openLegs.insert(leg)
        for line in environment { count(Array(line.name.utf8) + line.value) }
        append(leg, .call(environment), [], at: time)
        return leg
    }

    func hear(_ line: [UInt8], from side: Transcript.Side, leg: Int, at time: UInt64) {
        switch side {
        case .server: append(leg, .command(line), line, at: time)
        case .asterisk: append(leg, line == Array("HANGUP".utf8) ? .unasked(line) : .reply(line), line, at: time)
        }
    }

    /// A connection was closed, first by this side.
    func end(_ side: Transcript.Side, leg: Int, at time: UInt64) { append(leg, .end(side), [], at: time) }

    func note(_ text: String, leg: Int, at time: UInt64) { append(leg, .note(text), Array(text.utf8), at: time) }

    /// Both directions of a leg are over.
    func close(leg: Int) { openLegs.remove(leg) }

    /// Records nothing more, and says why.
    func cutOff(_ reason: String) {
        if cut == nil { cut = reason }
    }

    private func append(_ leg: Int, _ content: Content, _ bytes: [UInt8], at time: UInt64) {
        guard cut == nil else { return }
        let written = count(bytes)
        if recordedBytes > limits.recordedBytes {
            cutOff("after \(limits.recordedBytes) bytes")
        } else if written > limits.lineBytes {
            cutOff("before a line of more than \(limits.lineBytes) bytes")
        } else if fileBytes > limits.fileBytes || lines > limits.lines {
            cutOff("before \(TranscriptLimits.fileBytes) bytes or \(TranscriptLimits.lines) lines of file")
        } else {
            let milliseconds = min(Int((max(time, start) - start) / 1_000_000), TranscriptLimits.milliseconds)
            entries.append(Entry(leg: leg, milliseconds: milliseconds, content: content))
        }
    }

    /// Adds to the sums what a line will take at most: itself, a time and a change of the leg.
    @discardableResult
    private func count(_ bytes: [UInt8]) -> Int {
        let written = Placeholders.escape(bytes).utf8.count + 16
        recordedBytes += bytes.count
        fileBytes += written + 96
        lines += 3
        return written
    }

    private func freeName(_ environment: [(name: String, value: [UInt8])]) -> String {
        let script = environment.first { $0.name == "agi_network_script" }?.value ?? []
        let path = script.prefix { $0 != UInt8(ascii: "?") }
        let last = path.split(separator: UInt8(ascii: "/")).last ?? []
        let plain = String(decoding: last.filter(isOfFileName).prefix(48), as: UTF8.self)
        let name = plain.isEmpty ? "leg" : plain
        var number = 1
        while names.contains(number == 1 ? name : name + String(number)) { number += 1 }
        return number == 1 ? name : name + String(number)
    }
}

/// Whether a byte is one of 0–9, A–Z, a–z, `.`, `_` and `-`.
func isOfFileName(_ byte: UInt8) -> Bool {
    isLetter(byte) || isDigit(byte) || [UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-")].contains(byte)
}
