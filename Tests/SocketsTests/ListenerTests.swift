import Glibc
import Testing

@testable import Sockets

struct ListenerTests {
    @Test func aListenerOnPortZero_knowsItsRealPort_andAccepts() async throws {
        let peers = try await onLoop { loop in
            let listener = try Listener(on: loop, address: try #require(SocketAddress("127.0.0.1:0")))
            let clients = (0..<3).map { _ in connectTo(listener.address.port) }
            defer { for client in clients { close(client) } }
            var peers: [String] = []
            for _ in clients {
                guard let (descriptor, peer) = await listener.accept() else { break }
                peers.append(peer?.ip.description ?? "none")
                close(descriptor)
            }
            return peers
        }
        #expect(peers == ["127.0.0.1", "127.0.0.1", "127.0.0.1"])
    }

    @Test func anAddressInUse_isAnErrorThatNamesTheCall() async throws {
        let error = try await onLoop { loop in
            let first = try Listener(on: loop, address: try #require(SocketAddress("127.0.0.1:0")))
            do throws(SocketError) {
                let second = try Listener(on: loop, address: first.address)
                second.close()
                return SocketError?.none
            } catch { return SocketError?.some(error) }
        }
        #expect(error == .system(call: "bind", errno: EADDRINUSE))
    }

    @Test func closing_endsTheAcceptThatWaits() async throws {
        let ended = try await onLoop { loop in
            let listener = try Listener(on: loop, address: try #require(SocketAddress("127.0.0.1:0")))
            loop.schedule(at: loop.now) { listener.close() }
            return await listener.accept() == nil
        }
        #expect(ended)
    }
}

/// A blocking client; -1 when the connection was refused.
private func connectTo(_ port: UInt16) -> Int32 {
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
    return result == 0 ? descriptor : -1
}
