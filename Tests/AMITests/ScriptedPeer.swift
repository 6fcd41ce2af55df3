import AMI
import Sockets
import Testing

/// One connection of a scripted manager interface: hears actions, says what the script wants.
final class Talk: @unchecked Sendable {
    /// The how-many-th connection it is, from 1.
    let number: Int
    private let connection: Connection
    private var received: [UInt8] = []

    init(_ connection: Connection, number: Int) {
        self.connection = connection
        self.number = number
    }

    /// The next action; nil when the client has closed.
    func hears() async -> Packet? {
        while true {
            let text = String(decoding: received, as: UTF8.self)
            if let end = text.firstRange(of: "\r\n\r\n") {
                received = Array(text[end.upperBound...].utf8)
                let lines = text[..<end.lowerBound].split(separator: "\r\n")
                return Packet(
                    lines.map { line in
                        let parts = line.split(separator: ": ", maxSplits: 1, omittingEmptySubsequences: false)
                        return Packet.Line(String(parts[0]), parts.count == 2 ? String(parts[1]) : "")
                    })
            }
            guard let count = try? await connection.read(until: .max, { received += $0 }), count > 0 else {
                return nil
            }
        }
    }

    /// Sends text with each newline as CR LF.
    func says(_ text: String) async {
        try? await connection.write(Array(text.replacing("\n", with: "\r\n").utf8), until: .max)
    }

    /// Answers an action.
    func answers(_ action: Packet?, _ lines: String, status: String = "Success") async {
        await says("Response: \(status)\nActionID: \(action?["ActionID"] ?? "")\n\(lines)\n\n")
    }

    /// Banner, plain login, fully booted: what the tests about other things begin with.
    func welcomes() async {
        await says("Asterisk Call Manager/11.0.0\n")
        await answers(await hears(), "Message: Authentication accepted")
        await says("Event: FullyBooted\nPrivilege: system,all\nStatus: Fully Booted\n\n")
    }

    func closes() { connection.close() }
}

/// The states a client has told, in order.
final class States: @unchecked Sendable {
    /// All that were looked at so far.
    private(set) var seen: [Client.State] = []
    private var iterator: AsyncStream<Client.State>.Iterator

    init(_ stream: AsyncStream<Client.State>) { iterator = stream.makeAsyncIterator() }

    /// The next state.
    func next() async throws -> Client.State {
        let state = try #require(await iterator.next())
        seen.append(state)
        return state
    }

    /// Waits until the client is up.
    func up() async throws {
        while true {
            if case .up = try await next() { return }
        }
    }

    /// Waits until a connection has ended or was refused, and answers why.
    func trouble() async throws -> (error: AMIError, retryIn: Duration) {
        while true {
            switch try await next() {
            case .down(let error, let retryIn), .refused(let error, let retryIn): return (error, retryIn)
            default: continue
            }
        }
    }
}

/// Runs a client against a script, which serves each of its connections, one after the other.
func withClient<R: Sendable>(
    _ change: @Sendable @escaping (inout ClientOptions) -> Void = { _ in },
    script: @Sendable @escaping (Talk) async -> Void,
    _ body: @Sendable @escaping (Client, States) async throws -> R
) async throws -> R {
    let loop = try EventLoop(name: "test")
    defer { loop.stop() }
    return try await Task(executorPreference: loop) {
        let listener = try Listener(on: loop, address: SocketAddress(ip: .loopback, port: 0))
        var options = ClientOptions(address: listener.address, user: "nightbell", secret: Secret("hunter2"))
        options.allowsPlainOnLoopback = true
        options.firstRetry = .milliseconds(1)
        change(&options)
        let (stream, states) = AsyncStream<Client.State>.makeStream()
        let client = Client(on: loop, options: options) { states.yield($0) }
        let port = Handed(listener)
        async let serving: Void = serve(port, loop, script)
        async let running: Void = client.run()
        let result: Result<R, any Error>
        do { result = .success(try await body(client, States(stream))) } catch { result = .failure(error) }
        client.stop()
        listener.close()
        _ = await (serving, running)
        return try result.get()
    }.value
}

private struct Handed: @unchecked Sendable {
    let listener: Listener
    init(_ listener: Listener) { self.listener = listener }
}

private func serve(_ port: Handed, _ loop: EventLoop, _ script: @Sendable (Talk) async -> Void) async {
    var number = 0
    while let (descriptor, peer) = await port.listener.accept() {
        guard let connection = try? Connection(taking: descriptor, peer: peer, on: loop) else { continue }
        number += 1
        let talk = Talk(connection, number: number)
        await script(talk)
        // Whatever comes yet is the client's good-bye.
        while await talk.hears() != nil {}
        talk.closes()
    }
}
