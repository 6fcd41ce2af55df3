import Foundation
import Lab

/// The sample data of the demo: one line, one contract, three engineers on call.
struct SampleNight {
    struct Person {
        let id: String
        let name: String
        let number: String
    }

    static let contract = "1234567890"

    let line: TestLine
    let server: Nightbell
    let engineers: [Person]

    /// Writes the data, imports it as an admin would, and starts the server.
    static func start(on line: TestLine) async throws -> SampleNight {
        let engineers = [
            Person(id: "first", name: "First Engineer", number: line.robot(.neverAnswers)),
            Person(id: "second", name: "Second Engineer", number: line.robot(.mailbox)),
            Person(id: "third", name: "Third Engineer", number: line.robot(.accepts)),
        ]
        let configuration = ServerConfiguration(
            line, ["step": ["on-call, 8"], "engineer_repeats": ["1"], "key_timeout": ["3"], "rounds": ["2"]])
        let prepared = try Nightbell.prepare(configuration)
        let day = 86_400.0
        let now = Date()
        let (start, end) = (
            now.addingTimeInterval(-day).formatted(.iso8601), now.addingTimeInterval(day).formatted(.iso8601)
        )
        let files = [
            ("engineers", "id,name,number\n" + engineers.map { "\($0.id),\($0.name),\($0.number)\n" }.joined()),
            ("contracts", "contract,customer,entitled,callback_minutes\n\(contract),Example Customer,yes,30\n"),
            (
                "shifts",
                "line,role,engineer,start,end,order\n"
                    + engineers.enumerated().map {
                        "\(line.name),on-call,\($0.element.id),\(start),\(end),\($0.offset)\n"
                    }
                    .joined()
            ),
        ]
        for (kind, text) in files {
            let file = prepared.folder.appendingPathComponent("\(kind).csv")
            try text.write(to: file, atomically: true, encoding: .utf8)
            let result = try await Nightbell.run(["import", kind, file.path, "--config", prepared.configuration.path])
            guard result.status == 0 else { throw LabError.notReady("nightbell import \(kind)", output: result.errors) }
            tell("   " + result.output.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        let names = try await Nightbell.run(
            [
                "sounds", "build", "--to", line.pbx.folder.appendingPathComponent("data/sounds").path, "--language",
                "en",
                "--manifest", Repository.manifest.path, "--config", prepared.configuration.path,
            ], within: 60)
        guard names.status == 0 else { throw LabError.notReady("nightbell sounds build", output: names.errors) }
        let server = try await Nightbell.start(prepared)
        try await line.use(port: server.port)
        return SampleNight(line: line, server: server, engineers: engineers)
    }

    /// The names of the phones in the conversation.
    var names: [String: String] {
        Dictionary(engineers.map { ($0.number, $0.name) }, uniquingKeysWith: { first, _ in first })
    }
}
