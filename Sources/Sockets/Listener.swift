internal import CLinux
internal import Glibc

/// A listening TCP socket on an event loop.
///
/// It survives what ends naive accept loops: descriptors running out (EMFILE, ENFILE, ENOBUFS, ENOMEM) make it rest for
/// a moment instead of spinning, and a connection reset while it waited in the queue is skipped.
public final class Listener {
    /// The loop that accepts.
    public let loop: EventLoop
    /// The address it listens on; the port is the real one when 0 was asked for.
    public let address: SocketAddress
    private let state: State
    private var acceptedThisTurn = 0

    /// Called when descriptors or memory have run out, once until a connection could be accepted again.
    public var whenExhausted: (SocketError) -> Void = { _ in }
    private var isExhausted = false

    /// Binds and listens. The corresponding C functions are `socket`, `bind` and `listen`.
    ///
    /// Accepted sockets inherit TCP_NODELAY and keepalive from it.
    ///
    /// - Parameters:
    ///   - keepalive: how a peer that vanished without a word is noticed.
    ///   - backlog: connections that wait to be accepted; the kernel takes no more than `net.core.somaxconn` of them.
    /// - Throws: `SocketError.system` that names the call that failed.
    public init(
        on loop: EventLoop, address: SocketAddress, keepalive: Keepalive = Keepalive(), backlog: Int32 = 65_535
    ) throws(SocketError) {
        let family = address.ip.isIPv4 ? AF_INET : AF_INET6
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = try check("socket") { socket(family, kind, 0) }
        do throws(SocketError) {
            try Self.set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
            try Self.set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
            try Self.set(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1)
            try Self.set(descriptor, Int32(IPPROTO_TCP), TCP_KEEPIDLE, Int32(clamping: keepalive.idle))
            try Self.set(descriptor, Int32(IPPROTO_TCP), TCP_KEEPINTVL, Int32(clamping: keepalive.interval))
            try Self.set(descriptor, Int32(IPPROTO_TCP), TCP_KEEPCNT, Int32(clamping: keepalive.probes))
            try check("bind") { address.withSockaddr { bind(descriptor, $0, $1) } }
            try check("listen") { listen(descriptor, backlog) }
            let state = State(descriptor)
            try loop.add(descriptor, clinux_EPOLLIN | clinux_EPOLLET, state)
            self.state = state
        } catch {
            Glibc.close(descriptor)
            throw error
        }
        self.loop = loop
        self.address = Self.localAddress(of: descriptor) ?? address
    }

    deinit { close() }

    /// Waits for the next connection and answers its descriptor, non-blocking and close-on-exec, and its peer.
    ///
    /// - Returns: nil once the listener was closed. The corresponding C function is `accept4`.
    public func accept() async -> (descriptor: Int32, peer: SocketAddress?)? {
        while state.descriptor >= 0 {
            // A storm of callers must not keep those already here waiting.
            if acceptedThisTurn >= 64 {
                acceptedThisTurn = 0
                await loop.yield()
                continue
            }
            var storage = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let flags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
            let descriptor = withUnsafeMutablePointer(to: &storage) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    accept4(state.descriptor, $0, &length, flags)
                }
            }
            if descriptor >= 0 {
                acceptedThisTurn += 1
                isExhausted = false
                return (descriptor, SocketAddress(storage))
            }
            acceptedThisTurn = 0
            await recover(from: errno)
        }
        return nil
    }

    private func recover(from code: Int32) async {
        switch code {
        case EINTR, ECONNABORTED, EPROTO, ENETDOWN, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, EOPNOTSUPP,
            ENETUNREACH:
            return
        case EAGAIN:
            // The queue is empty, so the next connection raises an edge: nothing can be missed in between, because
            // events are dispatched by this very thread.
            await withUnsafeContinuation { state.waiter = $0 }
        default:
            if !isExhausted { whenExhausted(.system(call: "accept4", errno: code)) }
            isExhausted = true
            await loop.sleep(for: .milliseconds(50))
        }
    }

    /// Stops listening; who waits in `accept` gets nil.
    public func close() {
        let descriptor = state.descriptor
        guard descriptor >= 0 else { return }
        loop.remove(descriptor)
        state.descriptor = -1
        Glibc.close(descriptor)
        state.wake()
    }

    private static func set(_ descriptor: Int32, _ level: Int32, _ name: Int32, _ value: Int32) throws(SocketError) {
        var value = value
        try check("setsockopt") { setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<Int32>.size)) }
    }

    private static func localAddress(of descriptor: Int32) -> SocketAddress? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        return result == 0 ? SocketAddress(storage) : nil
    }
}

/// How the kernel finds out that a silent peer is gone (tcp(7): TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT).
public struct Keepalive: Sendable, Equatable {
    /// Seconds of silence before the first probe.
    public var idle = 60
    /// Seconds between probes.
    public var interval = 15
    /// Probes without an answer that end the connection.
    public var probes = 4

    /// Two minutes in all: a call whose PBX lost its power does not hold a session for hours.
    public init() {}
}

private final class State: EventSource {
    var descriptor: Int32
    var waiter: UnsafeContinuation<Void, Never>?

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    override func isReady(_ events: UInt32) { wake() }

    func wake() {
        guard let waiting = waiter else { return }
        waiter = nil
        waiting.resume()
    }
}
