internal import Configuration
internal import Foundation
internal import OnCall
internal import Store

/// `nightbell calls`.
enum CallsCommand {
    static func run(_ words: [String]) async throws -> ExitCode {
        let arguments = try Arguments(words, options: ["--config", "--line", "--limit"])
        try arguments.expectNoWords()
        let limit = try arguments.number("--limit", default: 20, in: 1...10_000)
        let settings = try arguments.settings()
        let store = try Store(path: settings.database)
        let calls = try await store.calls(limit: limit, line: arguments["--line"])
        if calls.isEmpty { print("no calls yet") }
        for call in calls {
            let zone = settings.line(named: call.line)?.timeZone ?? .current
            let contract = call.contract.map { "contract \($0.masked)" } ?? "no contract"
            let entitlement = call.verification?.entitlement.rawName ?? "not asked"
            print(
                "\(call.id.rawValue)  \(LocalTime.text(call.startedAt, in: zone))  \(call.line)  from \(call.caller.number ?? "withheld")"
                    + "  \(contract) (\(entitlement))  \(call.outcome?.rawValue ?? "going on")")
        }
        await store.close()
        return .success
    }
}

/// `nightbell pages`.
enum PagesCommand {
    static func run(_ words: [String]) async throws -> ExitCode {
        let arguments = try Arguments(words, options: ["--config", "--line", "--limit"])
        try arguments.expectNoWords()
        let limit = try arguments.number("--limit", default: 20, in: 1...10_000)
        let settings = try arguments.settings()
        let store = try Store(path: settings.database)
        let pages = try await store.pages(limit: limit, line: arguments["--line"])
        if pages.isEmpty { print("no pages yet") }
        for page in pages {
            let zone = settings.line(named: page.line)?.timeZone ?? .current
            print(
                "page \(page.id.rawValue)  \(LocalTime.text(page.startedAt, in: zone))  \(page.line)  call \(page.call.rawValue)"
                    + "  from \(page.caller.number ?? "withheld")  message \(page.milliseconds / 1_000) s"
                    + "  \(describe(page.end))")
            for ring in page.rings {
                let start = LocalTime.text(ring.startedAt, in: zone)
                let heard = ring.heardAt == nil ? "" : ", heard the message"
                print(
                    "    \(start)  \(ring.engineer)  round \(ring.round)  \(ring.outcome?.rawValue ?? "ringing")\(heard)"
                )
            }
        }
        await store.close()
        return .success
    }

    private static func describe(_ end: PageEnd?) -> String {
        switch end {
        case .accepted(let engineer): "accepted by \(engineer ?? "somebody")"
        case .exhausted: "NOBODY ACCEPTED"
        case nil: "not ended"
        }
    }
}
