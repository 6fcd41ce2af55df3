import Glibc
import Sockets
import Synchronization
import Testing

@testable import AGI

struct ServerTests {
    @Test func aRoute_isServedWithItsQuery() async throws {
        let (reply, _) = try await serve { port in
            try await ask(port, environment(script: "hello?line=support")) { _ in "200 result=1\n" }
        }
        #expect(reply == ["NOOP \"support\""])
    }

    @Test func aCallerWhoLeavesAtOnce_isServedAllTheSame() async throws {
        // The hang-up may come with the environment, in one segment.
        let (reply, events) = try await serve { port in
            try await ask(port, environment(script: "hello?line=support") + "HANGUP\n") { _ in "200 result=1\n" }
        }
        #expect(reply == ["NOOP \"support\""])
        #expect(events.isEmpty)
    }

    @Test func anUnknownRoute_isSaidOnAsterisksConsole() async throws {
        let (reply, events) = try await serve { port in
            try await ask(port, environment(script: "nowhere")) { _ in "200 result=1\n" }
        }
        #expect(reply == ["VERBOSE \"No such script here: nowhere\" 1"])
        #expect(events == ["noRoute"])
    }

    @Test func whoIsNotPermitted_isClosedWithoutAWord() async throws {
        var options = AGIServer.Options()
        options.permit = [try #require(IPNetwork("192.0.2.0/24"))]
        let (reply, events) = try await serve(options) { port in
            try await ask(port, environment(script: "hello")) { $0 }
        }
        #expect(reply.isEmpty)
        #expect(events == ["refused"])
    }

    @Test func beyondTheLimit_connectionsAreClosed() async throws {
        var options = AGIServer.Options()
        options.maximumSessions = 0
        let (reply, events) = try await serve(options) { port in
            try await ask(port, environment(script: "hello")) { $0 }
        }
        #expect(reply.isEmpty)
        #expect(events == ["overloaded"])
    }

    @Test(arguments: ["GET / HTTP/1.1\r\nHost: example.com\r\n\r\n", "agi_network: yes\nagi_network_script: hello\n"])
    func whatIsNoWholeEnvironment_runsNoHandler(_ text: String) async throws {
        let (reply, events) = try await serve { port in
            // The half environment ends with the connection.
            try await ask(port, text, closesAfterSending: true) { $0 }
        }
        #expect(reply.isEmpty)
        #expect(events == ["notAGI"])
    }

    @Test func anEnvironmentThatNeverEnds_isGivenUpInTime() async throws {
        var options = AGIServer.Options()
        options.session.environment = .milliseconds(20)
        let (reply, events) = try await serve(options) { port in try await ask(port, "agi_network: yes\n") { $0 } }
        #expect(reply.isEmpty)
        #expect(events == ["notAGI"])
    }

    @Test func whileDraining_onlyTheRoutesThatCallsDependOnAreServed() async throws {
        let found = Mutex<[[String]]>([])
        let (first, events) = try await serve { port in
            // While the first call goes on, after the server was told to stop, two more come.
            try await ask(port, environment(script: "stop")) { _ in
                let late = ["hello", "leg"].map { script in
                    (try? talk(port, environment(script: script), false) { _ in "200 result=0\n" }) ?? ["refused"]
                }
                found.withLock { $0 = late }
                return "200 result=0\n"
            }
        }
        #expect(first == ["NOOP \"stopping\""])
        #expect(found.withLock { $0 } == [[], ["NOOP \"leg\""]])
        #expect(events == ["draining"])
    }

    @Test func whoSendsWithoutEnd_keepsNobodyWaiting_andIsCutOffAtTheDeadline() async throws {
        var options = AGIServer.Options()
        options.session.reply = .milliseconds(300)
        let ((other, taken), events) = try await serve(options) { port in
            async let taking = onThread { try flood(port, environment(script: "hello"), with: "no reply\n") }
            let other = try await ask(port, environment(script: "hello?line=support")) { _ in "200 result=1\n" }
            return (other, try await taking)
        }
        #expect(other == ["NOOP \"support\""])
        #expect(taken > 0)
        #expect(events == ["failed"])
    }

    @Test func theHandlersError_isReported_andAHangUpIsNot() async throws {
        let (_, events) = try await serve { port in
            _ = try await ask(port, environment(script: "hello")) { _ in "510 Invalid or unknown command\n" }
            return try await ask(port, environment(script: "hello")) { _ in
                "511 Command Not Permitted on a dead channel or intercept routine\n"
            }
        }
        #expect(events == ["failed"])
    }

}

private func environment(script: String) -> String {
    "agi_network: yes\nagi_network_script: \(script)\nagi_uniqueid: 1.1\n\n"
}

/// Runs a server with the route `hello` while `body` talks to it; gives back what the body found and the events.
private func serve<R: Sendable>(
    _ options: AGIServer.Options = AGIServer.Options(),
    _ body: @escaping @Sendable (UInt16) async throws -> R
) async throws -> (R, [String]) {
    let loop = try EventLoop(name: "test")
    defer { loop.stop() }
    let events = Events()
    let address = SocketAddress(ip: .loopback, port: 0)
    return try await Task(executorPreference: loop) {
        let server = try AGIServer(on: loop, address: address, options: options) { events.note($0) }
        server.route("hello") { call in try await call.noop(call.request["line"] ?? "") }
        server.route("leg", whileDraining: true) { call in try await call.noop("leg") }
        server.route("stop") { call in
            server.stop(drain: .seconds(60))
            try await call.noop("stopping")
        }
        async let running: Void = server.run()
        let result: Result<R, any Error>
        do {
            result = .success(try await body(server.address.port))
        } catch { result = .failure(error) }
        server.stop(drain: .zero)
        await running
        return (try result.get(), events.names)
    }.value
}

private final class Events: Sendable {
    private let noted = Mutex<[String]>([])
    var names: [String] { noted.withLock { $0 } }

