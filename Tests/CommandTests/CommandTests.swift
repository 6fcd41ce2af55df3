import Foundation
import Lab
import Testing

/// The real command, as an admin types it.
struct CommandTests {
    @Test func helpListsEveryCommand_andExitsWithZero() async throws {
        let result = try await Nightbell.run(["help"])
        #expect(result.status == 0)
        for name in ["serve", "check", "import", "on-call", "calls", "pages", "sounds", "record", "replay"] {
            #expect(result.output.contains(name))
            #expect(try await Nightbell.run([name, "--help"]).status == 0)
        }
    }

    @Test(arguments: [
        ["frobnicate"], ["calls", "--frobnicate"], ["import", "engineers"], ["calls", "--limit", "many"], [],
        ["replay"], ["replay", "/nonexistent/a.agi"], ["replay", "a.agi", "--pace", "slow"], ["record"],
        ["record", "--listen", "127.0.0.1:0", "--forward", "example.com:4573", "--to", "/tmp"],
        ["record", "--listen", "127.0.0.1:0", "--forward", "127.0.0.1:4573", "--to", "/nonexistent"],
    ])
    func wrongWords_exitWithTwo(_ words: [String]) async throws {
        #expect(try await Nightbell.run(words).status == 2)
    }

    @Test func check_namesEveryMistakeByFileAndLine() async throws {
        let folder = try Folder()
        let file = try folder.write("nightbell.conf", "[support]\ntype = line\nnumber = 1555x\nstepp = on-call, 30\n")
        let result = try await Nightbell.run(["check", "--config", file])
        #expect(result.status == 1)
        #expect(result.errors.contains("\(file):3:"))
        #expect(result.errors.contains("\(file):4:"))
        #expect(result.errors.contains("step"))
    }

