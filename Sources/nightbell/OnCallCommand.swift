internal import Configuration
internal import Foundation
internal import OnCall
internal import Store

/// `nightbell on-call`.
enum OnCallCommand {
    static func run(_ words: [String]) async throws -> ExitCode {
        let arguments = try Arguments(words, options: ["--config", "--line", "--at"])
        try arguments.expectNoWords()
        let settings = try arguments.settings()
        let store = try Store(path: settings.database)
        let roster = try await store.roster()
        var isSomebody = true
        for line in try settings.lines(named: arguments["--line"]) {
            let instant = try time(arguments["--at"], line)
            print("\(line.name) at \(LocalTime.text(instant, in: line.timeZone))")
            var rung: Set<String> = []
            var place = 0
            for step in line.escalation.steps {
                let engineers = roster.onCall(line: line.name, role: step.role, at: instant)
                if engineers.isEmpty { print("  nobody has the role \(step.role)") }
                for engineer in engineers where rung.insert(engineer.id).inserted {
                    place += 1
                    print(
                        "  \(place). \(engineer.name) (\(engineer.id)), \(engineer.number), \(step.role), \(step.seconds) s"
                    )
                }
            }
            if rung.isEmpty {
                print("  NOBODY WOULD BE RUNG")
                isSomebody = false
            }
        }
        await store.close()
        return isSomebody ? .success : .failure
    }

    private static func time(_ text: String?, _ line: Line) throws(UsageError) -> Date {
        guard let text else { return Date() }
        guard let instant = LocalTime.instant(text, in: line.timeZone) else {
            throw UsageError("'\(text)' is no time; write YYYY-MM-DD HH:MM, or with an offset 2026-11-20T17:00-06:00")
        }
        return instant
    }
}
