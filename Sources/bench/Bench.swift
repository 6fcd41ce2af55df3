import Foundation
import Lab

/// `make bench`: the figures that the project looks after, a line each: `bench NAME VALUE UNIT`.
@main
struct Bench {
    static func main() async {
        do {
            try await idleSessions(10_000)
            try await startToFirstCall(runs: 5)
            try await messageToFirstRing(calls: 20)
        } catch {
            FileHandle.standardError.write(Data("bench failed: \(error)\n".utf8))
            exit(1)
        }
    }

    static func report(_ name: String, _ value: Double, _ unit: String) {
        FileHandle.standardOutput.write(Data("bench \(name) \(String(format: "%.2f", value)) \(unit)\n".utf8))
    }

    /// Resident memory of a session that waits for a caller's digits.
    private static func idleSessions(_ count: Int) async throws {
        raiseDescriptorLimit()
        let server = try await Nightbell.start(try lonelyServer(maxSessions: count + 100))
        // One session first, so that what is made once is not counted.
        var callers = [try AGICaller(port: server.port)]
        try callers[0].answerUntil("GET DATA")
        let before = server.residentKilobytes ?? 0
        for number in 1...count {
            let caller = try AGICaller(port: server.port, number: number)
            try caller.answerUntil("GET DATA")
            callers.append(caller)
        }
        let after = server.residentKilobytes ?? 0
        report("idle_after_hours_session", Double(after - before) / Double(count), "kB")
        report("idle_after_hours_sessions", Double(count), "sessions")
        callers = []
        server.kill()
    }

    /// From the start of the process to the first command that a call gets.
    private static func startToFirstCall(runs: Int) async throws {
        var times: [Double] = []
        for _ in 0..<runs {
            let prepared = try lonelyServer(maxSessions: 100)
            let start = Date()
            async let starting = Nightbell.start(prepared)
            var caller: AGICaller?
            while caller == nil, Date().timeIntervalSince(start) < 20 {
                caller = try? AGICaller(port: prepared.port)
                if caller == nil { try await Task.sleep(for: .milliseconds(1)) }
            }
            guard let caller else { throw LabError.notReady("nightbell", output: "no connection within 20 s") }
            _ = try caller.readCommand()
            times.append(Date().timeIntervalSince(start) * 1_000)
            let server = try await starting
            server.kill()
        }
        report("start_to_first_call", times.sorted()[runs / 2], "ms")
    }

    /// From the end of the message to the first ring, on a real Asterisk, five calls at a time.
    private static func messageToFirstRing(calls: Int) async throws {
        let pbx = try await PBX.start()
        var times: [Double] = []
        for _ in 0..<(calls / 5) {
            times += try await withThrowingTaskGroup(of: Double.self) { group in
                for _ in 0..<5 { group.addTask { try await oneCall(pbx) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
        }
        await pbx.stop()
        times.sort()
        report("message_to_first_ring_median", times[times.count / 2], "ms")
        report("message_to_first_ring_worst", times[times.count - 1], "ms")
    }

    private static func oneCall(_ pbx: PBX) async throws -> Double {
        let line = try await pbx.takeLine()
        let prepared = try Nightbell.prepare(ServerConfiguration(line))
        let robot = line.robot(.accepts)
        let (start, end) = (Date().addingTimeInterval(-3_600), Date().addingTimeInterval(3_600))
        for (kind, text) in [
            ("engineers", "id,name,number\nfirst,First Engineer,\(robot)\n"),
            ("contracts", "contract,customer,entitled,callback_minutes\n1234567890,Example Customer,yes,\n"),
            (
                "shifts",
                "line,role,engineer,start,end\n,on-call,first,\(start.formatted(.iso8601)),\(end.formatted(.iso8601))\n"
            ),
        ] {
            let file = prepared.folder.appendingPathComponent("\(kind).csv")
            try text.write(to: file, atomically: true, encoding: .utf8)
            let result = try await Nightbell.run(["import", kind, file.path, "--config", prepared.configuration.path])
            guard result.status == 0 else { throw LabError.notReady("import \(kind)", output: result.errors) }
        }
        let server = try await Nightbell.start(prepared)
        defer { server.terminate() }
        try await line.use(port: server.port)
        let caller = try await line.call()
        try await caller.run([.hears("enter-contract"), .presses("1234567890"), .hears("beep"), .speaks(5), .hangsUp])
        let ring = try await line.dials(robot)
        let hungUp = pbx.log.events(since: line.mark).first { $0.isRobot("caller-\(caller.id)", "hangs-up") }
        guard let end = hungUp?.time else { throw LabError.notReady("the hang-up", output: "") }
        _ = try await caller.outcome()
        return ring.time.timeIntervalSince(end) * 1_000
    }

    private static func lonelyServer(maxSessions: Int) throws -> (folder: URL, configuration: URL, port: Int) {
        var configuration = ServerConfiguration([])
        configuration.general = ["log": "info", "max_sessions": "\(maxSessions)", "drain": "0"]
        configuration.more = """
            [support]
            type = line
            number = 15550100
            time_zone = America/Chicago
            mailbox = 1000@support
            step = on-call, 30
            """
        return try Nightbell.prepare(configuration)
    }

    private static func raiseDescriptorLimit() {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(resource, &limit)
    }
}
