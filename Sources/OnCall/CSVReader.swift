/// Splits bytes into records of fields as RFC 4180 says; goes on after a mistake, so that all of them are found.
///
/// It works on bytes: all that separates is ASCII, and a line separator of Unicode within a field must not end a row.
struct CSVReader {
    struct Record {
        let line: Int
        let fields: [String]
    }

    private(set) var records: [Record] = []
    private(set) var problems: [ImportProblem] = []
    private let bytes: [UInt8]
    private var index = 0
    private var line = 1

    private static let quote = UInt8(ascii: "\"")
    private static let comma = UInt8(ascii: ",")
    private static let newline = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    /// Reads all records, the header's among them; stops after `limit` of them and says so.
    init(_ bytes: [UInt8], limit: Int) {
        self.bytes = bytes
        while index < bytes.count {
            let start = line
            let fields = record()
            if fields == [""] { continue }
            guard records.count < limit else {
                problems.append(ImportProblem(line: start, reason: "more than \(limit - 1) rows; split the file"))
                return
            }
            records.append(Record(line: start, fields: fields))
        }
    }

    private mutating func record() -> [String] {
        var fields = [field()]
        while index < bytes.count, bytes[index] == Self.comma {
            index += 1
            fields.append(field())
        }
        if index < bytes.count {
            index += bytes[index] == Self.carriageReturn ? 2 : 1
            line += 1
        }
        return fields
    }

    /// Whether a line of the file ends here: LF or CRLF, a CR alone does not count.
    private var isAtLineEnd: Bool {
        guard index < bytes.count else { return true }
        if bytes[index] == Self.newline { return true }
        return bytes[index] == Self.carriageReturn && index + 1 < bytes.count && bytes[index + 1] == Self.newline
    }

    private var isAtFieldEnd: Bool { isAtLineEnd || bytes[index] == Self.comma }

    /// Reads up to the comma or line end behind a field.
    private mutating func field() -> String {
        if index < bytes.count, bytes[index] == Self.quote { return quotedField() }
        let rest = skipToFieldEnd()
        if rest.contains(Self.quote) {
            problem("a quote in a field that has none around it; write \"…\" around the field and \"\" for a quote")
        }
        return Text.trimmed(String(decoding: rest, as: UTF8.self))
    }

    private mutating func quotedField() -> String {
        let start = line
        index += 1
        var value: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == Self.newline { line += 1 }
            guard byte == Self.quote else {
                value.append(byte)
                continue
            }
            if index < bytes.count, bytes[index] == Self.quote {
                value.append(Self.quote)
                index += 1
                continue
            }
            if skipToFieldEnd().contains(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }) {
                problem("text behind a closing quote; write \"\" for a quote within a field")
            }
            return String(decoding: value, as: UTF8.self)
        }
        problems.append(ImportProblem(line: start, reason: "a quote that is never closed"))
        return String(decoding: value, as: UTF8.self)
    }

    private mutating func skipToFieldEnd() -> ArraySlice<UInt8> {
        let start = index
        while !isAtFieldEnd { index += 1 }
        return bytes[start..<index]
    }

    private mutating func problem(_ reason: String) {
        problems.append(ImportProblem(line: line, reason: reason))
    }
}
