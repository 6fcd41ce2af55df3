internal import AGI
internal import AMI
internal import Calls
internal import Configuration
internal import Foundation
internal import OnCall
internal import Sockets
internal import Store

/// `nightbell serve`.
enum ServeCommand {
    static func run(_ words: [String]) async throws -> ExitCode {
        let arguments = try Arguments(words, options: ["--config"])
        try arguments.expectNoWords()
        let settings = try arguments.settings()
        let log = Log(level: settings.log)
        raiseDescriptorLimit(to: settings.maxSessions + 64, log)
        let store = try Store(path: settings.database)
        let loop = try EventLoop(name: "nightbell")
        let code = await Task(executorPreference: loop) {
            do {
                try await serve(settings, store, loop, log)
                return ExitCode.success
            } catch {
                log.write(.error, "cannot-serve", [("address", settings.listen.description), ("error", "\(error)")])
                return .failure
            }
        }.value
        await store.close()
        return code
    }

    private static func serve(_ settings: Settings, _ store: Store, _ loop: EventLoop, _ log: Log) async throws {
        var options = AGIServer.Options()
        options.permit = settings.permit
        options.maximumSessions = settings.maxSessions
        let server = try AGIServer(on: loop, address: settings.listen, options: options) { report($0, log) }
        let steady = SteadyStore(store) { level, event, fields in log.write(level, event, fields) }
        // Read once now: a roster that was read is one to go on with when the database fails at night.
        _ = try await steady.roster()
        let manager = settings.manager.map { ManagerDialer.make($0, on: loop, log) }
        var limits = PagingLimits()
        limits.pageAge = TimeInterval(settings.pageHours * 3_600)
        let flows = CallFlows(
            lines: settings.lines, store: steady, lookups: lookups(settings), sounds: settings.sounds, loop: loop,
            dialer: manager, limits: limits,
            log: { level, event, fields in log.write(level, event, fields) })
        flows.register(on: server)
        let signals = try Signals([SIGTERM, SIGINT, SIGHUP], on: loop)
        log.write(
            .info, "listening",
            [
                ("address", server.address.description), ("lines", settings.lines.map(\.name).joined(separator: ",")),
                ("database", settings.database), ("pid", String(getpid())),
            ])
        let unfinished = try await flows.resumePages()
        if unfinished > 0 { log.write(.warning, "unfinished-pages", [("pages", String(unfinished))]) }
        let drain = settings.drain
        await withDiscardingTaskGroup { group in
            group.addTask(executorPreference: loop) { await obey(signals, server, drain, log) }
            if let manager { group.addTask(executorPreference: loop) { await manager.client.run() } }
            await server.run()
            manager?.client.stop()
            signals.close()
        }
        log.write(.info, "stopped", figures(server.counts))
    }

    /// SIGTERM and SIGINT stop accepting and let calls end; the second one cuts them off.
    private static func obey(_ signals: Signals, _ server: AGIServer, _ drain: Int, _ log: Log) async {
        var isStopping = false
        while let signal = await signals.next() {
            if signal == SIGHUP {
                log.write(.warning, "not-reloaded", [("mend", "restart to read the configuration again")])
                continue
            }
            let left = isStopping ? 0 : drain
            log.write(
                .info, "stopping", [("calls", String(server.openSessions)), ("drain", String(left))])
            server.stop(drain: .seconds(left))
            isStopping = true
        }
    }

    private static func figures(_ counts: AGIServer.Counts) -> [(String, String)] {
        [
            ("served", counts.ended), ("failed", counts.failed), ("refused", counts.refused),
            ("overloaded", counts.overloaded), ("not-agi", counts.notAGI), ("exhausted", counts.exhausted),
        ].map { ($0.0, String($0.1)) }
    }

    private static func lookups(_ settings: Settings) -> [String: any ContractLookup] {
        var lookups: [String: any ContractLookup] = [:]
        for service in settings.webServices {
            lookups[service.name] = WebServiceLookup(
                url: service.url, timeout: service.timeout, retries: service.retries,
                assumeEntitled: service.whenDown == .entitled, token: service.token)
        }
        return lookups
    }

    private static func report(_ event: AGIServer.Event, _ log: Log) {
        switch event {
        case .refused(let peer):
            log.write(
                .warning, "refused", [("peer", "\(peer?.ip.description ?? "?")"), ("mend", "permit = in [general]")])
        case .overloaded(let peer):
            log.write(.error, "overloaded", [("peer", "\(peer?.ip.description ?? "?")"), ("mend", "max_sessions")])
        case .notAGI(let peer, let error):
            log.write(.warning, "not-agi", [("peer", "\(peer?.ip.description ?? "?")"), ("error", "\(error)")])
        case .noRoute(let path, let environment):
            log.write(.error, "no-such-script", [("script", path), ("channel", environment.channel)])
        case .failed(let request, let environment, let error):
            log.write(
                .error, "session-failed",
                [("script", request.path), ("channel", environment.channel), ("error", "\(error)")])
        case .draining(let request, let environment):
            log.write(.warning, "not-served-stopping", [("script", request.path), ("channel", environment.channel)])
        case .exhausted(let error):
            log.write(.error, "out-of-descriptors", [("error", "\(error)"), ("mend", "raise LimitNOFILE")])
        }
    }

    private static func raiseDescriptorLimit(to wanted: Int, _ log: Log) {
        let limit = allowManyDescriptors()
        if limit < wanted {
            log.write(
                .warning, "few-descriptors",
                [("limit", String(limit)), ("wanted", String(wanted)), ("mend", "raise LimitNOFILE")])
        }
    }
}
