import Foundation
import Lab
import Testing

/// What commands do to the data, and say when they can't.
struct DataTests {
    private static let first = "first,First Engineer,15550101\n"
    private static let second = "second,Second Engineer,15550102\n"

    @Test func replace_makesTheFileTheWholeTable() async throws {
        let desk = try Desk()
        let both = try desk.engineers("both", Self.first + Self.second)
        let one = try desk.engineers("one", Self.second)
        #expect(try await desk.run(["import", "engineers", both]).output.contains("2 added"))
        let added = try await desk.run(["import", "engineers", one])
        #expect(added.output.contains("0 added, 0 changed, 1 unchanged, 0 removed"))
        let replaced = try await desk.run(["import", "engineers", one, "--replace"])
        #expect(replaced.status == 0)
        #expect(replaced.output.contains("0 added, 0 changed, 1 unchanged, 1 removed"))
    }

    @Test func replace_leavesNobodyInAShiftWithoutANumber() async throws {
        let desk = try Desk()
        let both = try desk.engineers("both", Self.first + Self.second)
        let shifts = try desk.write(
            "shifts.csv", "line,role,engineer,start,end\nsupport,on-call,first,2026-11-20 17:00,2026-11-21 09:00\n")
        let one = try desk.engineers("one", Self.second)
        #expect(try await desk.run(["import", "engineers", both]).status == 0)
        #expect(try await desk.run(["import", "shifts", shifts]).status == 0)
        let replaced = try await desk.run(["import", "engineers", one, "--replace"])
        #expect(replaced.status == 1)
        #expect(replaced.errors.contains("first"))
        let night = try await desk.run(["on-call", "--at", "2026-11-21 03:00"])
        #expect(night.output.contains("1. First Engineer"))
    }

    @Test func replaceWithABadRow_removesNobody() async throws {
        let desk = try Desk()
        #expect(try await desk.run(["import", "engineers", try desk.engineers("one", Self.first)]).status == 0)
        let bad = try desk.engineers("bad", Self.second + "third,Third Engineer,none\nfourth,,15550104\n")
        let result = try await desk.run(["import", "engineers", bad, "--replace"])
        #expect(result.status == 1)
        // Every bad row is named, not only the first one.
        #expect(result.errors.contains("\(bad): line 3, number"))
        #expect(result.errors.contains("\(bad): line 4, name"))
        let again = try await desk.run(["import", "engineers", try desk.engineers("one", Self.first)])
        #expect(again.output.contains("0 added, 0 changed, 1 unchanged"))
    }

    @Test func aDryRunOfABadFile_namesItsMistakes() async throws {
        let desk = try Desk()
        let bad = try desk.engineers("bad", "third,Third Engineer,none\n")
        let result = try await desk.run(["import", "engineers", bad, "--dry-run"])
        #expect(result.status == 1)
        #expect(result.errors.contains("line 2, number"))
    }

    @Test(arguments: [
        (["import", "pagers", "FILE"], "pagers"), (["import", "engineers", "FILE", "--frobnicate"], "--frobnicate"),
        (["import", "engineers", "/nonexistent/engineers.csv"], "/nonexistent/engineers.csv"),
        (["on-call", "--at", "tomorrow"], "tomorrow"), (["on-call", "--line", "nobody"], "nobody"),
        (["pages", "--limit", "0"], "--limit"), (["serve", "now"], "now"), (["check", "--frobnicate"], "--frobnicate"),
        (["calls", "--line", "support", "--line", "support"], "--line is given twice"),
    ])
    func wrongWords_exitWithTwo_andAreNamed(_ words: [String], _ named: String) async throws {
        let desk = try Desk()
        let file = try desk.engineers("one", Self.first)
        let result = try await desk.run(words.map { $0 == "FILE" ? file : $0 })
        #expect(result.status == 2)
        #expect(result.errors.hasPrefix("nightbell: "))
        #expect(result.errors.contains(named))
        #expect(result.output.isEmpty)
    }

    @Test(arguments: [
        (["calls", "--config"], "--config"), (["sounds", "check"], "--in"), (["sounds", "build"], "--to"),
    ])
    func aMissingValue_exitsWithTwo_andIsNamed(_ words: [String], _ named: String) async throws {
        let manifest = words[0] == "sounds" ? ["--manifest", Repository.manifest.path] : []
        let result = try await Nightbell.run(words + manifest)
        #expect(result.status == 2)
        #expect(result.errors.contains(named))
    }

