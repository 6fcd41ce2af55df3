public import Foundation

/// `id,name,number`.
public enum EngineerCSV {
    /// All engineers of a file, or all that is wrong with it.
    public static func read(_ data: Data) -> Result<[Engineer], ImportProblems> {
        typed(data, required: ["id", "name", "number"]) { row, check in
            let id = check.required("id")
            if EngineerID.isValid(id) {
                check.once(id, "id")
            } else {
                check.problem("id", "\(Text.quoted(id)) is no id; lower-case letters, digits and hyphens, 32 at most")
            }
            let name = check.required("name")
            let text = check.required("number")
            let number = PhoneNumber(text)
            if number == nil {
                check.problem(
                    "number", "\(Text.quoted(text)) can't be dialled; 2 to 15 digits, + before them or not, no blanks")
            }
            return number.map { Engineer(id: id, name: name, number: $0) }
        }
    }
}

/// `contract,customer,entitled,callback_minutes`.
public enum ContractCSV {
    /// All contracts of a file, or all that is wrong with it.
    public static func read(_ data: Data) -> Result<[Contract], ImportProblems> {
        typed(data, required: ["contract", "customer", "entitled", "callback_minutes"]) { row, check in
            let digits = check.required("contract")
            let number = ContractNumber(digits)
            if number == nil {
                check.problem("contract", "\(Text.quoted(digits)) is no contract number; 1 to 20 digits")
            } else {
                check.once(digits, "contract")
            }
            let customer = check.required("customer")
            let word = check.required("entitled")
            let entitled = ["yes": true, "no": false][word.lowercased()]
            if entitled == nil { check.problem("entitled", "\(Text.quoted(word)) is neither yes nor no") }
            let text = row["callback_minutes"] ?? ""
            let minutes = Names.isDigits(text, 1...5) ? Int(text) : nil
            if !text.isEmpty, !(1...10_080).contains(minutes ?? 0) {
                check.problem(
                    "callback_minutes",
                    "\(Text.quoted(text)) is no number from 1 to 10080; leave it empty for the line's")
            }
            guard let number, let entitled else { return nil }
            return Contract(number: number, customer: customer, entitled: entitled, callbackMinutes: minutes)
        }
    }
}

/// `line,role,engineer,start,end`, and maybe `order` and `time_zone`.
public enum ShiftCSV {
    /// All shifts of a file, or all that is wrong with it.
    ///
    /// - Parameters:
    ///   - engineers: the ids that exist.
    ///   - lines: the lines that exist, with the zones in which times without an offset are meant.
    public static func read(
        _ data: Data, engineers: Set<String>, lines: [String: TimeZone]
    ) -> Result<[Shift], ImportProblems> {
        typed(data, required: ["line", "role", "engineer", "start", "end"], optional: ["order", "time_zone"]) {
            row, check in
            let line = row["line"].flatMap { $0.isEmpty || $0 == "*" ? nil : $0 }
            if let line, lines[line] == nil {
                check.problem(
                    "line", "no line \(Text.quoted(line)); there are \(lines.keys.sorted().joined(separator: ", "))")
            }
            let role = check.required("role")
            if !RoleName.isValid(role) {
                check.problem(
                    "role", "\(Text.quoted(role)) is no role; write it as in the line's steps, such as on-call")
            }
            let engineer = check.required("engineer")
            if !engineers.contains(engineer) {
                check.problem("engineer", "no engineer \(Text.quoted(engineer)); import the engineers first")
            }
            let position = row["order"] ?? ""
            let order = position.isEmpty ? 0 : Int(position).flatMap { (-9_999...9_999).contains($0) ? $0 : nil }
            if order == nil {
                check.problem("order", "\(Text.quoted(position)) is no whole number from -9999 to 9999")
            }
            let zone = zone(row, line, lines, check)
            let start = instant("start", row, zone, check)
            let end = instant("end", row, zone, check)
            guard let start, let end, let order else { return nil }
            if end <= start { check.problem("end", "the shift ends before it begins, or at once") }
            if end.timeIntervalSince(start) > 366 * 86_400 { check.problem("end", "the shift is longer than a year") }
            check.once("\(line ?? "*") \(role) \(engineer) \(start.timeIntervalSince1970)", "start")
            return Shift(line: line, role: role, engineer: engineer, start: start, end: end, order: order)
        }
    }

    private static func zone(
        _ row: CSVTable.Row, _ line: String?, _ lines: [String: TimeZone], _ check: RowCheck
    ) -> TimeZone? {
        if let name = row["time_zone"], !name.isEmpty {
            let zone = TimeZone(identifier: name)
            if zone == nil {
                check.problem("time_zone", "\(Text.quoted(name)) is no time zone such as America/Chicago")
            }
            return zone ?? .gmt
        }
        // A line that is unknown has its own problem; its times are then only read for their form.
        if let line { return lines[line] ?? .gmt }
        let zones = Set(lines.values)
        return zones.count == 1 ? zones.first : nil
    }

    private static func instant(
        _ column: String, _ row: CSVTable.Row, _ zone: TimeZone?, _ check: RowCheck
    ) -> Date? {
        guard let time = LocalTime(row[column] ?? "") else {
            check.problem(column, "\(Text.quoted(row[column] ?? "")) is no time; write YYYY-MM-DD HH:MM")
            return nil
        }
        if let zone { return time.instant(in: zone) }
        if time.offset != nil { return time.instant(in: .gmt) }
        check.problem(column, "for which time zone? The lines differ: fill the column time_zone, or give an offset")
        return nil
    }
}

/// Collects what is wrong with the rows of one file: one problem a row and column, the first.
private final class RowCheck {
    private struct Place: Hashable {
        let line: Int
        let column: String?
    }

    private(set) var problems: [ImportProblem]
    var row: CSVTable.Row?
    private var places: Set<Place>
    private var firstLines: [String: Int] = [:]

    init(_ problems: [ImportProblem]) {
        self.problems = problems
        places = Set(problems.map { Place(line: $0.line, column: $0.column) })
    }

    func problem(_ column: String, _ reason: String) {
        let line = row?.line ?? 1
        guard places.insert(Place(line: line, column: column)).inserted else { return }
        problems.append(ImportProblem(line: line, column: column, reason: reason))
    }

    func required(_ column: String) -> String {
        let value = row?[column] ?? ""
        if value.isEmpty { problem(column, "it is empty") }
        return value
    }

    func once(_ key: String, _ column: String) {
        guard let line = row?.line else { return }
        if let first = firstLines[key] {
            problem(column, "the same as in line \(first)")
        } else {
            firstLines[key] = line
        }
    }
}

private func typed<Value>(
    _ data: Data, required: [String], optional: [String] = [], _ read: (CSVTable.Row, RowCheck) -> Value?
) -> Result<[Value], ImportProblems> {
    let table: CSVTable
    do throws(ImportProblems) {
        table = try CSVTable(scanning: data)
    } catch {
        return .failure(error)
    }
    // Without its columns, or with one of them twice, there is no saying which value is meant.
    let columns = table.columnProblems(required: required, optional: optional)
    let check = RowCheck(table.problems + columns)
    var values: [Value] = []
    if columns.isEmpty, Set(table.header).count == table.header.count {
        for row in table.rows {
            check.row = row
            if let value = read(row, check) { values.append(value) }
        }
    }
    guard check.problems.isEmpty else {
        // By line; those of one line stay in the order in which they were found.
        let sorted = check.problems.enumerated().sorted { ($0.element.line, $0.offset) < ($1.element.line, $1.offset) }
        return .failure(ImportProblems(sorted.map(\.element)))
    }
    return .success(values)
}
