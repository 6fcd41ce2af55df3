/// Rules for what goes where Asterisk reads more than text.
enum Checked {
    static func name(_ text: String, _ what: String, also more: String, limit: Int) throws(AMIError) -> String {
        let isSafe = text.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (97...122).contains(byte.lowered) || more.utf8.contains(byte)
        }
        guard isSafe, (1...limit).contains(text.utf8.count) else {
            throw .invalidValue(
                what: what, value: shown(text), rule: "1 to \(limit) ASCII letters, digits and \(more)")
        }
        return text
    }

    static func isText(_ text: String, without forbidden: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 32 && $0 != 127 && !forbidden.utf8.contains($0) }
    }

    static func shown(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.prefix(60).filter { $0 >= " " }))
    }
}
