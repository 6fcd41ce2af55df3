internal import CSQLite
internal import Foundation

/// One connection to SQLite, for one thread.
final class Database {
    let path: String
    private var handle: OpaquePointer?
    private var statements: [String: OpaquePointer] = [:]

    /// Opens or makes the file. The corresponding C function is `sqlite3_open_v2`.
    ///
    /// WAL with synchronous=FULL: what was committed survives a power cut, and readers do not wait for writers.
    init(path: String) throws(StoreError) {
        self.path = path
        let flags =
            SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        guard sqlite3_open_v2(path, &handle, flags, nil) == SQLITE_OK else {
            let error = failure("opening it")
            sqlite3_close_v2(handle)
            handle = nil
            throw error
        }
        // A file that may not be written is opened for reading, without a word, and fails at the first call.
        guard sqlite3_db_readonly(handle, "main") == 0 else {
            throw .sqlite(
                purpose: "opening it", message: "it is readonly for this user", code: SQLITE_READONLY, path: path)
        }
        sqlite3_busy_timeout(handle, 5_000)
        try run("PRAGMA journal_mode = WAL", "setting WAL")
        try run("PRAGMA synchronous = FULL", "setting synchronous")
        try run("PRAGMA foreign_keys = ON", "setting foreign keys")
    }

    deinit { close() }

    func close() {
        for statement in statements.values { sqlite3_finalize(statement) }
        statements = [:]
        sqlite3_close_v2(handle)
        handle = nil
    }

    /// Runs a statement for its effect.
    func run(_ sql: String, _ purpose: String, _ values: [Value] = []) throws(StoreError) {
        _ = try rows(sql, purpose, values) { _ in () }
    }

    /// Runs a statement and maps each of its rows.
    func rows<R>(
        _ sql: String, _ purpose: String, _ values: [Value] = [], _ map: (Row) throws(StoreError) -> R
    ) throws(StoreError) -> [R] {
        let statement = try prepare(sql, purpose)
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        for (index, value) in values.enumerated() {
            guard bind(value, to: statement, at: Int32(index + 1)) == SQLITE_OK else {
                throw failure(purpose)
            }
        }
        var result: [R] = []
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: result.append(try map(Row(statement: statement)))
            case SQLITE_DONE: return result
            default: throw failure(purpose)
            }
        }
    }

    /// The id of the row inserted last. The corresponding C function is `sqlite3_last_insert_rowid`.
    var lastInsertedID: Int64 { sqlite3_last_insert_rowid(handle) }

    /// How many rows the last statement changed. The corresponding C function is `sqlite3_changes64`.
    var changes: Int64 { sqlite3_changes64(handle) }

    /// Runs `body` in a transaction that is written whole or not at all.
    func transaction<R>(_ purpose: String, _ body: () throws(StoreError) -> R) throws(StoreError) -> R {
        try run("BEGIN IMMEDIATE", purpose)
        do throws(StoreError) {
            let result = try body()
            try run("COMMIT", purpose)
            return result
        } catch {
            // SQLite may have rolled back by itself (a full disk); the first error is the one to tell.
            try? run("ROLLBACK", purpose)
            throw error
        }
    }

    private func prepare(_ sql: String, _ purpose: String) throws(StoreError) -> OpaquePointer {
        if let known = statements[sql] { return known }
        // Without a connection SQLite has only "out of memory" to say.
        guard handle != nil else {
            throw .sqlite(purpose: purpose, message: "the database is closed", code: SQLITE_MISUSE, path: path)
        }
        var statement: OpaquePointer?
        guard
            sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
                == SQLITE_OK,
            let statement
        else { throw failure(purpose) }
        statements[sql] = statement
        return statement
    }

    private func bind(_ value: Value, to statement: OpaquePointer, at index: Int32) -> Int32 {
        switch value {
        case .null: sqlite3_bind_null(statement, index)
        case .integer(let number): sqlite3_bind_int64(statement, index, number)
        case .text(let text):
            csqlite_bind_text(statement, index, text, Int32(clamping: text.utf8.count))
        }
    }

    private func failure(_ purpose: String) -> StoreError {
        var message = handle.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
        // Of a file that can't be opened, read or written SQLite itself does not say why; the system did.
        if [SQLITE_CANTOPEN, SQLITE_IOERR].contains(sqlite3_errcode(handle) & 0xFF) {
            let reason = sqlite3_system_errno(handle)
            if reason != 0 { message += ": \(String(cString: strerror(reason)))" }
        }
        return .sqlite(
            purpose: purpose, message: message, code: sqlite3_extended_errcode(handle), path: path)
    }
}

/// What can be bound to a statement.
enum Value {
    case null
    case integer(Int64)
    case text(String)

    static func text(_ text: String?) -> Value { text.map { Value.text($0) } ?? .null }
    static func integer(_ number: Int?) -> Value { number.map { Value.integer(Int64($0)) } ?? .null }

    /// Times are whole milliseconds since 1970, UTC.
    static func time(_ date: Date) -> Value {
        .integer(Int64((date.timeIntervalSince1970 * 1_000).rounded()))
    }
}

/// The row that a statement stands on.
struct Row {
    let statement: OpaquePointer

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

    func optionalInteger(_ column: Int32) -> Int64? {
        sqlite3_column_type(statement, column) == SQLITE_NULL ? nil : integer(column)
    }

    func text(_ column: Int32) -> String { optionalText(column) ?? "" }

    func optionalText(_ column: Int32) -> String? {
        sqlite3_column_text(statement, column).map { String(cString: $0) }
    }

    func time(_ column: Int32) -> Date {
        Date(timeIntervalSince1970: Double(integer(column)) / 1_000)
    }

    func optionalTime(_ column: Int32) -> Date? {
        optionalInteger(column).map { Date(timeIntervalSince1970: Double($0) / 1_000) }
    }
}
