public import Foundation

/// One thing Asterisk did, from a line of its log.
public struct LogEvent: Sendable {
    /// What it did.
    public enum Kind: Sendable, Equatable {
        /// The dialplan ran an application: `Executing [exten@context:priority] App("channel", "arguments")`.
        case executing(context: String, extension: String, priority: Int, application: String, arguments: String)
        /// A recording began to play: the name without format, as `nightbell/welcome`.
        case playing(prompt: String, language: String)
        /// A digit's end was received on the channel.
        case digit(Character, milliseconds: Int)
        /// A robot, or the lab's dialplan, tells what it does: who, what, and the `key=value` that follow.
        case robot(who: String, did: String, facts: [String: String])
        /// A warning of Asterisk.
        case warning
        /// An error of Asterisk.
        case error
        /// Any other line.
        case other
    }

    /// Its place among the log's events, from 0.
    public internal(set) var index: Int
    /// When it was, to the millisecond.
    public let time: Date
    /// Asterisk's number of the call, as `C-00000001`; nil for what is no call's.
    public let call: String?
    /// The channel it was on, where the line tells.
    public let channel: String?
    /// What it was.
    public let kind: Kind
    /// The text of the line without time, level and source.
    public let text: String

    /// The prompt that began to play, nil when it is another event.
    public var prompt: String? {
        if case .playing(let prompt, _) = kind { prompt } else { nil }
    }

    /// The fact of a robot's line, nil when it is another event.
    public func fact(_ name: String) -> String? {
        if case .robot(_, _, let facts) = kind { facts[name] } else { nil }
    }

    /// True for the robot's line that tells it did this.
    public func isRobot(_ who: String, _ did: String) -> Bool {
        if case .robot(who, did, _) = kind { true } else { false }
    }
}

extension LogEvent {
    /// Reads a line of the log; nil when it has not the form of one.
    ///
    /// `[2026-11-21 01:42:00.033] VERBOSE[123][C-00000002] file.c: <Local/5@t-00000000;1> Playing 'x.slin' (language 'en')`
    init?(line: Substring) {
        guard line.first == "[", let close = line.firstIndex(of: "]") else { return nil }
        guard let time = Self.time(line[line.index(after: line.startIndex)..<close]) else { return nil }
        var rest = line[line.index(after: close)...].drop { $0 == " " }
        guard let bracket = rest.firstIndex(of: "["), let colon = rest.range(of: ": ") else { return nil }
        let level = rest[..<bracket]
        let head = rest[bracket..<colon.lowerBound]
        rest = rest[colon.upperBound...].drop { $0 == " " }
        let call = head.range(of: "[C-").map { "C-" + head[$0.upperBound...].prefix { $0 != "]" } }
        index = 0
        self.time = time
        self.call = call
        text = String(rest)
        (kind, channel) = Self.read(level: level, text: rest)
    }

    private static func read(level: Substring, text: Substring) -> (Kind, String?) {
        switch level {
        case "WARNING": return (.warning, nil)
        case "ERROR": return (.error, nil)
        case "NOTICE": return robot(text) ?? (.other, nil)
        case "DTMF": return digit(text) ?? (.other, nil)
        default: return playing(text) ?? executing(text) ?? (.other, nil)
        }
    }

    /// `<CHANNEL> Playing 'NAME.FORMAT' (language 'en')`
    private static func playing(_ text: Substring) -> (Kind, String?)? {
        guard text.first == "<", let end = text.range(of: "> Playing '") else { return nil }
        let parts = text[end.upperBound...].split(separator: "'", omittingEmptySubsequences: false)
        guard parts.count >= 3, parts[1].hasSuffix("(language ") else { return nil }
        let name = parts[0].lastIndex(of: ".").map { parts[0][..<$0] } ?? parts[0]
        return (.playing(prompt: String(name), language: String(parts[2])), String(text[..<end.lowerBound].dropFirst()))
    }

    /// `Executing [EXTEN@CONTEXT:PRIORITY] APPLICATION("CHANNEL", "ARGUMENTS") in new stack`
    private static func executing(_ text: Substring) -> (Kind, String?)? {
        guard text.hasPrefix("Executing ["), let close = text.range(of: "] "),
            let open = text.range(of: "(\"", range: close.upperBound..<text.endIndex),
            let middle = text.range(of: "\", \"", range: open.upperBound..<text.endIndex)
        else { return nil }
        let place = text[text.index(text.startIndex, offsetBy: 11)..<close.lowerBound]
        guard let at = place.firstIndex(of: "@"), let colon = place.lastIndex(of: ":"), at < colon else { return nil }
        let end = text.range(of: "\")", options: .backwards)?.lowerBound ?? text.endIndex
        return (
            .executing(
                context: String(place[place.index(after: at)..<colon]), extension: String(place[..<at]),
                priority: Int(place[place.index(after: colon)...]) ?? 0,
                application: String(text[close.upperBound..<open.lowerBound]),
                arguments: middle.upperBound <= end ? String(text[middle.upperBound..<end]) : ""),
            String(text[open.upperBound..<middle.lowerBound])
        )
    }

    /// `DTMF end '1' received on CHANNEL, duration 100 ms`
    private static func digit(_ text: Substring) -> (Kind, String?)? {
        guard text.hasPrefix("DTMF end '"), let on = text.range(of: "' received on "),
            let digit = text[..<on.lowerBound].last, let comma = text.range(of: ", duration ")
        else { return nil }
        let milliseconds = Int(text[comma.upperBound...].prefix { $0.isNumber }) ?? 0
        return (.digit(digit, milliseconds: milliseconds), String(text[on.upperBound..<comma.lowerBound]))
    }

    /// `robot WHO DID key=value ...`, values URI-encoded.
    private static func robot(_ text: Substring) -> (Kind, String?)? {
        let words = text.split(separator: " ")
        guard words.count >= 3, words[0] == "robot" else { return nil }
        var facts: [String: String] = [:]
        for word in words.dropFirst(3) {
            guard let equals = word.firstIndex(of: "=") else { continue }
            let value = String(word[word.index(after: equals)...])
            facts[String(word[..<equals])] = value.removingPercentEncoding ?? value
        }
        return (.robot(who: String(words[1]), did: String(words[2]), facts: facts), facts["channel"])
    }

    /// `2026-11-21 01:42:00.033` in UTC.
    private static func time(_ text: Substring) -> Date? {
        let numbers = text.split { !$0.isNumber }.compactMap { Int($0) }
        guard numbers.count == 7 else { return nil }
        // Days since 1970 by the civil calendar, March first so that the leap day is the year's last.
        let year = numbers[1] > 2 ? numbers[0] : numbers[0] - 1
        let month = (numbers[1] + 9) % 12
        let days = 365 * year + year / 4 - year / 100 + year / 400 + (month * 306 + 5) / 10 + numbers[2] - 719_469
        let seconds = days * 86_400 + numbers[3] * 3600 + numbers[4] * 60 + numbers[5]
        return Date(timeIntervalSince1970: Double(seconds) + Double(numbers[6]) / 1000)
    }
}
