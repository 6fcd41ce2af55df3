import AMI
import Lab
import Sockets
import Testing

/// A client of a real Asterisk's manager interface, for one scenario.
struct ManagerSession {
    let client: Client
    let states: ManagerStates

    /// Options for a user of the lab's manager.conf.
    static func options(
        _ pbx: PBX, user: String = "nightbell", secret: String = PBX.managerSecret, plain: Bool = false
    ) -> ClientOptions {
        let port = UInt16(clamping: pbx.managerPort)
        var options = ClientOptions(
            address: SocketAddress(ip: .loopback, port: port), user: user, secret: Secret(secret))
        options.allowsPlainOnLoopback = plain
        // A busy machine with many scenarios at once.
        options.reply = .seconds(30)
        options.firstRetry = .milliseconds(50)
        options.retryLimit = .milliseconds(500)
        return options
    }

    /// Runs a client, with the body on its loop, and stops it in the end.
    static func run<R: Sendable>(
        _ options: ClientOptions, _ body: @Sendable @escaping (ManagerSession) async throws -> R
    ) async throws -> R {
        let loop = try EventLoop(name: "manager")
        defer { loop.stop() }
        return try await Task(executorPreference: loop) {
            let states = ManagerStates()
            let client = Client(on: loop, options: options) { states.note($0) }
            async let running: Void = client.run()
            let result: Result<R, any Error>
            do {
                result = .success(try await body(ManagerSession(client: client, states: states)))
            } catch { result = .failure(error) }
            client.stop()
            await running
            return try result.get()
        }.value
    }

    /// The same, once the client is up.
    static func up<R: Sendable>(
        _ options: ClientOptions, _ body: @Sendable @escaping (ManagerSession) async throws -> R
    ) async throws -> R {
        try await run(options) { session in
            try await session.states.up()
            return try await body(session)
        }
    }

    /// A call to a robot whose answering leg goes to the lab's idle context.
    func call(_ robot: String, timeout: Duration = .seconds(20), context: String = "lab-robots") throws -> Origination {
        var call = Origination(
            dialled: try Origination.Place(context: context, exten: robot),
            answered: try Origination.Place(context: "lab-idle", exten: "s"), timeout: timeout,
            channelID: client.newChannelID())
        try call.setCallerID(number: "15550100", name: "Support line")
        return call
    }
}

/// The states a client has told, one after the other.
final class ManagerStates: @unchecked Sendable {
    private let stream: AsyncStream<Client.State>
    private let sink: AsyncStream<Client.State>.Continuation
    private var iterator: AsyncStream<Client.State>.Iterator

    init() {
        (stream, sink) = AsyncStream<Client.State>.makeStream()
        iterator = stream.makeAsyncIterator()
    }

    func note(_ state: Client.State) { sink.yield(state) }

    /// Waits until the client is up; a login that is refused is an error.
    func up() async throws {
        while let state = await iterator.next() {
            switch state {
            case .up: return
            case .refused(let error, _): throw error
            default: continue
            }
        }
    }

    /// Waits for the first trouble.
    func trouble() async throws -> AMIError {
        while let state = await iterator.next() {
            switch state {
            case .down(let error, _), .refused(let error, _): return error
            default: continue
            }
        }
        throw AMIError.stopped
    }
}
