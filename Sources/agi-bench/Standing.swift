internal import CLinux
internal import Glibc

/// What a server must stand besides its work, each case against a fresh server process, with its figure.
struct Standing {
    private let connects: Int
    private let sessions: Int

    init(_ options: Options) throws {
        connects = try options.number("at-once", default: 10_000, in: 100...20_000)
        sessions = try options.number("total", default: 1_000_000, in: 1_000...100_000_000)
    }

    /// Runs all cases; whether the server stood them.
    func run() throws -> Bool {
        let cases: [(ServerProcess.Child) throws -> String?] = [
            storm, { try withoutEnd($0, "environment", Hostile.endlessEnvironment) },
            { try withoutEnd($0, "line", Hostile.endlessLine) }, slowWriter, shortSessions,
        ]
        var stood = true
        for check in cases { stood = try stands([], check) && stood }
        stood = try stands(["--descriptors", "64"], exhaustion) && stood
        stood = try stands(["--keepalive", "1"], vanishedPeer) && stood
        return stood
    }

    private func stands(_ more: [String], _ check: (ServerProcess.Child) throws -> String?) throws -> Bool {
        let server = try ServerProcess.start("serve", more)
        defer { server.stop() }
        let problem = try check(server)
        if let problem { complain(problem) }
        return problem == nil
    }

    private func line(_ name: String, _ value: Double, _ unit: String) { say("bench \(name) \(short(value)) \(unit)") }

    private func usage(_ server: ServerProcess.Child) throws -> ServerProcess {
        guard let usage = ServerProcess(server.pid) else { throw Options.Wrong("the server has died") }
        return usage
    }

    // MARK: The cases

    /// All connect at the same moment and wait for their first command.
    private func storm(_ server: ServerProcess.Child) throws -> String? {
        var load = Load(port: server.port, atOnce: connects, total: connects, seconds: 1, idle: 0)
        let result = load.run()
        line("agi_storm_\(connects)", result.seconds * 1_000, "ms-until-all-are-served")
        return result.errors.isEmpty ? nil : "storm: \(result.errors)"
    }

    /// A peer sends without end and never what is expected.
    private func withoutEnd(
        _ server: ServerProcess.Child, _ name: String, _ send: (Peer) -> Int
    ) throws -> String? {
        let before = try usage(server)
        let taken = send(try Peer(server.port))
        let grown = try usage(server).kilobytes - before.kilobytes
        line("agi_\(name)_without_end_memory", Double(grown), "kB")
        line("agi_\(name)_without_end_taken", Double(taken) / 1_024, "kB")
        if taken >= Hostile.most { return "\(name) without end: the server took all of it" }
        return grown > 4_096 ? "\(name) without end: the server grew by \(grown) kB" : nil
    }

    /// A byte at a time is slow, but it is AGI.
    private func slowWriter(_ server: ServerProcess.Child) throws -> String? {
        let peer = try Peer(server.port)
        for byte in Load.environment("bench").utf8 { peer.send([byte]) }
        guard peer.hears("ANSWER", within: 2_000) else { return "slow writer: no command" }
        for byte in "200 result=0\n".utf8 { peer.send([byte]) }
        return peer.hears("GET VARIABLE", within: 2_000) ? nil : "slow writer: no second command"
    }

    private func shortSessions(_ server: ServerProcess.Child) throws -> String? {
        var warmUp = Load(port: server.port, atOnce: 50, total: sessions / 10, seconds: 1, commands: 1, script: "short")
        _ = warmUp.run()
        let before = try usage(server)
        var load = Load(port: server.port, atOnce: 50, total: sessions, seconds: 1, commands: 1, script: "short")
        let result = load.run()
        let after = try settledUsage(server, descriptors: before.descriptors)
        line("agi_short_sessions", Double(sessions) / result.seconds, "sessions/s")
        line("agi_short_sessions_memory", Double(after.kilobytes - before.kilobytes), "kB-growth")
        line("agi_short_sessions_descriptors", Double(after.descriptors - before.descriptors), "growth")
        if !result.errors.isEmpty { return "short sessions: \(result.errors)" }
        if after.descriptors > before.descriptors + 2 { return "short sessions: descriptors are left open" }
        return after.kilobytes > before.kilobytes + 2_048 ? "short sessions: memory grows" : nil
    }

    /// What the server uses once it has closed what the load left behind, or after two seconds: where other programs want
    /// the processors too, its last sessions are still closing when the load is over.
    private func settledUsage(_ server: ServerProcess.Child, descriptors: Int) throws -> ServerProcess {
        var found = try usage(server)
        for _ in 0..<100 where found.descriptors > descriptors {
            usleep(20_000)
            found = try usage(server)
        }
        return found
    }

    /// More connections than the server has descriptors.
    private func exhaustion(_ server: ServerProcess.Child) throws -> String? {
        var peers: [Peer] = []
        for _ in 0..<100 {
            let peer = try Peer(server.port)
            peer.send(Array(Load.environment("bench").utf8))
            peers.append(peer)
        }
        let served = peers.filter { $0.hears("ANSWER", within: 50) }
        guard (10..<64).contains(served.count) else { return "exhaustion: \(served.count) served with 64 descriptors" }
        // A call in progress goes on, and waiting for descriptors costs next to nothing.
        served[0].send(Array("200 result=0\n".utf8))
        guard served[0].hears("GET VARIABLE", within: 2_000) else { return "exhaustion: a call in progress stopped" }
        let before = try usage(server)
        usleep(1_000_000)
        let spent = try usage(server).cpuMicroseconds - before.cpuMicroseconds
        line("agi_exhausted_cpu", spent / 10_000, "percent-of-a-processor")
        let start = Load.now()
        for peer in served { peer.close() }
        let left = peers.filter { !$0.isClosed }
        guard left.prefix(20).allSatisfy({ $0.hears("ANSWER", within: 5_000) }) else {
            return "exhaustion: the server did not recover"
        }
        line("agi_exhausted_recovery", Double(Load.now() - start) / 1e6, "ms")
        return spent > 100_000 ? "exhaustion: the server spins" : nil
    }

    /// A PBX that lost its power sends neither FIN nor RST: keepalive must find out, here after a second.
    private func vanishedPeer(_ server: ServerProcess.Child) throws -> String? {
        let before = try usage(server)
        let peer = try Peer(server.port)
        peer.send(Array(Load.environment("bench").utf8))
        guard peer.hears("ANSWER", within: 2_000) else { return "vanished peer: no command" }
        guard peer.vanish() else {
            say("bench agi_vanished_peer 0 not-measured-without-CAP_NET_ADMIN")
            return nil
        }
        let start = Load.now()
        while try usage(server).descriptors > before.descriptors {
            if Load.now() - start > 10_000_000_000 { return "vanished peer: its session is still open after 10 s" }
            usleep(10_000)
        }
        line("agi_vanished_peer", Double(Load.now() - start) / 1e6, "ms-until-noticed-with-keepalive-1s")
        return nil
    }
}
