import CSQLite
import Foundation
import Lab
import Testing

/// A database that fails at night, on a real Asterisk.
struct DatabaseScenarios {
    @Test func aLockedDatabase_stillWakesTheEngineer_once() async throws {
        let night = try await Night.start()
        let lock = try Lock(night.server.folder.appendingPathComponent("nightbell.sqlite").path)
        let caller = try await night.leaveMessage()
        let outcome = try await caller.outcome()
        #expect(outcome.status == "PAGED")
        #expect(outcome.entitled == "UNVERIFIED")
        #expect(night.rung == ["e1"])
        let robot = try #require(night.numbers["e1"])
        let heard = try await night.heard(by: robot, until: "goodbye-engineer")
        #expect(heard.contains("page-unverified"))
        #expect(heard.contains { $0.contains("/INBOX/msg0000") })
        #expect(night.server.logLines.contains { $0.contains("level=error") && $0.contains("event=store-failed") })
        lock.release()
    }

    @Test func aDatabaseLockedAfterTheContract_stillPagesTheMessage() async throws {
        let night = try await Night.start()
        let caller = try await night.line.call()
        try await caller.run([.hears("enter-contract"), .presses(Night.entitled), .hears("beep")])
        let lock = try Lock(night.server.folder.appendingPathComponent("nightbell.sqlite").path)
        try await caller.run([.speaks(5), .hangsUp])
        let outcome = try await caller.outcome()
        #expect(outcome.status == "PAGED")
        #expect(outcome.entitled == "YES")
        #expect(night.rung == ["e1"])
        lock.release()
    }
}

/// Holds the database so that nobody else can write (`BEGIN EXCLUSIVE`), as a backup program gone wrong does.
private final class Lock {
    private var handle: OpaquePointer?

    init(_ path: String) throws {
        let opened = sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, nil)
        try #require(opened == SQLITE_OK)
        sqlite3_busy_timeout(handle, 5_000)
        try #require(sqlite3_exec(handle, "BEGIN EXCLUSIVE", nil, nil, nil) == SQLITE_OK)
    }

    func release() {
        sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
        sqlite3_close_v2(handle)
        handle = nil
    }
}
