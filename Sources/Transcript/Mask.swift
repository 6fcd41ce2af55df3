/// Takes out of a recorded call what tells who called and what they typed.
///
/// The same stands for the same throughout, so that a replay still fits together. What a server has in its own data
/// (which contract a number belongs to) no longer fits, and base64 is not looked into.
enum Mask {
    static func applied(to entries: [Tape.Entry]) -> [Tape.Entry] {
        var typed = TypedNumbers()
        let keys = typed.read(entries)
        var masking = Masking()
        return entries.enumerated().map { index, entry in
            for digits in typed.numbers[index] ?? [] { masking.hide(digits) }
            var entry = entry
            switch entry.content {
            case .call(let environment):
                masking.learn(environment, isFirst: entry.leg == 0)
                entry.content = .call(environment.map { ($0.name, masking.value(of: $0.name, $0.value)) })
            case .command(let bytes):
                masking.said(bytes)
                entry.content = .command(masking.applied(to: bytes))
            case .reply(let bytes): entry.content = .reply(masking.applied(to: keys[index] ?? bytes))
            case .unasked(let bytes): entry.content = .unasked(masking.applied(to: bytes))
            case .note(let text):
                entry.content = .note(String(decoding: masking.applied(to: Array(text.utf8)), as: UTF8.self))
            case .end: break
            }
            return entry
        }
    }

    /// All but the last three digits become 5.
    static func masked(_ digits: [UInt8]) -> [UInt8] {
        [UInt8](repeating: UInt8(ascii: "5"), count: max(0, digits.count - 3)) + digits.suffix(3)
    }
}

/// What is replaced by what, as far as the call has been read.
struct Masking {
    private struct Rule {
        let text: [UInt8]
        let replacement: [UInt8]
        /// Short numbers and names are replaced only where they stand alone.
        let standsAlone: Bool
    }

    static let number = Array("15550142".utf8)
    static let name = Array("Caller".utf8)

    /// By their first bytes, because a long call may have very many. The longest first, so that a part of a number
    /// does not spoil the whole.
    private var rules: [UInt32: [Rule]] = [:]
    /// What keeps its digits: Asterisk's names of the channels, by which a replay recognises them.
    private var kept: [[UInt8]] = []
    private var commands: [[UInt8]] = []

    /// Typed digits are replaced from here on.
    mutating func hide(_ digits: [UInt8]) { add(digits, Mask.masked(digits), standsAlone: false) }

    /// The server has sent a command: what it knew before a leg came is no caller's.
    mutating func said(_ command: [UInt8]) { commands.append(command) }

    /// Who called, from the environment of a leg.
    mutating func learn(_ environment: [(name: String, value: [UInt8])], isFirst: Bool) {
        for (name, value) in environment where Self.isKnown(value) {
            switch name {
            case "agi_uniqueid" where value.count >= 4: kept.append(value)
            case "agi_callerid", "agi_rdnis":
                if !isFirst, isSaid(value) { continue }
                add(value, Self.number, standsAlone: value.count < 6)
                let digits = Array(value.drop { $0 == UInt8(ascii: "+") })
                if digits != value { add(digits, Self.number, standsAlone: digits.count < 6) }
            case "agi_calleridname":
                if !isFirst, isSaid(value) { continue }
                add(value, value.allSatisfy(isDigit) ? Self.number : Self.name, standsAlone: true)
            default: break
            }
        }
    }

    /// The value of an environment line without what tells who called.
    func value(of name: String, _ value: [UInt8]) -> [UInt8] {
        switch name {
        case "agi_callerid", "agi_rdnis", "agi_calleridname":
            guard Self.isKnown(value), let rule = rules[Self.key(value[...])]?.first(where: { $0.text == value }) else {
                return value
            }
            return name == "agi_calleridname" ? Self.name : rule.replacement
        default: return applied(to: value)
        }
    }

    /// The bytes with everything replaced that is to be.
    func applied(to bytes: [UInt8]) -> [UInt8] {
        guard !rules.isEmpty else { return bytes }
        var result: [UInt8] = []
        var position = 0
        while position < bytes.count {
            if let whole = kept.first(where: { bytes[position...].starts(with: $0) }) {
                result += whole
                position += whole.count
            } else if let rule = rule(in: bytes, at: position) {
                result += rule.replacement
                position += rule.text.count
            } else {
                result.append(bytes[position])
                position += 1
            }
        }
        return result
    }

    private mutating func add(_ text: [UInt8], _ replacement: [UInt8], standsAlone: Bool) {
        let key = Self.key(text[...])
        var alike = rules[key] ?? []
        guard !text.isEmpty, !alike.contains(where: { $0.text == text }) else { return }
        let rule = Rule(text: text, replacement: replacement, standsAlone: standsAlone)
        alike.insert(rule, at: alike.firstIndex { $0.text.count < text.count } ?? alike.count)
        rules[key] = alike
    }

    private func rule(in bytes: [UInt8], at position: Int) -> Rule? {
        let rest = bytes[position...]
        for length in stride(from: min(4, rest.count), through: 1, by: -1) {
            let alike = rules[Self.key(rest.prefix(length))] ?? []
            if let rule = alike.first(where: { fits($0, bytes, position) }) { return rule }
        }
        return nil
    }

    /// The first four bytes, or all where there are fewer.
    private static func key(_ text: ArraySlice<UInt8>) -> UInt32 {
        text.prefix(4).reduce(1) { $0 << 8 | UInt32($1) }
    }

    private func fits(_ rule: Rule, _ bytes: [UInt8], _ position: Int) -> Bool {
        guard bytes[position...].starts(with: rule.text) else { return false }
        guard rule.standsAlone else { return true }
        let end = position + rule.text.count
        let isPart = { (byte: UInt8) in isLetter(byte) || isDigit(byte) || byte >= 0x80 }
        return (position == 0 || !isPart(bytes[position - 1])) && (end == bytes.count || !isPart(bytes[end]))
    }

    private func isSaid(_ value: [UInt8]) -> Bool {
        let rule = Rule(text: value, replacement: [], standsAlone: true)
        return commands.contains { command in command.indices.contains { fits(rule, command, $0) } }
    }

    private static func isKnown(_ value: [UInt8]) -> Bool { !value.isEmpty && value != Array("unknown".utf8) }
}
