import Fuzzing

@testable import AGI

/// A request says what a second decoder says, and what is encoded by us is decoded back unchanged.
enum RequestTarget {
    static let target = Target("request", generate: generate, check: check)

    static func check(_ input: [UInt8]) throws {
        let script = String(decoding: input, as: UTF8.self)
        let found = Request(script: script)
        let model = model(script)
        try Broken.unless(found == nil, is: model == nil, "whether it is no request")
        if let found, let model {
            try Broken.unless(found.path, is: model.path, "the path")
            var values: [String: String] = [:]
            for (name, value) in model.fields where values[name] == nil { values[name] = value }
            for (name, value) in values { try Broken.unless(found[name], is: value, "the value of '\(name)'") }
            try Broken.unless(found["none such"], is: values["none such"], "the value of a name that is not there")
        }
        let encoded = Array(script.utf8).map { byte in
            let digits = Array("0123456789abcdef")
            return "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
        }.joined()
        try Broken.unless(
            Request(script: "p?name=\(encoded)")?["name"], is: script, "what was encoded and decoded again")
    }

    /// Path and fields, by looking for separators in bytes; nil where an escape is malformed.
    private static func model(_ script: String) -> (path: String, fields: [(name: String, value: String)])? {
        let bytes = Array(script.utf8)
        let question = bytes.firstIndex(of: UInt8(ascii: "?")) ?? bytes.count
        guard var path = decoded(bytes[..<question]) else { return nil }
        if path.utf8.first == UInt8(ascii: "/") { path = String(decoding: path.utf8.dropFirst(), as: UTF8.self) }
        var fields: [(name: String, value: String)] = []
        for field in bytes.dropFirst(question + 1).split(separator: UInt8(ascii: "&")) {
            let equals = field.firstIndex(of: UInt8(ascii: "=")) ?? field.endIndex
            guard let name = decoded(field[..<equals]), let value = decoded(field[equals...].dropFirst()) else {
                return nil
            }
            fields.append((name, value))
        }
        return (path, fields)
    }

    private static func decoded(_ bytes: ArraySlice<UInt8>) -> String? {
        let digits = Array("0123456789abcdef".utf8)
        var out: [UInt8] = []
        var rest = Array(bytes)
        while !rest.isEmpty {
            if rest[0] != UInt8(ascii: "%") {
                out.append(rest.removeFirst())
                continue
            }
            guard rest.count >= 3,
                let high = digits.firstIndex(where: { $0 | 0x20 == rest[1] | 0x20 && isHexadecimal(rest[1]) }),
                let low = digits.firstIndex(where: { $0 | 0x20 == rest[2] | 0x20 && isHexadecimal(rest[2]) })
            else { return nil }
            out.append(UInt8(high * 16 + low))
            rest.removeFirst(3)
        }
        return String(validating: out, as: UTF8.self)
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool { Character(UnicodeScalar(byte)).isHexDigit }

    private static func generate(_ random: inout SplitMix64) -> [UInt8] {
        let pieces = [
            "after-hours", "line", "support", "=", "&", "?", "/", "%20", "%C3%A4", "%ff", "%2", "%", "%-0", "%+1",
            "%00", "é",
            "\u{301}", "%3D", "%26", "+", " ", "\r\n",
        ]
        return Array((random.onceIn(2) ? "after-hours?line=support&" : "").utf8)
            + random.text(of: pieces, atMost: 12).utf8
    }
}
