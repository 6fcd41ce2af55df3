import Glibc
import Sockets
import Testing

@Suite(.timeLimit(.minutes(1))) struct ConnectingTests {
    @Test(arguments: ["127.0.0.1:0", "[::1]:0"]) func bytesGoBothWays(_ text: String) async throws {
        let heard = try await onLoop { loop in
            let listener = try Listener(on: loop, address: try #require(SocketAddress(text)))
            let near = try await Connection.connect(to: listener.address, on: loop, until: .max)
            let (descriptor, _) = try #require(await listener.accept())
            let far = try Connection(taking: descriptor, on: loop)
            try await near.write(Array("ping".utf8), until: .max)
            var heard: [UInt8] = []
            _ = try await far.read(until: .max) { heard += $0 }
            try await far.write(Array("pong".utf8), until: .max)
            far.finishSending()
            while try await near.read(until: .max, { heard += $0 }) > 0 {}
            #expect(near.peer == listener.address)
            return String(decoding: heard, as: UTF8.self)
        }
        #expect(heard == "pingpong")
    }

    @Test func aPortWithoutAListenerRefuses() async throws {
        try await onLoop { loop in
            let listener = try Listener(on: loop, address: SocketAddress(ip: .loopback, port: 0))
            let address = listener.address
            listener.close()
            await #expect(throws: SocketError.system(call: "connect", errno: ECONNREFUSED)) {
                _ = try await Connection.connect(to: address, on: loop, until: .max)
            }
        }
    }

    @Test func aListenerWithAFullQueueIsGivenUpInTime() async throws {
        let outcome = try await onLoop { loop -> SocketError? in
            let listener = try Listener(on: loop, address: SocketAddress(ip: .loopback, port: 0), backlog: 0)
            var connections: [Connection] = []
            defer { for connection in connections { connection.close() } }
            for _ in 0..<8 {
                do throws(SocketError) {
                    let deadline = loop.deadline(after: .milliseconds(50))
                    connections.append(
                        try await Connection.connect(to: listener.address, on: loop, until: deadline))
                } catch { return error }
            }
            return nil
        }
        #expect(outcome == .timedOut)
    }
}