    @Test(arguments: ["calls", "pages"])
    func anEmptyDatabase_isNoFailure(_ command: String) async throws {
        let result = try await Desk().run([command])
        #expect(result.status == 0)
        #expect(result.output == "no \(command) yet\n")
        #expect(result.errors.isEmpty)
    }

    @Test(arguments: [["calls"], ["on-call"], ["serve"]])
    func aDatabaseThatIsAFolder_isNamed(_ words: [String]) async throws {
        let desk = try Desk()
        try FileManager.default.createDirectory(at: desk.database, withIntermediateDirectories: false)
        let result = try await desk.run(words)
        #expect(result.status == 1)
        #expect(result.errors.contains("database \(desk.database.path): opening it"))
    }

    @Test(arguments: [["calls"], ["serve"], ["import"]])
    func aDatabaseThatMayNotBeWritten_isNamed(_ words: [String]) async throws {
        let desk = try Desk()
        let file = try desk.engineers("one", Self.first)
        #expect(try await desk.run(["import", "engineers", file]).status == 0)
        try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: desk.database.path)
        let result = try await desk.runHeldToPermissions(words == ["import"] ? ["import", "engineers", file] : words)
        #expect(result.status == 1)
        #expect(result.errors.contains("database \(desk.database.path): opening it"))
        #expect(result.errors.contains("readonly"))
    }

    @Test func aFileThatIsNoDatabase_isNamed_andLeftAsItIs() async throws {
        let desk = try Desk()
        let text = String(repeating: "not a database\n", count: 100)
        try text.write(to: desk.database, atomically: true, encoding: .utf8)
        let result = try await desk.run(["calls"])
        #expect(result.status == 1)
        #expect(result.errors.contains(desk.database.path))
        #expect(result.errors.contains("not a database"))
        #expect(try String(contentsOf: desk.database, encoding: .utf8) == text)
    }

    @Test func aPortInUse_isAnErrorInTheLog_andTheFirstServerGoesOn() async throws {
        let desk = try Desk()
        let file = URL(fileURLWithPath: desk.configuration)
        let server = try await Nightbell.start((desk.url, file, desk.port))
        let second = try await desk.run(["serve"])
        #expect(second.status == 1)
        let line = second.errors.split(separator: "\n").first { $0.contains("event=cannot-serve") }
        #expect(line?.contains("level=error") == true)
        #expect(line?.contains("address=127.0.0.1:\(desk.port)") == true)
        server.terminate()
        #expect(await server.exit() == 0)
    }
}

/// A desk to type commands at: a configuration of one line, its database and files, removed with it.
private final class Desk {
    let url: URL
    let port: Int
    var configuration: String { url.appendingPathComponent("nightbell.conf").path }
    var database: URL { url.appendingPathComponent("nightbell.sqlite") }

    init() throws {
        url = try Scratch.folder("desk")
        port = try Scratch.tcpPort()
        _ = try write(
            "nightbell.conf",
            """
            [general]
            type = server
            listen = 127.0.0.1:\(port)
            database = \(database.path)
            [support]
            type = line
            number = 15550100
            time_zone = America/Chicago
            mailbox = 1000@support
            step = on-call, 30

            """)
    }

    deinit { Scratch.remove(url) }

    func write(_ name: String, _ text: String) throws -> String {
        let file = url.appendingPathComponent(name)
        try text.write(to: file, atomically: true, encoding: .utf8)
        return file.path
    }

    func engineers(_ name: String, _ rows: String) throws -> String {
        try write("\(name).csv", "id,name,number\n" + rows)
    }

    func run(_ words: [String]) async throws -> Program.Result {
        try await Nightbell.run(words + ["--config", configuration])
    }

    /// Runs a command as somebody for whom a file's permissions count, which they do not for root.
    func runHeldToPermissions(_ words: [String]) async throws -> Program.Result {
        guard geteuid() == 0 else { return try await run(words) }
        guard let setpriv = Program.find("setpriv") else { throw LabError.missingProgram("setpriv", need: "build") }
        return try await Program.run(
            setpriv,
            ["--bounding-set", "-dac_override", try Nightbell.program()] + words + ["--config", configuration])
    }
}
