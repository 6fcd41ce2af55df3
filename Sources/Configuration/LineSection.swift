internal import Foundation
internal import OnCall

/// `type = line`.
enum LineSection {
    static func read(_ check: SectionCheck) -> Line? {
        check.checkKeys(
            single: [
                "title", "number", "time_zone", "mailbox", "language", "contract_digits", "contract_attempts",
                "digit_timeout", "minimum_message", "message_retries", "callback_minutes", "rounds", "round_pause",
                "lookup", "engineer_repeats", "key_timeout", "claim_seconds", "callback", "outbound_context",
                "engineer_context",
                "callback_context", "wrong_per_caller", "wrong_per_line",
            ], repeated: ["open", "closed", "holiday", "step"])
        let number = check.required("number", "write the number that engineers see, such as 15550100") {
            PhoneNumber($0)
        }
        let zone = check.required("time_zone", "write a zone such as America/Chicago") {
            $0.isEmpty ? nil : TimeZone(identifier: $0)
        }
        let mailbox = check.required("mailbox", "write NUMBER@CONTEXT as in voicemail.conf, such as 1000@support") {
            Mailbox($0)
        }
        let hours = hours(check)
        let steps = steps(check)
        // What is missing has values all the same, so that the keys behind it are checked too; the line is then dropped.
        guard let standIn = PhoneNumber("00"), let box = mailbox ?? Mailbox("0@default") else { return nil }
        var line = Line(
            name: check.section.name, title: title(check), number: number ?? standIn, timeZone: zone ?? .gmt,
            hours: hours, mailbox: box)
        line.escalation = EscalationPlan(
            steps: steps, rounds: check.number("rounds", default: 2, in: 1...10),
            pause: check.number("round_pause", default: 0, in: 0...3_600))
        fill(&line, check)
        return check.problems.isEmpty ? line : nil
    }

    private static func fill(_ line: inout Line, _ check: SectionCheck) {
        line.language = check.value("language", default: nil, "write a code such as en or de") { text -> String?? in
            (2...16).contains(text.count) && text.utf8.allSatisfy { (97...122).contains($0 | 0x20) || $0 == 95 }
                ? .some(text) : nil
        }
        line.contractDigits = check.number("contract_digits", default: line.contractDigits, in: 1...20)
        line.contractAttempts = check.number("contract_attempts", default: line.contractAttempts, in: 1...9)
        line.digitTimeout = check.number("digit_timeout", default: line.digitTimeout, in: 1...60)
        line.minimumMessage = check.value(
            "minimum_message", default: line.minimumMessage, "write seconds from 0 to 60, such as 4 or 3.5"
        ) { text in
            let isDecimal = text.utf8.allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: ".") }
            return isDecimal ? Double(text).flatMap { (0...60).contains($0) ? $0 : nil } : nil
        }
        line.messageRetries = check.number("message_retries", default: line.messageRetries, in: 0...5)
        line.callbackMinutes = check.number("callback_minutes", default: line.callbackMinutes, in: 1...10_080)
        line.engineerRepeats = check.number("engineer_repeats", default: line.engineerRepeats, in: 1...9)
        line.keyTimeout = check.number("key_timeout", default: line.keyTimeout, in: 1...60)
        line.claimSeconds = check.number("claim_seconds", default: line.claimSeconds, in: 0...600)
        line.callback = check.value("callback", default: line.callback, "write yes or no") {
            ["yes": true, "no": false][$0.lowercased()]
        }
        line.lookup = check.value("lookup", default: line.lookup, "write own or the name of a section") {
            $0.isEmpty ? nil : $0 == "own" ? .own : .webService($0)
        }
        let hint = "a dialplan context: letters, digits, _ and -"
        line.outboundContext = check.value("outbound_context", default: line.outboundContext, hint, context)
        line.engineerContext = check.value("engineer_context", default: line.engineerContext, hint, context)
        line.callbackContext = check.value("callback_context", default: line.callbackContext, hint, context)
        line.wrongPerCaller = check.number("wrong_per_caller", default: line.wrongPerCaller, in: 1...1_000)
        line.wrongPerLine = check.number("wrong_per_line", default: line.wrongPerLine, in: 1...100_000)
    }

    /// The title becomes part of an argument of Originate(), where commas and parentheses mean something.
    private static func title(_ check: SectionCheck) -> String {
        check.value("title", default: check.section.name, "60 letters, digits, blanks and . - _ ' at most") { text in
            let allowed = text.unicodeScalars.allSatisfy { " .-_'".unicodeScalars.contains($0) || isOfWord($0) }
            return allowed && (1...60).contains(text.count) ? text : nil
        }
    }

    /// Letters of any language with their accents, and digits. By scalars: a character can hide more behind a letter.
    private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark, .decimalNumber:
            true
        default: false
        }
    }

    private static func context(_ text: String) -> String? {
        let allowed = text.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (97...122).contains(byte | 0x20) || byte == 95 || byte == 45
        }
        return allowed && (1...79).contains(text.count) ? text : nil
    }

    private static func hours(_ check: SectionCheck) -> Hours {
        func rules(_ key: String) -> [TimeRule] {
            check.all(key).compactMap { entry in
                do throws(TimeRuleError) {
                    return try TimeRule(parsing: entry.value)
                } catch {
                    check.problem(entry.line, error.what, error.hint)
                    return nil
                }
            }
        }
        let holidays = check.all("holiday").compactMap { entry -> Holiday? in
            do throws(TimeRuleError) {
                return try Holiday(parsing: entry.value)
            } catch {
                check.problem(entry.line, error.what, error.hint)
                return nil
            }
        }
        return Hours(open: rules("open"), closed: rules("closed"), holidays: holidays)
    }

    private static func steps(_ check: SectionCheck) -> [EscalationStep] {
        let entries = check.all("step")
        if entries.isEmpty {
            check.problem(check.section.line, "[\(check.section.name)] has no step", "write step = on-call, 30")
        }
        return entries.compactMap { entry in
            let parts = entry.value.split(separator: ",", omittingEmptySubsequences: false).map { Text.trimmed($0) }
            guard parts.count == 2, RoleName.isValid(parts[0]), let seconds = SectionCheck.whole(parts[1]),
                (1...600).contains(seconds)
            else {
                check.problem(
                    entry.line, "'\(entry.value)' is no step",
                    "write ROLE, SECONDS with 1 to 600 seconds, such as on-call, 30")
                return nil
            }
            return EscalationStep(role: parts[0], seconds: seconds)
        }
    }
}
