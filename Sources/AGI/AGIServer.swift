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
        /// How a PBX that vanished without a word is noticed.
        public var keepalive = Keepalive()
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
    /// What has happened so far.
    public private(set) var counts = Counts()

    private let loop: EventLoop
    private let listener: Listener
    private let options: Options
    private let report: @Sendable (Event) -> Void
    private var routes: [String: Route] = [:]
    private var isDraining = false
    private var connections: [ObjectIdentifier: Connection] = [:]
    private let waits: Waits
    private let buffer = CommandBuffer()

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
        listener = try Listener(on: loop, address: address, keepalive: options.keepalive)
    }

    /// Serves `agi://HOST/PATH` by `handler`.
    ///
    /// - Parameters:
    ///   - path: the URI's path without its leading slash, percent-decoded.
    ///   - whileDraining: whether it is served after `stop` too, because calls in progress depend on it.
    ///   - handler: serves one call from its first command to its last.
    public func route(_ path: String, whileDraining: Bool = false, _ handler: @escaping Handler) {
        routes[path] = Route(handler, whileDraining: whileDraining)
    }

    /// Accepts and serves until `stop`, and answers when the last session has ended.
    public func run() async {
        listener.whenExhausted = { [weak self] in self?.tell(.exhausted($0)) }
        await withDiscardingTaskGroup { group in
            while let (descriptor, peer) = await listener.accept() {
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

    private func tell(_ event: Event) {
        counts.note(event)
        report(event)
    }

    private func admit(_ descriptor: Int32, _ peer: SocketAddress?) -> Connection? {
        let connection: Connection
        do throws(SocketError) {
            connection = try Connection(taking: descriptor, peer: peer, on: loop)
        } catch {
            tell(.exhausted(error))
            return nil
        }
        guard let peer, options.permit.contains(where: { $0.contains(peer.ip) }) else {
            tell(.refused(peer))
            return nil
        }
        guard openSessions < options.maximumSessions else {
            tell(.overloaded(peer))
            return nil
        }
        openSessions += 1
        counts.accepted += 1
        connections[ObjectIdentifier(connection)] = connection
        return connection
    }

    // What waits for a caller should cost little: the frames of these functions stay small enough to fit the first
    // piece of memory that the runtime gives a task, because whatever they only pass on is left to functions that do
    // not wait and are not inlined.

    private func serve(_ connection: Connection) async {
        if let session = await begin(connection) {
            do {
                try await route(of: session).handler(session)
            } catch {
                ended(session, by: error)
            }
            await session.finish()
        }
        end(connection)
    }

    @inline(never)
    private func ended(_ session: Session, by error: any Error) {
        if let error = error as? AGIError, error.meansHangUp { return }
        tell(.failed(session.request, session.environment, error))
    }

    @inline(never)
    private func end(_ connection: Connection) {
        connections[ObjectIdentifier(connection)] = nil
        connection.close()
        openSessions -= 1
        counts.ended += 1
        if isDraining, openSessions == 0 { listener.close() }
    }

    @inline(never)
    private func route(of session: Session) -> Route { routes[session.request.path] ?? noRoute }

    private let noRoute = Route({ session in
        try await session.verbose("No such script here: \(session.request.path.filter { $0 >= " " })")
    })

    /// Reads what Asterisk wants; nil, with a report, when that is nothing to be served.
    private func begin(_ connection: Connection) async -> Session? {
        let opening = Opening(connection, options.session)
        let deadline = connection.loop.now &+ waits.environment
        while !opening.isOver() {
            let wakeup = await withUnsafeContinuation { connection.park($0, until: deadline) }
            if wakeup != .ready { opening.giveUp(wakeup) }
        }
        return session(opening)
    }

    @inline(never)
    private func session(_ opening: Opening) -> Session? {
        let environment: Environment
        do throws(AGIError) {
            environment = try opening.outcome.get()
        } catch {
            tell(.notAGI(opening.connection.peer, error))
            return nil
        }
        let script = environment["agi_network_script"] ?? ""
        guard let request = Request(script: script) else {
            tell(.noRoute(script, environment))
            return nil
        }
        let route = routes[request.path]
        if isDraining, route?.isServedWhileDraining != true {
            tell(.draining(request, environment))
            return nil
        }
        if route == nil { tell(.noRoute(request.path, environment)) }
        return Session(opening.connection, environment, request, waits, buffer, behind: opening.rest)
    }
}

/// What serves a path. An object, because a closure that a dictionary gives out is wrapped twice, and each wrapping has
/// a frame of its own in every waiting task.
private final class Route: Sendable {
    let handler: AGIServer.Handler
    let isServedWhileDraining: Bool

    init(_ handler: @escaping AGIServer.Handler, whileDraining: Bool = false) {
        self.handler = handler
        isServedWhileDraining = whileDraining
    }
}

/// A connection whose environment is still coming.
private final class Opening {
    let connection: Connection
    private(set) var outcome: Result<Environment, AGIError> = .failure(.closed)
    private var reader: EnvironmentReader
    private var isDone = false
    /// What came behind the environment.
    var rest: [UInt8] { reader.rest }

    init(_ connection: Connection, _ limits: SessionLimits) {
        self.connection = connection
        reader = EnvironmentReader(byteLimit: limits.environmentBytes, lineLimit: limits.environmentLines)
    }

    /// Reads what has come; whether the environment is whole, or never will be.
    @inline(never)
    func isOver() -> Bool {
        var found: Result<Environment?, AGIError> = .success(nil)
        do throws(SocketError) {
            while !isDone {
                let count = try connection.readNow { bytes in
                    do throws(AGIError) {
                        found = .success(try reader.append(bytes))
                    } catch { found = .failure(error) }
                }
                guard let count else { break }
                switch found {
                case .success(let environment?): end(.success(environment))
                case .failure(let error): end(.failure(error))
                case .success(nil):
                    if count == 0 { end(.failure(.protocolViolation("the connection ended within the environment"))) }
                }
            }
        } catch {
            end(.failure(.socket(error)))
        }
        return isDone
    }

    @inline(never)
    func giveUp(_ wakeup: Connection.Wakeup) {
        end(.failure(wakeup == .deadline ? .timedOut(command: "environment") : .closed))
    }

    private func end(_ result: Result<Environment, AGIError>) {
        isDone = true
        outcome = result
    }
}

/// Carries a connection from the task that accepted it to the one that serves it; both run on the same thread.
private struct Handed: @unchecked Sendable {
    let connection: Connection
    init(_ connection: Connection) { self.connection = connection }
}
