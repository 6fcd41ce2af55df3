public import Foundation

/// A table of comma-separated values with a header (RFC 4180): quoted fields, line breaks in them, CRLF or LF.
public struct CSVTable: Sendable {
    /// One row; values by the name of their column.
    public struct Row: Sendable {
        /// The line on which it begins, from 1.
        public let line: Int
        private let columns: [String: Int]
        private let fields: [String]

        init(line: Int, columns: [String: Int], fields: [String]) {
            self.line = line
            self.columns = columns
            self.fields = fields
        }

        /// The value of a column, without blanks around it unless quoted; nil when the file has no such column.
        public subscript(_ column: String) -> String? { columns[column].map { fields[$0] } }
    }

    /// The names of the columns, in lower case.
    public let header: [String]
    /// The line the header is in.
    public let headerLine: Int
    /// The rows behind the header that have as many fields as it has; empty lines are left out.
    public let rows: [Row]
    /// What is wrong with the form of the file.
    let problems: [ImportProblem]

    /// The most bytes of a file, rows in it and characters of a field.
    public static let limits = (bytes: 16 << 20, rows: 100_000, field: 500)

    /// Reads a file.
    ///
    /// - Throws: `ImportProblems` with all that is wrong with its form.
    public init(parsing data: Data) throws(ImportProblems) {
        try self.init(scanning: data)
        guard problems.isEmpty else { throw ImportProblems(problems) }
    }

    /// Reads what can be read of a file and keeps what is wrong with the rest in `problems`.
    ///
    /// - Throws: `ImportProblems` when there is no telling any columns.
    init(scanning data: Data) throws(ImportProblems) {
        guard data.count <= Self.limits.bytes else {
            throw ImportProblems([ImportProblem(line: 1, reason: "the file has more than 16 MiB; split it")])
        }
        let bytes = Array(data.starts(with: [0xEF, 0xBB, 0xBF]) ? data.dropFirst(3) : data)
        guard String(validating: bytes, as: UTF8.self) != nil else {
            let before = String(decoding: bytes, as: UTF8.self).prefix { $0 != "\u{FFFD}" }
            let line = before.utf8.count { $0 == UInt8(ascii: "\n") } + 1
            throw ImportProblems([
                ImportProblem(line: line, reason: "the file is not UTF-8; save it as CSV UTF-8")
            ])
        }
        let reader = CSVReader(bytes, limit: Self.limits.rows + 1)
        guard let first = reader.records.first else {
            throw ImportProblems([ImportProblem(line: 1, reason: "the file is empty; its first line names the columns")]
            )
        }
        header = first.fields.map { $0.lowercased() }
        headerLine = first.line
        var problems = reader.problems + Self.headerProblems(header, line: first.line)
        let columns = Dictionary(zip(header, header.indices), uniquingKeysWith: { first, _ in first })
        var rows: [Row] = []
        for record in reader.records.dropFirst() {
            guard record.fields.count == header.count else {
                let reason = "\(record.fields.count) fields where the header has \(header.count)"
                problems.append(ImportProblem(line: record.line, reason: reason))
                continue
            }
            problems += Self.fieldProblems(record, header)
            rows.append(Row(line: record.line, columns: columns, fields: record.fields))
        }
        self.rows = rows
        self.problems = problems
    }

    /// Checks that the columns are those wanted, and maybe some of those allowed.
    func columnProblems(required: [String], optional: [String] = []) -> [ImportProblem] {
        let known = required + optional
        let unknown = header.filter { !known.contains($0) }.map { name in
            ImportProblem(
                line: headerLine, column: Text.quoted(name),
                reason: "no such column; there are \(known.joined(separator: ", "))")
        }
        let missing = required.filter { !header.contains($0) }.map { name in
            ImportProblem(line: headerLine, column: name, reason: "this column is missing in the first line")
        }
        return unknown + missing
    }

    private static func headerProblems(_ header: [String], line: Int) -> [ImportProblem] {
        guard !header.contains(where: { Text.hasControl($0) }) else {
            return [
                ImportProblem(line: line, reason: "a control character among the columns; end lines with LF or CRLF")
            ]
        }
        var seen: Set<String> = []
        return header.compactMap { name in
            seen.insert(name).inserted
                ? nil : ImportProblem(line: line, column: Text.quoted(name), reason: "this column comes twice")
        }
    }

    private static func fieldProblems(_ record: CSVReader.Record, _ header: [String]) -> [ImportProblem] {
        zip(header, record.fields).compactMap { name, value in
            if value.unicodeScalars.count > limits.field {
                return ImportProblem(line: record.line, column: name, reason: "more than \(limits.field) characters")
            }
            guard Text.hasControl(value) else { return nil }
            return ImportProblem(
                line: record.line, column: name, reason: "a control character or a line break; take it out")
        }
    }
}
