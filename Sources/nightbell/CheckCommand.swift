internal import Configuration
internal import Foundation
internal import OnCall
internal import Sockets

/// `nightbell check`.
enum CheckCommand {
    static func run(_ words: [String]) async throws -> ExitCode {
        let arguments = try Arguments(words, options: ["--config"])
        try arguments.expectNoWords()
        let settings = try arguments.settings()
        let permitted = settings.permit.map(\.description).joined(separator: ", ")
        print("listens on \(settings.listen), for \(permitted); database \(settings.database)")
        for line in settings.lines {
            print(
                "line \(line.name): \(line.title), \(line.number), mailbox \(line.mailbox), \(line.timeZone.identifier)"
            )
            for rule in line.hours.open { print("  open     \(rule)") }
            for rule in line.hours.closed { print("  closed   \(rule)") }
            for day in line.hours.holidays {
                print("  holiday  \(day.year)-\(pad(day.month))-\(pad(day.day)) \(day.name ?? "")")
            }
            if line.hours.open.isEmpty { print("  never open: every call is an after-hours call") }
            for (index, step) in line.escalation.steps.enumerated() {
                print("  step \(index + 1)   \(step.role), \(step.seconds) s each")
            }
            print("  rounds   \(line.escalation.rounds)")
        }
        print("no mistakes found")
        return .success
    }

    private static func pad(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}
