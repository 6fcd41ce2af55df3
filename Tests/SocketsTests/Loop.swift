import Glibc
import Sockets

/// A loop of its own for one test, with the test's body running on it.
func onLoop<R: Sendable>(_ body: @escaping @Sendable (EventLoop) async throws -> R) async throws -> R {
    let loop = try EventLoop(name: "test")
    defer { loop.stop() }
    return try await Task(executorPreference: loop) { try await body(loop) }.value
}

/// Two connected stream sockets on the loop (`socketpair`).
func makePair(on loop: EventLoop) throws -> (near: Connection, far: Connection) {
    var descriptors: [Int32] = [0, 0]
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &descriptors) == 0 else {
        throw SocketError.system(call: "socketpair", errno: errno)
    }
    return (try Connection(taking: descriptors[0], on: loop), try Connection(taking: descriptors[1], on: loop))
}
