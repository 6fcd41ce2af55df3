import Foundation
import Lab
import Testing

/// The server is killed (SIGKILL) right after a write of a page, and started again: on a real Asterisk, with the manager
/// interface to ring with.
struct CrashScenarios {
    /// Every write of a page whose first engineer does not answer and whose second accepts.
    static let killPoints = [
        "record-message:1", "begin-ring:1", "end-ring:1", "begin-ring:2", "record-answer:1", "claim:1",
        "record-heard:1", "end-ring:2", "end-page:1", "end-call:1",
    ]

    @Test(arguments: killPoints) func whereverTheServerIsKilled_theMessageIsAcceptedOnce(point: String) async throws {
        let night = try await Night.start(
            onCall: [.neverAnswers, .accepts],
            settings: ["step": ["on-call, 3"], "rounds": ["2"], "engineer_repeats": ["1"]],
            more: Night.manager(try await PBX.shared()), environment: ["NIGHTBELL_CRASH_AT": point])
        _ = try await night.leaveMessage()
        #expect(await night.server.exit(within: 60) == SIGKILL, "\(point)")
        let second = try await night.again()
        let pages = try await night.ended(second)
        #expect(pages.contains("accepted"), "\(point): \(pages)")
        let rung = Dictionary(grouping: night.rung, by: { $0 }).mapValues(\.count)
        // What the plan says of each round, and one more for the ring that was cut.
        #expect(rung["e1", default: 0] <= 3, "\(point): \(night.rung)")
        #expect(rung["e2", default: 0] <= 2, "\(point): \(night.rung)")
        let robot = try #require(night.numbers["e2"])
        let message = night.line.heard(by: robot).filter { $0.contains("msg0") }
        #expect(!message.isEmpty, "\(point)")
        second.terminate()
        #expect(await second.exit() == 0)
    }
}

extension Night {
    /// The section of nightbell.conf with the lab's account at the manager interface.
    static func manager(_ pbx: PBX) -> String {
        """
        [pbx]
        type = manager
        address = 127.0.0.1:\(pbx.managerPort)
        user = nightbell
        secret = \(PBX.managerSecret)

        """
    }

    /// What `nightbell pages` says once no page goes on any more.
    func ended(_ server: Nightbell, within seconds: TimeInterval = 90) async throws -> String {
        let end = Date().addingTimeInterval(seconds)
        while true {
            let pages = try await server.run(["pages"]).output
            if !pages.contains("not ended") || Date() > end { return pages }
            try await Task.sleep(for: .milliseconds(300))
        }
    }
}
