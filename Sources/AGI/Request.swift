/// What the dialplan asked for: the path and query of `agi://HOST/PATH?QUERY`, percent-decoded.
///
/// Asterisk passes `agi_network_script` as the dialplan wrote it, escapes untouched.
public struct Request: Sendable, Equatable {
    /// The path without its leading slash; empty when the URI has none.
    public let path: String
    private let fields: [(name: String, value: String)]

    /// Reads `agi_network_script`; nil when an escape is malformed or decodes to something that is no UTF-8 text.
    public init?(script: String) {
        let parts = script.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let path = Self.decode(parts.first ?? "") else { return nil }
        self.path = path.hasPrefix("/") ? String(path.dropFirst()) : path
        var fields: [(name: String, value: String)] = []
        for field in (parts.count > 1 ? parts[1] : "").split(separator: "&") {
            let pair = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decode(pair[0]), let value = Self.decode(pair.count > 1 ? pair[1] : "") else {
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

    private static func decode(_ text: Substring) -> String? {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst(), let low = rest.popFirst(),
                let value = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16), high != UInt8(ascii: "+")
            else { return nil }
            bytes.append(value)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
