internal import Glibc

/// Runs `serve` and `bound` in turn, the server on one processor and the load on another, and prints medians of the
/// ratios: what is measured in one run on one machine can be compared, absolute figures can not.
struct Comparison {
    let rounds: Int
    let seconds: Int
    let levels: [Int]
    let idle: Int

    init(_ options: Options) throws {
        rounds = try options.number("rounds", default: 5, in: 1...100)
        seconds = try options.number("seconds", default: 2, in: 1...600)
        levels = try options.numbers("at", default: [1, 50, 500])
        idle = try options.number("idle", default: 10_000, in: 0...50_000)
    }

    func run() throws {
        Processor.pin(0)
        for level in levels {
            var pairs: [(bound: Load.Result, own: Load.Result)] = []
            for _ in 0..<rounds {
                pairs.append((try measure("bound", level), try measure("serve", level)))
            }
            let rate = { (result: Load.Result) in Double(result.commands) / result.seconds }
            let p99 = { (result: Load.Result) in result.latency.percentile(99) }
            line("agi_commands_ratio_\(level)", median(pairs.map { rate($0.own) / rate($0.bound) }), "of-bound")
            line("agi_p99_ratio_\(level)", median(pairs.map { p99($0.own) / p99($0.bound) }), "of-bound")
            line("agi_cpu_ratio_\(level)", median(pairs.map { ($0.own.cpu ?? 0) / ($0.bound.cpu ?? 1) }), "of-bound")
            line("agi_cpu_\(level)", median(pairs.compactMap(\.own.cpu)), "us/command")
            line("agi_errors_\(level)", Double(pairs.reduce(0) { $0 + $1.own.errors.values.reduce(0, +) }), "sessions")
        }
        guard idle > 0 else { return }
        let server = try ServerProcess.start("serve")
        defer { server.stop() }
        var load = Load(port: server.port, atOnce: 200, total: idle, seconds: 1, idle: 0, pid: server.pid)
        let result = load.run()
        line("agi_idle_session", result.idleKilobytes ?? 0, "kB")
        line("agi_idle_errors", Double(result.errors.values.reduce(0, +)), "sessions")
    }

    private func measure(_ name: String, _ level: Int) throws -> Load.Result {
        let server = try ServerProcess.start(name)
        defer { server.stop() }
        var warmUp = Load(port: server.port, atOnce: level, total: max(level, 500), seconds: 1)
        _ = warmUp.run()
        var load = Load(port: server.port, atOnce: level, total: nil, seconds: seconds, pid: server.pid)
        return load.run()
    }

    private func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return 0 }
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    private func line(_ name: String, _ value: Double, _ unit: String) {
        say("bench \(name) \(short(value)) \(unit)")
    }
}
