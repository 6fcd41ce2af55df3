import Foundation
import OnCall
import Testing

@testable import Store

@Suite struct FileTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// The error that opening the file ends with.
    private func failure(_ path: String) -> StoreError? {
        do throws(StoreError) {
            _ = try Store(path: path)
            return nil
        } catch {
            return error
        }
    }

    @Test func whatWasWrittenIsThereAfterOpeningAgain() async throws {
        let first = try Store(path: scratch.path)
        _ = try await first.importEngineers([try .make("ann")], replace: false)
        let page = try await first.page()
        await first.close()
        let second = try Store(path: scratch.path)
        #expect(try await second.engineers() == [try .make("ann")])
        #expect(try await second.page(page)?.line == "support")
    }

    @Test func whatWasWrittenIsThereAlthoughNobodyClosedTheFile() async throws {
        let first = try Store(path: scratch.path)
        let call = try await first.call()
        #expect(try await Store(path: scratch.path).call(call)?.id == call)
        withExtendedLifetime(first) {}
    }

    @Test func commitsSurviveAPowerCut() async throws {
        let store = try Store(path: scratch.path)
        let modes = try await store.pragmas("journal_mode", "synchronous", "foreign_keys")
        #expect(modes == ["wal", "2", "1"])
    }

    @Test func migratingAgainChangesNothing() throws {
        let database = try Database(path: scratch.path)
        let read = { try database.rows("SELECT name, sql FROM sqlite_master ORDER BY name", "test") { $0.text(1) } }
        try Migrations.apply(to: database)
        let schema = try read()
        try Migrations.apply(to: database)
        #expect(try read() == schema)
        let versions = try database.rows("SELECT version FROM migrations ORDER BY 1", "test") { Int($0.integer(0)) }
        #expect(versions == Array(1...Migrations.all.count))
    }

    @Test func manyWhoOpenANewFileAtOnceMigrateItOnce() async throws {
        let path = scratch.path
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<4 { group.addTask { try await Store(path: path).calls(limit: 1).count } }
            for try await count in group { #expect(count == 0) }
        }
    }

    @Test func aFileOfANewerVersionIsRefusedAndLeftAlone() throws {
        let database = try Database(path: scratch.path)
        try Migrations.apply(to: database)
        let newer = Migrations.all.count + 1
        try database.run(
            "INSERT INTO migrations (version, name) VALUES (?, 'later')", "test", [.integer(Int64(newer))])
        #expect(
            failure(scratch.path)
                == .newerVersion(path: scratch.path, found: newer, known: Migrations.all.count))
    }

    @Test func aFileThatIsNoDatabaseIsRefused() throws {
        try Data(repeating: UInt8(ascii: "x"), count: 8_192).write(to: URL(fileURLWithPath: scratch.path))
        #expect(failure(scratch.path)?.description.contains("file is not a database (SQLite 26)") == true)
        #expect(failure(scratch.path)?.description.contains(scratch.path) == true)
    }

    @Test func aDamagedFileGivesAnErrorAndNoCrash() async throws {
        let store = try Store(path: scratch.path)
        _ = try await store.page()
        await store.close()
        var bytes = try Data(contentsOf: URL(fileURLWithPath: scratch.path))
        // The header stays, all behind it goes: the file opens and then makes no sense.
        bytes.replaceSubrange(100..., with: Data(repeating: 0xA5, count: bytes.count - 100))
        try bytes.write(to: URL(fileURLWithPath: scratch.path))
        let error = try #require(failure(scratch.path))
        #expect(error.description.contains("malformed"))
    }

    @Test func aFolderThatIsNotThereIsToldWithItsPath() {
        let path = scratch.folder.appending(path: "none/test.sqlite").path
        let told = failure(path)?.description
        #expect(told?.hasPrefix("database \(path): opening it: unable to open database file") == true)
    }

    @Test(.enabled(if: geteuid() != 0, "root may write what is read-only"))
    func aReadOnlyFileIsToldAsSuch() async throws {
        await (try Store(path: scratch.path)).close()
        try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: scratch.path)
        #expect(failure(scratch.path)?.description.contains("readonly") == true)
    }

    @Test func aStoreThatWasClosedSaysSo() async throws {
        let store = try Store(path: scratch.path)
        await store.close()
        await store.close()
        let error = await #expect(throws: StoreError.self) { try await store.engineers() }
        #expect(error?.description.contains("closed") == true)
    }
}

extension Store {
    fileprivate func pragmas(_ names: String...) throws -> [String] {
        try names.flatMap { name in try database.rows("PRAGMA \(name)", "test") { $0.text(0) } }
    }
}
