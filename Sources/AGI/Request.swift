/// What the dialplan asked for: the path and query of `agi://HOST/PATH?QUERY`, percent-decoded.
///
/// Asterisk passes `agi_network_script` as the dialplan wrote it, escapes untouched.
public struct Request: Sendable, Equatable {
    /// The path without its leading slash; empty when the URI has none.
    public let path: String
    private let fields: [(name: String, value: String)]

    /// Reads `agi_network_script`; nil when an escape is malformed or decodes to something that is no UTF-8 text.
    public init?(script: String) {
        // By bytes: a separator and a combining mark behind it would be one Character, and no separator.
        let bytes = script.utf8
        let parts = bytes.split(separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        guard let path = Self.decode(parts.first ?? Substring(script).utf8) else { return nil }
        self.path = path.utf8.first == UInt8(ascii: "/") ? String(Substring(path.utf8.dropFirst())) : path
        var fields: [(name: String, value: String)] = []
        for field in parts.count > 1 ? parts[1].split(separator: UInt8(ascii: "&")) : [] {
            let pair = field.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decode(pair[0]), let value = pair.count > 1 ? Self.decode(pair[1]) : "" else {
                return nil
            }
            fields.append((name, value))
        }
        self.fields = fields
    }

    /// The first value of `name` in the query; nil when it is not there.
    public subscript(_ name: String) -> String? { fields.first { $0.name == name }?.value }

    /// Two requests are equal when they ask for the same path with the same fields in the same order.
    public static func == (left: Request, right: Request) -> Bool {
        left.path == right.path
            && left.fields.elementsEqual(right.fields) { $0.name == $1.name && $0.value == $1.value }
    }

    private static func decode(_ text: Substring.UTF8View) -> String? {
        guard text.contains(UInt8(ascii: "%")) else { return String(Substring(text)) }
        var bytes: [UInt8] = []
        var rest = text[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            // Not `UInt8(_:radix:)`, which takes signs: `-0` would be a NUL.
            guard let high = rest.popFirst().flatMap(hexadecimalValue),
                let low = rest.popFirst().flatMap(hexadecimalValue)
            else { return nil }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hexadecimalValue(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
