/// The schema as steps that are only ever added to: a database of any age is brought to the present one by the steps
/// that it lacks.
enum Migrations {
    static let all: [(name: String, statements: [String])] = [
        (
            "people, contracts and shifts",
            [
                """
                CREATE TABLE engineers (
                    id TEXT PRIMARY KEY, name TEXT NOT NULL, number TEXT NOT NULL
                ) STRICT
                """,
                """
                CREATE TABLE contracts (
                    number TEXT PRIMARY KEY, customer TEXT NOT NULL, entitled INTEGER NOT NULL CHECK (entitled IN (0, 1)),
                    callback_minutes INTEGER CHECK (callback_minutes > 0)
                ) STRICT
                """,
                """
                CREATE TABLE shifts (
                    id INTEGER PRIMARY KEY, line TEXT, role TEXT NOT NULL,
                    engineer TEXT NOT NULL REFERENCES engineers (id), starts_at INTEGER NOT NULL,
                    ends_at INTEGER NOT NULL CHECK (ends_at > starts_at), position INTEGER NOT NULL DEFAULT 0
                ) STRICT
                """,
                "CREATE UNIQUE INDEX shifts_once ON shifts (coalesce(line, ''), role, engineer, starts_at)",
                "CREATE INDEX shifts_by_end ON shifts (ends_at)",
            ]
        ),
        (
            "calls, messages and pages",
            [
                """
                CREATE TABLE calls (
                    id INTEGER PRIMARY KEY, line TEXT NOT NULL, unique_id TEXT NOT NULL, caller_number TEXT,
                    caller_name TEXT, started_at INTEGER NOT NULL, ended_at INTEGER, contract TEXT, customer TEXT,
                    entitlement TEXT, reason TEXT, callback_minutes INTEGER, outcome TEXT
                ) STRICT
                """,
                "CREATE INDEX calls_by_unique_id ON calls (unique_id, line)",
                """
                CREATE TABLE attempts (
                    id INTEGER PRIMARY KEY, call INTEGER NOT NULL REFERENCES calls (id), at INTEGER NOT NULL,
                    digits TEXT NOT NULL, outcome TEXT NOT NULL
                ) STRICT
                """,
                "CREATE INDEX attempts_by_time ON attempts (at)",
                """
                CREATE TABLE messages (
                    id INTEGER PRIMARY KEY, call INTEGER NOT NULL REFERENCES calls (id), mailbox TEXT NOT NULL,
                    file TEXT NOT NULL, message_id TEXT, milliseconds INTEGER NOT NULL, verdict TEXT NOT NULL,
                    left_at INTEGER NOT NULL
                ) STRICT
                """,
                "CREATE INDEX messages_by_call ON messages (call)",
                """
                CREATE TABLE pages (
                    id INTEGER PRIMARY KEY, message INTEGER NOT NULL UNIQUE REFERENCES messages (id),
                    started_at INTEGER NOT NULL, ended_at INTEGER, outcome TEXT, accepted_by TEXT
                ) STRICT
                """,
                """
                CREATE TABLE rings (
                    id INTEGER PRIMARY KEY, page INTEGER NOT NULL REFERENCES pages (id), engineer TEXT NOT NULL,
                    round INTEGER NOT NULL, step INTEGER NOT NULL, started_at INTEGER NOT NULL, answered_at INTEGER,
                    heard_at INTEGER, ended_at INTEGER, outcome TEXT
                ) STRICT
                """,
                "CREATE INDEX rings_by_page ON rings (page)",
                """
                CREATE TABLE claims (
                    page INTEGER PRIMARY KEY REFERENCES pages (id), ring INTEGER NOT NULL REFERENCES rings (id),
                    engineer TEXT NOT NULL, at INTEGER NOT NULL
                ) STRICT
                """,
            ]
        ),
        (
            "pages that survive",
            [
                "ALTER TABLE pages ADD COLUMN escalation TEXT",
                "ALTER TABLE pages ADD COLUMN waits_until INTEGER",
                "CREATE INDEX pages_unfinished ON pages (id) WHERE ended_at IS NULL",
            ]
        ),
    ]

    /// Brings the database up to date; each step in a transaction of its own.
    static func apply(to database: Database) throws(StoreError) {
        try database.run(
            "CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT",
            "reading its version")
        // Two processes may open a new database at once: the version is read again inside the transaction.
        for (index, migration) in all.enumerated() {
            try database.transaction("migrating to \(migration.name)") { () throws(StoreError) in
                guard try version(of: database) == index else { return }
                for statement in migration.statements {
                    try database.run(statement, "migrating to \(migration.name)")
                }
                try database.run(
                    "INSERT INTO migrations (version, name) VALUES (?, ?)", "migrating to \(migration.name)",
                    [.integer(Int64(index + 1)), .text(migration.name)])
            }
        }
        let found = try version(of: database)
        guard found <= all.count else {
            throw .newerVersion(path: database.path, found: found, known: all.count)
        }
    }

    private static func version(of database: Database) throws(StoreError) -> Int {
        try database.rows("SELECT coalesce(max(version), 0) FROM migrations", "reading its version") {
            row in
            Int(row.integer(0))
        }.first ?? 0
    }
}
