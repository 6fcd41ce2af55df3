import Glibc
import Sockets

@testable import AGI

/// Asterisk's side of a session over a socket pair: answers each command line with the next of `replies`.
///
/// A reply may hold several lines, be empty (no answer at all) or nil (the connection is closed).
func converse<R: Sendable>(
    replies: [String?], limits: SessionLimits = SessionLimits(), finish: Bool = false,
    _ body: @escaping @Sendable (Session) async throws -> R
) async throws -> (result: R, commands: [String]) {
    let loop = try EventLoop(name: "test")
    defer { loop.stop() }
    return try await Task(executorPreference: loop) {
        var descriptors: [Int32] = [0, 0]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &descriptors) == 0 else {
            throw SocketError.system(call: "socketpair", errno: errno)
        }
        let session = Session(
            connection: try Connection(taking: descriptors[0], on: loop), environment: Environment([:]),
            request: Request(script: "") ?? { preconditionFailure("an empty script is a request") }(), limits: limits)
        let peer = Peer(connection: try Connection(taking: descriptors[1], on: loop), replies: replies)
        async let commands = peer.run()
        let result: R
        do {
            result = try await body(session)
        } catch {
            await session.finish()
            _ = await commands
            throw error
        }
        await session.finish()
        return (result, await commands)
    }.value
}

private struct Peer: @unchecked Sendable {
    let connection: Connection
    let replies: [String?]

    /// Answers until the session ends; gives back the command lines it got.
    func run() async -> [String] {
        var received: [UInt8] = []
        var commands: [String] = []
        while let count = try? await connection.read(until: .max, { received += $0 }), count > 0 {
            while let end = received.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: received[..<end], as: UTF8.self)
                received.removeSubrange(...end)
                let reply = commands.count < replies.count ? replies[commands.count] : nil
                commands.append(line)
                guard let reply else {
                    connection.close()
                    return commands
                }
                try? await connection.write(Array(reply.utf8), until: .max)
            }
        }
        connection.close()
        return commands
    }
}