    func note(_ event: AGIServer.Event) {
        let name = String("\(event)".prefix { $0 != "(" })
        noted.withLock { $0.append(name) }
    }
}

/// Plays Asterisk over TCP: sends `text`, answers each command, gives back the commands.
private func ask(
    _ port: UInt16, _ text: String, closesAfterSending: Bool = false,
    answer: @escaping @Sendable (_ command: String) -> String
) async throws -> [String] {
    try await onThread { try talk(port, text, closesAfterSending, answer) }
}

/// Runs blocking calls on a thread of their own.
private func onThread<R: Sendable>(_ body: @escaping @Sendable () throws -> R) async throws -> R {
    try await withCheckedThrowingContinuation { continuation in
        var thread = pthread_t()
        let work = Unmanaged.passRetained(Work { continuation.resume(with: Result { try body() }) })
        pthread_create(
            &thread, nil,
            { argument in
                argument.map { Unmanaged<Work>.fromOpaque($0).takeRetainedValue().body() }
                return nil
            }, work.toOpaque())
        pthread_detach(thread)
    }
}

private final class Work {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
}

/// Waits for the first command and sends the same lines until the server closes; answers how many bytes it took.
private func flood(_ port: UInt16, _ text: String, with line: String) throws -> Int {
    let descriptor = try connected(to: port)
    defer { close(descriptor) }
    send(descriptor, text, text.utf8.count, Int32(MSG_NOSIGNAL))
    var first = [UInt8](repeating: 0, count: 256)
    guard recv(descriptor, &first, first.count, 0) > 0 else { return 0 }
    let block = String(repeating: line, count: 4_096)
    var taken = 0
    while case let count = send(descriptor, block, block.utf8.count, Int32(MSG_NOSIGNAL)), count > 0 { taken += count }
    return taken
}

private func connected(to port: UInt16) throws -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
    guard result == 0 else { throw SocketError.system(call: "connect", errno: errno) }
    return descriptor
}

private func talk(
    _ port: UInt16, _ text: String, _ closesAfterSending: Bool, _ answer: (String) -> String
) throws -> [String] {
    let descriptor = try connected(to: port)
    defer { close(descriptor) }
    send(descriptor, text, text.utf8.count, Int32(MSG_NOSIGNAL))
    if closesAfterSending { shutdown(descriptor, Int32(SHUT_WR)) }
    var received: [UInt8] = []
    var commands: [String] = []
    var buffer = [UInt8](repeating: 0, count: 4_096)
    while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 {
        received += buffer[..<count]
        while let end = received.firstIndex(of: UInt8(ascii: "\n")) {
            let command = String(decoding: received[..<end], as: UTF8.self)
            received.removeSubrange(...end)
            commands.append(command)
            let reply = answer(command)
            send(descriptor, reply, reply.utf8.count, Int32(MSG_NOSIGNAL))
        }
    }
    return commands
}