    @Test func theSampleConfiguration_hasNoMistake() async throws {
        let sample = Repository.dialplan.appendingPathComponent("nightbell.conf").path
        let result = try await Nightbell.run(["check", "--config", sample])
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test func aMissingConfiguration_isNamed() async throws {
        let result = try await Nightbell.run(["check", "--config", "/nonexistent/nightbell.conf"])
        #expect(result.status == 1)
        #expect(result.errors.contains("/nonexistent/nightbell.conf"))
    }

    @Test func anImportWithABadRow_changesNothing_andNamesLineAndReason() async throws {
        let folder = try Folder()
        let file = try folder.write(
            "engineers.csv", "id,name,number\nfirst,First Engineer,15550101\nsecond,Second Engineer,not-a-number\n")
        let result = try await folder.run(["import", "engineers", file])
        #expect(result.status == 1)
        #expect(result.errors.contains("line 3, number"))
        let good = try folder.write("good.csv", "id,name,number\nfirst,First Engineer,15550101\n")
        #expect(try await folder.run(["import", "engineers", good]).output.contains("1 added"))
    }

    @Test func aDryRun_changesNothing() async throws {
        let folder = try Folder()
        let file = try folder.write("engineers.csv", "id,name,number\nfirst,First Engineer,15550101\n")
        #expect(try await folder.run(["import", "engineers", file, "--dry-run"]).status == 0)
        #expect(try await folder.run(["import", "engineers", file]).output.contains("1 added"))
        #expect(try await folder.run(["import", "engineers", file]).output.contains("1 unchanged"))
    }

    @Test func onCall_saysWhoWouldBeRungAtATime_andFailsWhenNobodyWouldBe() async throws {
        let folder = try Folder()
        let engineers = try folder.write("e.csv", "id,name,number\nfirst,First Engineer,15550101\n")
        let shifts = try folder.write(
            "s.csv", "line,role,engineer,start,end\nsupport,on-call,first,2026-11-20 17:00,2026-11-21 09:00\n")
        #expect(try await folder.run(["import", "engineers", engineers]).status == 0)
        #expect(try await folder.run(["import", "shifts", shifts]).status == 0)
        let night = try await folder.run(["on-call", "--at", "2026-11-21 03:00"])
        #expect(night.status == 0)
        #expect(night.output.contains("1. First Engineer (first), 15550101, on-call, 30 s"))
        let day = try await folder.run(["on-call", "--at", "2026-11-21 09:00"])
        #expect(day.status == 1)
        #expect(day.output.contains("NOBODY WOULD BE RUNG"))
    }

    @Test func anEmptyNight_hasNoCallsAndNoPages() async throws {
        let folder = try Folder()
        #expect(try await folder.run(["calls"]).output.contains("no calls yet"))
        #expect(try await folder.run(["pages"]).output.contains("no pages yet"))
    }

    @Test func soundsCheck_namesWhatIsMissing() async throws {
        let folder = try Folder()
        let result = try await Nightbell.run(
            ["sounds", "check", "--in", folder.path, "--language", "en", "--manifest", Repository.manifest.path])
        #expect(result.status == 1)
        #expect(result.output.contains("en/nightbell/enter-contract"))
    }

    @Test func aPortInUse_endsServeWithOne_andNamesTheAddress() async throws {
        let folder = try Folder()
        let server = try await Nightbell.start((folder.url, URL(fileURLWithPath: folder.configuration), folder.port))
        let second = try await Nightbell.run(["serve", "--config", folder.configuration])
        #expect(second.status == 1)
        #expect(second.errors.contains("127.0.0.1:\(folder.port)"))
        server.terminate()
        #expect(await server.exit() == 0)
    }

    @Test func replay_tellsWhatDiffers_andRecordsWhatIsMissing() async throws {
        let folder = try Folder()
        let server = try await Nightbell.start((folder.url, URL(fileURLWithPath: folder.configuration), folder.port))
        let address = "127.0.0.1:\(folder.port)"
        let bad = try folder.write("bad.agi", "agi_network_script: after-hours?line=support\n> FROBNICATE\n")
        let failed = try await Nightbell.run(["replay", bad, "--against", address, "--format", "tap"])
        #expect(failed.status == 1)
        #expect(failed.output.hasPrefix("TAP version 14\n1..1\nnot ok 1 - \(bad)\n"))
        let new = try folder.write("new.agi", "agi_network_script: after-hours?line=support\n")
        let recorded = try await Nightbell.run(["replay", new, "--against", address, "--record", "missing"])
        #expect(recorded.status == 0)
        #expect(recorded.output.hasPrefix("recorded \(new) ("))
        let again = try await Nightbell.run(["replay", new, "--against", address])
        #expect(again.status == 0)
        #expect(again.output.contains("replay: 1 passed, 0 failed"))
        server.terminate()
        #expect(await server.exit() == 0)
    }

    @Test func aDatabaseThatCanNotBeOpened_isNamed() async throws {
        let folder = try Folder(database: "/nonexistent/nightbell.sqlite")
        let result = try await folder.run(["calls"])
        #expect(result.status == 1)
        #expect(result.errors.contains("/nonexistent/nightbell.sqlite"))
    }
}

/// A folder with a configuration of one line, removed with the value.
private final class Folder {
    let url: URL
    let port: Int
    let configuration: String
    var path: String { url.path }

    init(database: String? = nil) throws {
        url = try Scratch.folder("command")
        port = try Scratch.tcpPort()
        let file = url.appendingPathComponent("nightbell.conf")
        configuration = file.path
        let text = """
            [general]
            type = server
            listen = 127.0.0.1:\(port)
            database = \(database ?? url.appendingPathComponent("nightbell.sqlite").path)
            [support]
            type = line
            number = 15550100
            time_zone = America/Chicago
            mailbox = 1000@support
            step = on-call, 30

            """
        try text.write(to: file, atomically: true, encoding: .utf8)
    }

    deinit { Scratch.remove(url) }

    func write(_ name: String, _ text: String) throws -> String {
        let file = url.appendingPathComponent(name)
        try text.write(to: file, atomically: true, encoding: .utf8)
        return file.path
    }

    func run(_ words: [String]) async throws -> Program.Result {
        try await Nightbell.run(words + ["--config", configuration])
    }
}
