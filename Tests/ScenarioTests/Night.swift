import Foundation
import Lab
import Testing

/// One night on one line: a real Asterisk, a real server with its own database, robots for engineers.
struct Night {
    let line: TestLine
    let server: Nightbell
    /// The robots' numbers by engineer.
    let numbers: [String: String]

    static let entitled = "1234567890"
    static let withMinutes = "0012345678"
    static let notEntitled = "1234500000"
    static let unknown = "9999999999"

    /// Starts a night.
    ///
    /// - Parameters:
    ///   - onCall: the robots on call, in the order in which they are rung; engineers `e1`, `e2`, …
    ///   - managers: the robots who are rung in the second step; engineers `m1`, …
    ///   - settings: what differs in the line's section of nightbell.conf.
    static func start(
        onCall: [Robot.Behaviour] = [.accepts], managers: [Robot.Behaviour] = [], settings: [String: [String]] = [:],
        more: String = "", listens: Bool = true, environment: [String: String] = [:]
    ) async throws -> Night {
        let line = try await PBX.shared().takeLine()
        var lineSettings = settings
        if lineSettings["step"] == nil {
            lineSettings["step"] = managers.isEmpty ? ["on-call, 4"] : ["on-call, 4", "managers, 4"]
        }
        var configuration = ServerConfiguration(line, lineSettings)
        configuration.more = more
        let prepared = try Nightbell.prepare(configuration)
        let people =
            onCall.enumerated().map { ("e\($0.offset + 1)", "on-call", line.robot($0.element, $0.offset), $0.offset) }
            + managers.enumerated().map {
                ("m\($0.offset + 1)", "managers", line.robot($0.element, $0.offset + 5), $0.offset)
            }
        try await load(
            "engineers", "id,name,number\n" + people.map { "\($0.0),Engineer \($0.0),\($0.2)\n" }.joined(), prepared)
        try await load(
            "contracts",
            """
            contract,customer,entitled,callback_minutes
            \(entitled),Example Customer,yes,
            \(withMinutes),Second Example,yes,30
            \(notEntitled),Third Example,no,

            """, prepared)
        try await load(
            "shifts",
            "line,role,engineer,start,end,order\n"
                + people.map { "\(line.name),\($0.1),\($0.0),2026-01-01 00:00,2026-12-31 00:00,\($0.3)\n" }.joined()
                .replacing("2026", with: String(Calendar(identifier: .gregorian).component(.year, from: Date()))),
            prepared)
        let server = try await Nightbell.start(prepared, environment: environment)
        if listens { try await line.use(port: server.port) }
        return Night(
            line: line, server: server, numbers: Dictionary(people.map { ($0.0, $0.2) }, uniquingKeysWith: { $1 }))
    }

    private static func load(
        _ kind: String, _ csv: String, _ prepared: (folder: URL, configuration: URL, port: Int)
    ) async throws {
        let file = prepared.folder.appendingPathComponent("\(kind).csv")
        try csv.write(to: file, atomically: true, encoding: .utf8)
        let result = try await Nightbell.run(["import", kind, file.path, "--config", prepared.configuration.path])
        try #require(result.status == 0, "\(result.errors)")
    }

    /// Another server on the same folder, port and data, once this one has ended.
    func again() async throws -> Nightbell {
        try await Nightbell.start((server.folder, server.configuration, server.port))
    }

    /// A call that types a contract and leaves a message of some seconds, hanging up at its end.
    func leaveMessage(
        contract: String = Night.entitled, seconds: Double = 5, from caller: CallerID = CallerID()
    ) async throws -> Caller {
        let caller = try await line.call(from: caller)
        try await caller.run([.hears("enter-contract"), .presses(contract), .hears("beep"), .speaks(seconds), .hangsUp])
        return caller
    }

    /// Whom this line dialled, as engineers.
    var rung: [String] {
        let names = Dictionary(numbers.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })
        return line.dialled.map { names[$0.number] ?? $0.number }
    }

    /// What `nightbell pages` prints.
    func pages() async throws -> String { try await server.run(["pages"]).output }

    /// What `nightbell calls` prints.
    func calls() async throws -> String { try await server.run(["calls"]).output }
}

extension Night {
    /// Today in the line's zone, as nightbell.conf writes holidays.
    static var today: String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: "America/Chicago") ?? .gmt
        let parts = calendar.dateComponents([.year, .month, .day], from: Date())
        let (year, month, day) = (parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
        return "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day), Test Day"
    }
}
