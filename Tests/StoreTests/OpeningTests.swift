import Foundation
import OnCall
import Testing

@testable import Store

@Suite struct OpeningTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func anOlderDatabaseIsBroughtUpToDateWithItsData() async throws {
        let old = try Database(path: scratch.path)
        try old.run("CREATE TABLE migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT", "test")
        for statement in Migrations.all[0].statements { try old.run(statement, "test") }
        try old.run("INSERT INTO migrations VALUES (1, 'first')", "test")
        try old.run("INSERT INTO engineers VALUES ('ann', 'Engineer ann', '5550100')", "test")

        let store = try Store(path: scratch.path)
        #expect(try await store.engineers() == [.make("ann")])
        #expect(try await store.page(try await store.page())?.line == "support")
        let versions = try old.rows("SELECT version FROM migrations ORDER BY version", "test") { Int($0.integer(0)) }
        #expect(versions == Array(1...Migrations.all.count))
    }

    @Test func aFileThatIsNoDatabaseStaysAsItIs() throws {
        let text = String(repeating: "contract,customer,entitled\n", count: 100)
        try text.write(toFile: scratch.path, atomically: true, encoding: .utf8)
        #expect(throws: StoreError.self) { try Store(path: scratch.path) }
        #expect(try String(contentsOfFile: scratch.path, encoding: .utf8) == text)
    }

    @Test func aDirectoryIsToldAsSuch() throws {
        let path = scratch.folder.path
        let error = try #require(throws: StoreError.self) { try Store(path: path) }
        #expect(error.description.hasPrefix("database \(path): opening it: "))
        #expect(error.description.contains("Is a directory"))
    }

    @Test func aMissingFolderIsToldWithTheSystemsReason() throws {
        let path = scratch.folder.appending(path: "none/test.sqlite").path
        let error = try #require(throws: StoreError.self) { try Store(path: path) }
        #expect(error.description.hasPrefix("database \(path): opening it: "))
        #expect(error.description.contains("No such file or directory"))
    }
}
