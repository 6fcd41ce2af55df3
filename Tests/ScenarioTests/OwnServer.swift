import AGI
import Lab
import Sockets
import Synchronization

/// A server of the library in this process, to which a test line's calls are sent.
struct OwnServer: Sendable {
    /// What the server reported.
    let events: Events

    final class Events: Sendable {
        private let noted = Mutex<[String]>([])
        var all: [String] { noted.withLock { $0 } }
        func note(_ event: String) { noted.withLock { $0.append(event) } }
    }

    /// Serves the line's calls by `handler` while `body` makes them.
    static func serving<R: Sendable>(
        _ line: TestLine, _ handler: @escaping AGIServer.Handler,
        _ body: @escaping @Sendable (OwnServer) async throws -> R
    ) async throws -> R {
        let loop = try EventLoop(name: "own server")
        defer { loop.stop() }
        return try await Task(executorPreference: loop) {
            let events = Events()
            let address = SocketAddress(ip: .loopback, port: 0)
            let server = try AGIServer(on: loop, address: address) { events.note("\($0)") }
            server.route("after-hours", handler)
            async let running: Void = server.run()
            let result: Result<R, any Error>
            do {
                try await line.use(port: Int(server.address.port))
                result = .success(try await body(OwnServer(events: events)))
            } catch { result = .failure(error) }
            server.stop(drain: .zero)
            await running
            return try result.get()
        }.value
    }
}
