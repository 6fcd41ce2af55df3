internal import Glibc

extension Connection {
    /// Connects to a TCP address without blocking the loop; with TCP_NODELAY, keepalive and close-on-exec.
    ///
    /// - Parameter deadline: monotonic nanoseconds, `.max` for as long as the kernel tries.
    /// - Throws: `SocketError.system` with the call that failed (`connect` with ECONNREFUSED when nobody listens),
    ///   `timedOut` past the deadline. The corresponding C functions are `socket`, `connect` and
    ///   `getsockopt(SO_ERROR)`.
    public static func connect(
        to address: SocketAddress, on loop: EventLoop, until deadline: UInt64
    ) async throws(SocketError) -> Connection {
        let family = address.ip.isIPv4 ? AF_INET : AF_INET6
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = try check("socket") { socket(family, kind, 0) }
        let isPending: Bool
        do throws(SocketError) {
            try enable(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY)
            try enable(descriptor, SOL_SOCKET, SO_KEEPALIVE)
            isPending = try begin(descriptor, address)
        } catch {
            Glibc.close(descriptor)
            throw error
        }
        // Watched only from here on: a socket that has not begun to connect counts as hung up.
        let connection = try Connection(taking: descriptor, peer: address, on: loop)
        guard isPending else { return connection }
        switch await connection.waitWritable(until: deadline) {
        case .ready: break
        case .deadline: throw .timedOut
        case .closed: throw .closed
        }
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        try check("getsockopt") { getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length) }
        guard code == 0 else { throw .system(call: "connect", errno: code) }
        return connection
    }

    /// Whether the connection is still being made. A `connect` that a signal interrupted goes on by itself.
    private static func begin(_ descriptor: Int32, _ address: SocketAddress) throws(SocketError) -> Bool {
        if address.withSockaddr({ Glibc.connect(descriptor, $0, $1) }) == 0 { return false }
        guard errno == EINPROGRESS || errno == EINTR else { throw .system(call: "connect", errno: errno) }
        return true
    }

    private static func enable(_ descriptor: Int32, _ level: Int32, _ name: Int32) throws(SocketError) {
        var one: Int32 = 1
        try check("setsockopt") { setsockopt(descriptor, level, name, &one, socklen_t(MemoryLayout<Int32>.size)) }
    }
}
