public import Sockets

/// A FastAGI server: accepts connections from Asterisk, reads what it wants and runs the handler of that route.
///
/// ```swift
/// let loop = try EventLoop()
/// let server = try AGIServer(on: loop, address: SocketAddress("127.0.0.1:4573")!)
/// server.route("hello") { call in
///     try await call.answer()
///     _ = try await call.streamFile("hello-world")
/// }
/// await Task(executorPreference: loop) { await server.run() }.value
/// ```
///
/// All of it happens on the loop's thread; add routes before `run`.
public final class AGIServer: @unchecked Sendable {
    /// Serves one call; it runs on the loop. What it throws ends the session and is reported.
    public typealias Handler = @Sendable (Session) async throws -> Void

    /// What the server takes and from whom.
    public struct Options: Sendable {
        /// Who may connect; everyone else is cut off at once.
        public var permit: [IPNetwork] = ["127.0.0.0/8", "::1"].compactMap { IPNetwork($0) }
        /// Sessions at once; a connection beyond is closed, and the dialplan goes on without us.
        public var maximumSessions = 20_000
        /// The waits and sizes of each session.
        public var session = SessionLimits()

        /// Loopback only, 20,000 sessions.
        public init() {}
    }

    /// What an admin would want to read in a log.
    public enum Event: Sendable {
        /// A connection from an address that is not permitted.
        case refused(SocketAddress?)
        /// A connection beyond `maximumSessions`.
        case overloaded(SocketAddress?)
        /// A connection that spoke no AGI, or not in time.
        case notAGI(SocketAddress?, AGIError)
        /// The dialplan asked for a script that does not exist.
        case noRoute(String, Environment)
        /// A handler ended with an error; a hang-up is not one.
        case failed(Request, Environment, any Error)
        /// A call that came after `stop`.
        case draining(Request, Environment)
        /// Descriptors ran out while accepting.
        case exhausted(SocketError)
    }

    /// The address it listens on, with the real port.
    public var address: SocketAddress { listener.address }
    /// Sessions that are going on.
    public private(set) var openSessions = 0
    /// Sessions served so far.
    public private(set) var servedSessions = 0

    private let loop: EventLoop
    private let listener: Listener
    private let options: Options
    private let report: @Sendable (Event) -> Void
    private var routes: [String: Handler] = [:]
    private var routesWhileDraining: Set<String> = []
    private var isDraining = false
    private var connections: [ObjectIdentifier: Connection] = [:]
    private let waits: Waits
    private let buffer = CommandBuffer()
    private var reportedExhaustions = 0

    /// Binds the address; nothing is accepted before `run`. Call it on the loop.
    ///
    /// - Throws: `SocketError` when the address is in use or not ours.
    public init(
        on loop: EventLoop, address: SocketAddress, options: Options = Options(),
        report: @escaping @Sendable (Event) -> Void = { _ in }
    ) throws(SocketError) {
        self.loop = loop
        self.options = options
        self.report = report
        waits = Waits(options.session)
        listener = try Listener(on: loop, address: address)
    }

    /// Serves `agi://HOST/PATH` by `handler`.
    ///
    /// - Parameter whileDraining: whether it is served after `stop` too, because calls in progress depend on it.
    public func route(_ path: String, whileDraining: Bool = false, _ handler: @escaping Handler) {
        routes[path] = handler
        if whileDraining { routesWhileDraining.insert(path) }
    }

    /// Accepts and serves until `stop`, and answers when the last session has ended.
    public func run() async {
        await withDiscardingTaskGroup { group in
            while let (descriptor, peer) = await listener.accept() {
                if listener.exhaustions != reportedExhaustions, let error = listener.lastExhaustion {
                    reportedExhaustions = listener.exhaustions
                    report(.exhausted(error))
                }
                guard let connection = admit(descriptor, peer) else { continue }
                let handed = Handed(connection)
                group.addTask(executorPreference: loop) { await self.serve(handed.connection) }
            }
        }
    }

    /// Takes no new calls. Sessions go on for `drain` at most, then their connections are cut.
    ///
    /// The port stays open while sessions go on, for the routes that they depend on; every other connection is closed
    /// at once, and its dialplan goes on without us.
    public func stop(drain: Duration) {
        isDraining = true
        if openSessions == 0 { listener.close() }
        loop.schedule(at: loop.deadline(after: drain)) { [weak self] in
            guard let self else { return }
            listener.close()
            for connection in connections.values { connection.cut() }
        }
    }

    private func admit(_ descriptor: Int32, _ peer: SocketAddress?) -> Connection? {
        guard let connection = try? Connection(taking: descriptor, peer: peer, on: loop) else { return nil }
        guard let peer, options.permit.contains(where: { $0.contains(peer.ip) }) else {
            report(.refused(peer))
            return nil
        }
        guard openSessions < options.maximumSessions else {
            report(.overloaded(peer))
            return nil
        }
        openSessions += 1
        connections[ObjectIdentifier(connection)] = connection
        return connection
    }

    private func serve(_ connection: Connection) async {
        // Little stays on the task's stack while a call goes on: the session holds it all.
        if let session = await begin(connection) {
            await handle(session)
            await session.finish()
        }
        connections[ObjectIdentifier(connection)] = nil
        connection.close()
        openSessions -= 1
        servedSessions += 1
        if isDraining, openSessions == 0 { listener.close() }
    }

    private func handle(_ session: Session) async {
        do {
            if let handler = routes[session.request.path] {
                try await handler(session)
            } else {
                try await session.verbose("No such script here: \(session.request.path.filter { $0 >= " " })")
            }
        } catch let error as AGIError where error.meansHangUp {
        } catch {
            report(.failed(session.request, session.environment, error))
        }
    }

    /// Reads what Asterisk wants; nil, with a report, when that is nothing to be served.
    private func begin(_ connection: Connection) async -> Session? {
        let environment: Environment
        do throws(AGIError) {
            environment = try await readEnvironment(connection)
        } catch {
            report(.notAGI(connection.peer, error))
            return nil
        }
        let script = environment["agi_network_script"] ?? ""
        guard let request = Request(script: script) else {
            report(.noRoute(script, environment))
            return nil
        }
        if isDraining, !routesWhileDraining.contains(request.path) {
            report(.draining(request, environment))
            return nil
        }
        if routes[request.path] == nil { report(.noRoute(request.path, environment)) }
        return Session(connection, environment, request, waits, buffer)
    }

    private func readEnvironment(_ connection: Connection) async throws(AGIError) -> Environment {
        let deadline = loop.deadline(after: options.session.environment)
        var reader = EnvironmentReader()
        var outcome: Result<Environment?, AGIError> = .success(nil)
        while true {
            let count: Int
            do throws(SocketError) {
                count = try await connection.read(until: deadline) { bytes in
                    do throws(AGIError) {
                        outcome = .success(try reader.append(bytes))
                    } catch { outcome = .failure(error) }
                }
            } catch {
                throw error == .timedOut ? .timedOut(command: "environment") : .socket(error)
            }
            if count == 0 { throw .protocolViolation("the connection ended within the environment") }
            if let environment = try outcome.get() { return environment }
        }
    }
}

/// Carries a connection from the task that accepted it to the one that serves it; both run on the same thread.
private struct Handed: @unchecked Sendable {
    let connection: Connection
    init(_ connection: Connection) { self.connection = connection }
}
