import Foundation
import Lab
import Testing

/// What a caller meets when a part is not there, on a real Asterisk.
struct FailureScenarios {
    @Test func aClosedPort_stillTakesTheMessage() async throws {
        let night = try await Night.start()
        night.server.kill()
        _ = await night.server.exit()
        let caller = try await night.line.call()
        try await caller.run([
            .hears("leave-message"), .hears("beep"), .speaks(5), .presses("#"), .hears("message-kept"),
        ])
        #expect(try await night.line.messages(1, within: 5).count == 1)
    }

    @Test func aServerKilledWhileTheCallerRecords_losesNoMessage() async throws {
        let night = try await Night.start()
        let caller = try await night.line.call()
        try await caller.run([.hears("enter-contract"), .presses(Night.entitled), .hears("beep"), .speaks(3)])
        night.server.kill()
        try await caller.run([.speaks(2), .presses("#"), .hears("message-kept")])
        let messages = try await night.line.messages(1, within: 5)
        #expect(messages.count == 1)
        #expect(!caller.heard.contains("leave-message"))
    }

    @Test func aServerKilledBeforeTheMessage_stillTakesIt() async throws {
        let night = try await Night.start()
        let caller = try await night.line.call()
        try await caller.hears("enter-contract")
        night.server.kill()
        try await caller.run([.hears("leave-message"), .hears("beep"), .speaks(5), .hangsUp])
        #expect(try await night.line.messages(1, within: 5).count == 1)
    }

    @Test func missingPrompts_endNoCall() async throws {
        let night = try await Night.start(settings: ["language": ["xx"]])
        let outcome = try await night.leaveMessage().outcome()
        #expect(outcome.status == "PAGED")
    }

    @Test func sigterm_letsTheCallEnd_andThenLeaves() async throws {
        let night = try await Night.start()
        let caller = try await night.line.call()
        try await caller.run([.hears("enter-contract"), .presses(Night.entitled), .hears("beep")])
        night.server.terminate()
        try await night.server.logs("stopping") { $0.contains("event=stopping") }
        try await caller.run([.speaks(5), .hangsUp])
        #expect(try await caller.outcome().status == "PAGED")
        #expect(await night.server.exit() == 0)
    }

    @Test func anAddressThatIsNotPermitted_isRefused_andTheMessageIsStillTaken() async throws {
        let line = try await PBX.shared().takeLine()
        let prepared = try Nightbell.prepare(ServerConfiguration(line))
        let text = try String(contentsOf: prepared.configuration, encoding: .utf8)
            .replacing("permit = 127.0.0.1/32", with: "permit = 192.0.2.0/24")
        try text.write(to: prepared.configuration, atomically: true, encoding: .utf8)
        let server = try await Nightbell.start(prepared)
        try await line.use(port: server.port)
        let caller = try await line.call()
        try await caller.run([.hears("leave-message"), .hears("beep"), .speaks(5), .hangsUp])
        #expect(try await line.messages(1, within: 5).count == 1)
        #expect(server.logLines.contains { $0.contains("event=refused") })
    }
}
