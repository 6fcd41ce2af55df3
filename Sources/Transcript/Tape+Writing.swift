internal import Glibc

extension Tape {
    /// The call as a transcript; masked, when that is asked for.
    ///
    /// - Throws: `TranscriptError.malformed` when it would not be one.
    func transcript(masked: Bool) throws(TranscriptError) -> Transcript {
        let entries = masked ? Mask.applied(to: entries) : entries
        return try Transcript(headings(entries) + lines(entries), name: stem)
    }

    /// The name of its file without the ending: when it began and Asterisk's unique id.
    var stem: String {
        let id = environment.first { $0.name == "agi_uniqueid" }?.value ?? []
        let plain = String(decoding: id.filter(isOfFileName).prefix(64), as: UTF8.self)
        let time = timestamp(began).filter { $0 != "-" && $0 != ":" }
        return "\(time)-\(plain.isEmpty ? "unknown" : plain)"
    }

    private func headings(_ entries: [Entry]) -> [Transcript.Content] {
        var headings: [Transcript.Content] = [.heading(name: "recorded", value: timestamp(began))]
        let version = environment.first { $0.name == "agi_version" }?.value ?? []
        if !version.isEmpty {
            headings.append(.heading(name: "asterisk", value: Placeholders.escape(version.prefix(64))))
        }
        if let cut { headings.append(.heading(name: "cut", value: cut)) }
        return headings
    }

    private func lines(_ entries: [Entry]) -> [Transcript.Content] {
        var lines: [Transcript.Content] = []
        var leg = 0
        var latest = 0
        var begun: Set<Int> = []
        var ended: Set<Int> = []
        for entry in entries {
            if case .note(let text) = entry.content {
                lines.append(.comment(" \(names[entry.leg]): \(text)"))
                continue
            }
            var isCall = false
            if case .call = entry.content { isCall = true }
            if entry.leg != leg, !isCall { lines.append(.leg(names[entry.leg])) }
            leg = entry.leg
            // The environment of the first leg stands at the top, without a time.
            let isTop = isCall && leg == 0
            if !isTop, entry.milliseconds - latest >= 10 { lines.append(.time(milliseconds: entry.milliseconds)) }
            latest = entry.milliseconds
            switch entry.content {
            case .call(let environment):
                lines += call(leg, environment)
                begun.insert(leg)
            case .command(let bytes): lines.append(.command(Pattern(literal: bytes)))
            case .reply(let bytes): lines.append(.reply(Template(literal: bytes)))
            case .unasked(let bytes): lines.append(.unasked(Template(literal: bytes)))
            case .end(let side):
                lines.append(.end(side))
                ended.insert(leg)
            case .note: break
            }
        }
        guard cut != nil else { return lines }
        // So that what there is can be replayed: Asterisk goes away where the recording ends.
        for open in begun.subtracting(ended).sorted() {
            lines += [.leg(names[open]), .end(.asterisk)]
        }
        return lines
    }

    private func call(_ leg: Int, _ environment: [(name: String, value: [UInt8])]) -> [Transcript.Content] {
        let lines = environment.map {
            Transcript.Content.environment(name: $0.name, value: Template(literal: $0.value))
        }
        guard leg > 0 else { return lines }
        let script = environment.first { $0.name == "agi_network_script" }?.value ?? []
        // The environment says the script too; here it tells the reader, and an empty one could not be told.
        return [.call(leg: names[leg], script: Template(literal: script.isEmpty ? [UInt8(ascii: "/")] : script))]
            + lines
    }
}

/// A time as `2026-11-21T03:00:00Z`, from seconds since 1970. The corresponding C function is `gmtime_r`.
func timestamp(_ seconds: Int) -> String {
    var time = time_t(seconds)
    var parts = tm()
    gmtime_r(&time, &parts)
    let date =
        "\(padded(Int(parts.tm_year) + 1_900, 4))-\(padded(Int(parts.tm_mon) + 1, 2))-\(padded(Int(parts.tm_mday), 2))"
    let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { padded(Int($0), 2) }.joined(separator: ":")
    return "\(date)T\(clock)Z"
}
