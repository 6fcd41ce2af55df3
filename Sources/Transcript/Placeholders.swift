/// What the `%{…}` of a line are, before it is known whether the line expects or sends.
enum Placeholders {
    enum Part: Equatable {
        case bytes([UInt8])
        /// `%{*}`, `%{digits}` and so on.
        case kind(Pattern.Kind)
        /// `%{NAME}`, or `%{NAME:kind}`.
        case name(String, Pattern.Kind?)
    }

    struct Problem: Error, Equatable {
        let problem: String
        let remedy: String
    }

    /// Splits a line; neighbouring bytes are one part.
    static func parse(_ text: some StringProtocol) throws(Problem) -> [Part] {
        var parts: [Part] = []
        var literal: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == percent, rest.first == openBrace else {
                literal.append(byte)
                continue
            }
            guard let close = rest.firstIndex(of: closeBrace) else {
                throw Problem(
                    problem: "a '%{' without '}'", remedy: "close it, or write '%{%}{' for the two characters")
            }
            let inside = String(decoding: rest[(rest.startIndex + 1)..<close], as: UTF8.self)
            rest = rest[(close + 1)...]
            if inside == "%" {
                literal.append(percent)
            } else if let value = hexadecimal(inside) {
                literal.append(value)
            } else {
                if !literal.isEmpty { parts.append(.bytes(literal)) }
                literal = []
                parts.append(try part(inside))
            }
        }
        if !literal.isEmpty { parts.append(.bytes(literal)) }
        return parts
    }

    private static func part(_ inside: String) throws(Problem) -> Part {
        if let kind = Pattern.Kind(rawValue: inside) { return .kind(kind) }
        let halves = inside.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(halves[0])
        guard isName(name) else {
            throw Problem(
                problem: "'%{\(inside)}' is neither a kind nor a name",
                remedy: "kinds are *, digits, number, path, word; a name begins with a letter; %{%} is a '%'")
        }
        guard halves.count > 1 else { return .name(name, nil) }
        guard let kind = Pattern.Kind(rawValue: String(halves[1])) else {
            throw Problem(
                problem: "there is no kind '\(halves[1])'", remedy: "the kinds are *, digits, number, path and word")
        }
        return .name(name, kind)
    }

    /// Whether it begins with a letter, goes on with letters, digits, `_` and `-`, and is not taken by something else.
    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLetter(first), text.utf8.count <= 64 else { return false }
        guard Pattern.Kind(rawValue: text) == nil, hexadecimal(text) == nil else { return false }
        return text.utf8.allSatisfy {
            isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
        }
    }

    /// The byte that `xHH` stands for.
    private static func hexadecimal(_ text: String) -> UInt8? {
        // `UInt8(_:radix:)` alone takes signs: `x-0` is a name.
        guard text.utf8.count == 3, text.utf8.first == UInt8(ascii: "x"),
            text.utf8.dropFirst().allSatisfy({ isDigit($0) || (0x41...0x46).contains($0 & 0xDF) })
        else { return nil }
        return UInt8(text.dropFirst(), radix: 16)
    }

    /// Bytes as a line of a transcript has them: control characters, what is no UTF-8 and `%{` escaped.
    static func escape(_ bytes: some Sequence<UInt8>) -> String {
        var text: [UInt8] = []
        var rest = Array(bytes)[...]
        while let byte = rest.popFirst() {
            if byte == percent, rest.first == openBrace {
                text += "%{%}".utf8
            } else if byte >= 0x80 {
                let more = followers(byte)
                if more > 0, let scalar = String(validating: [byte] + rest.prefix(more), as: UTF8.self) {
                    text += scalar.utf8
                    rest = rest.dropFirst(more)
                } else {
                    text += hex(byte)
                }
            } else if byte < 0x20 || byte == 0x7F {
                text += hex(byte)
            } else {
                text.append(byte)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// A blank at the end of a line is easily lost in an editor, so it is written out.
    static func guardTrailingBlank(_ text: String) -> String {
        // By bytes: a blank can be one Character with a scalar before it.
        text.utf8.last == UInt8(ascii: " ") ? String(Substring(text.utf8.dropLast())) + "%{x20}" : text
    }

    /// How many bytes follow this first byte of a scalar in UTF-8; 0 when none begins so.
    private static func followers(_ byte: UInt8) -> Int {
        switch byte {
        case 0xC2...0xDF: 1
        case 0xE0...0xEF: 2
        case 0xF0...0xF4: 3
        default: 0
        }
    }

    private static func hex(_ byte: UInt8) -> [UInt8] {
        let digits = Array("0123456789ABCDEF".utf8)
        return Array("%{x".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)], closeBrace]
    }

    private static let percent = UInt8(ascii: "%")
    private static let openBrace = UInt8(ascii: "{")
    private static let closeBrace = UInt8(ascii: "}")
}

func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte & 0xDF) }
