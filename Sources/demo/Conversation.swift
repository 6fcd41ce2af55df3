import Foundation
import Lab

/// Shows what both sides hear and do, from Asterisk's log, as it happens.
actor Conversation {
    private let log: AsteriskLog
    private let names: [String: String]
    private let texts: [String: String]
    private let start = Date()
    private var next: Int
    private var spoken: (time: Date, to: String, digits: [String])?

    init(log: AsteriskLog, names: [String: String]) throws {
        self.log = log
        self.names = names
        next = log.mark
        texts = try Self.readTexts()
    }

    /// Shows events until the task is cancelled.
    func follow() async {
        while !Task.isCancelled {
            show()
            try? await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Shows what has come since.
    func show() {
        let events = log.events(since: next)
        next += events.count
        for event in events { show(event) }
    }

    private func show(_ event: LogEvent) {
        switch event.kind {
        case .playing(let prompt, _): play(prompt, to: listener(event.channel ?? ""), at: event.time)
        case .robot(let who, let did, let facts): deed(who, did, facts, at: event.time)
        default: break
        }
    }

    /// Whose ear a channel is: a Local channel's half that runs the dialplan, or the leg of the number dialled.
    private func listener(_ channel: String) -> String? {
        guard channel.hasPrefix("Local/") else { return nil }
        if channel.contains("@lab-line"), channel.hasSuffix(";2") { return "caller" }
        let number = channel.dropFirst("Local/".count).prefix { $0 != "@" }
        return channel.hasSuffix(";1") ? names[String(number)] : nil
    }

    private func play(_ prompt: String, to listener: String?, at time: Date) {
        guard let listener else { return }
        if prompt.hasPrefix("digits/") {
            let digit = String(prompt.dropFirst("digits/".count))
            if spoken?.to == listener { spoken?.digits.append(digit) } else { spoken = (time, listener, [digit]) }
            return
        }
        let name = prompt.split(separator: "/").last.map(String.init) ?? prompt
        if let text = texts[name] {
            say(time, "nightbell", to: listener, "\"\(text)\"")
        } else if name.hasPrefix("line-") || name.hasPrefix("customer-") {
            say(time, "nightbell", to: listener, name.hasPrefix("line-") ? "(names the line)" : "(names the customer)")
        } else if prompt.contains("/voicemail/") {
            say(time, "nightbell", to: listener, "(plays the message)")
        } else {
            say(time, "Asterisk", to: listener, "(\(name))")
        }
    }

    private func deed(_ who: String, _ did: String, _ facts: [String: String], at time: Date) {
        let person = who.hasPrefix("caller-") ? "caller" : names[who]
        guard let person else { return }
        switch did {
        case "connected": say(time, person, "calls the line")
        case "dialled": say(time, "nightbell", to: person, "(rings \(who), showing \(facts["number"] ?? "nobody"))")
        case "answers": say(time, person, "answers")
        case "presses": say(time, person, "presses \(facts["keys"] ?? "")")
        case "speaks": say(time, person, "speaks for \((Double(facts["tenths"] ?? "") ?? 0) / 10) s")
        case "hangs-up": say(time, person, "hangs up")
        case "gone": say(time, person, "is off the phone")
        default: break
        }
    }

    private func say(_ time: Date, _ who: String, to listener: String? = nil, _ what: String) {
        if let spoken {
            self.spoken = nil
            line(spoken.time, "nightbell", to: spoken.to, "(says \(spoken.digits.joined(separator: " ")))")
        }
        line(time, who, to: listener, what)
    }

    private func line(_ time: Date, _ who: String, to listener: String?, _ what: String) {
        let seconds = String(format: "%6.1f s", max(0, time.timeIntervalSince(start)))
        let speaker = listener.map { "\(who) → \($0)" } ?? who
        tell("\(seconds)  \(speaker.padding(toLength: 28, withPad: " ", startingAt: 0)) \(what)")
    }

    /// The English texts of the manifest by name.
    private static func readTexts() throws -> [String: String] {
        var texts: [String: String] = [:]
        for line in try String(contentsOf: Repository.manifest, encoding: .utf8).split(separator: "\n").dropFirst() {
            guard let comma = line.firstIndex(of: ",") else { continue }
            var text = line[line.index(after: comma)...]
            if text.first == "\"" {
                text = text.dropFirst().prefix { $0 != "\"" }
            } else {
                text = text.prefix { $0 != "," }
            }
            texts[String(line[..<comma])] = String(text)
        }
        return texts
    }
}
