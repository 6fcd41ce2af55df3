internal import CLinux
internal import Glibc

/// A connected stream socket on an event loop.
///
/// It belongs to the tasks of its loop: at most one of them reads and one writes at a time. The descriptor is
/// registered once, edge-triggered; a read tries the kernel first only when the kernel has said that there is something.
public final class Connection {
    /// The loop whose tasks use the connection.
    public let loop: EventLoop
    /// The address of the other side; nil for a socket without one (`socketpair`).
    public let peer: SocketAddress?
    private let state: State

    /// Takes over a connected, non-blocking descriptor and closes it in the end.
    ///
    /// - Throws: `SocketError.system` when the loop cannot watch it; the descriptor is closed then too.
    public init(taking descriptor: Int32, peer: SocketAddress? = nil, on loop: EventLoop) throws(SocketError) {
        self.loop = loop
        self.peer = peer
        state = State(descriptor)
        do throws(SocketError) {
            try loop.add(descriptor, clinux_EPOLLIN | clinux_EPOLLOUT | clinux_EPOLLRDHUP | clinux_EPOLLET, state)
        } catch {
            Glibc.close(descriptor)
            state.descriptor = -1
            throw error
        }
    }

    deinit { close() }

    /// Whether the descriptor is still open on this side.
    public var isOpen: Bool { state.descriptor >= 0 }

    // MARK: Reading

    /// Waits for bytes and hands them to `body`, which must copy what it wants to keep.
    ///
    /// - Parameter deadline: monotonic nanoseconds, `.max` for none.
    /// - Returns: how many bytes came; 0 when the peer has shut down its sending side.
    /// - Throws: `SocketError`. The corresponding C function is `recv`.
    public func read(until deadline: UInt64, _ body: (UnsafeRawBufferPointer) -> Void) async throws(SocketError) -> Int
    {
        while true {
            if let count = try readNow(body) { return count }
            switch await waitReadable(until: deadline) {
            case .ready: continue
            case .deadline: throw .timedOut
            case .closed: throw .closed
            }
        }
    }

    /// Reads what is there without waiting; nil when nothing is.
    public func readNow(_ body: (UnsafeRawBufferPointer) -> Void) throws(SocketError) -> Int? {
        while state.readable {
            guard state.descriptor >= 0 else { throw .closed }
            let count = recv(state.descriptor, loop.scratch.baseAddress, loop.scratch.count, 0)
            if count > 0 {
                // A short read has emptied the socket; the next bytes raise the next edge. After the peer's FIN no
                // further edge comes, so there the end must be read for.
                state.readable = count == loop.scratch.count || state.peerFinished
                body(UnsafeRawBufferPointer(rebasing: loop.scratch[..<count]))
                return count
            }
            if count == 0 { return 0 }
            switch errno {
            case EINTR: continue
            case EAGAIN: state.readable = false
            case ECONNRESET, EPIPE, ETIMEDOUT, EHOSTUNREACH: throw .closedByPeer
            default: throw .system(call: "recv", errno: errno)
            }
        }
        return nil
    }

    private func waitReadable(until deadline: UInt64) async -> Wakeup {
        guard state.descriptor >= 0 else { return .closed }
        if deadline <= loop.now { return .deadline }
        return await withUnsafeContinuation { continuation in
            state.reader = continuation
            state.readDeadline = deadline
            if deadline != .max { loop.arm(Int(state.descriptor), at: deadline) }
        }
    }

    // MARK: Writing

    /// Sends all of `bytes`, waiting while the peer does not read.
    ///
    /// - Throws: `SocketError`; after `timedOut` an unknown part was sent. The corresponding C function is `send`.
    public func write(_ bytes: [UInt8], until deadline: UInt64) async throws(SocketError) {
        var sent = try bytes.withUnsafeBytesThrowing { bytes throws(SocketError) in try writeNow(bytes) }
        while sent < bytes.count {
            switch await waitWritable(until: deadline) {
            case .ready: break
            case .deadline: throw .timedOut
            case .closed: throw .closed
            }
            sent += try bytes.withUnsafeBytesThrowing { all throws(SocketError) in
                try writeNow(UnsafeRawBufferPointer(rebasing: all[sent...]))
            }
        }
    }

    /// Sends what the kernel takes at once, in one `send`; answers how many bytes that was.
    public func writeNow(_ bytes: UnsafeRawBufferPointer) throws(SocketError) -> Int {
        guard state.descriptor >= 0 else { throw .closed }
        while true {
            let count = send(state.descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            if count >= 0 { return count }
            switch errno {
            case EINTR: continue
            case EAGAIN: return 0
            case EPIPE, ECONNRESET, ETIMEDOUT, EHOSTUNREACH: throw .closedByPeer
            default: throw .system(call: "send", errno: errno)
            }
        }
    }

    func waitWritable(until deadline: UInt64) async -> Wakeup {
        guard state.descriptor >= 0 else { return .closed }
        if deadline <= loop.now { return .deadline }
        return await withUnsafeContinuation { continuation in
            state.writer = continuation
            state.writeDeadline = deadline
            if deadline != .max { loop.arm(Int(state.descriptor), at: deadline) }
        }
    }

    // MARK: Ending

    /// Tells the peer that nothing more will be sent; reading goes on. The corresponding C function is `shutdown`.
    public func finishSending() {
        if state.descriptor >= 0 { _ = shutdown(state.descriptor, Int32(SHUT_WR)) }
    }

    /// Ends both directions without closing: whoever waits wakes to the end of the stream. For cutting off a session
    /// from outside its task.
    public func cut() {
        if state.descriptor >= 0 { _ = shutdown(state.descriptor, Int32(SHUT_RDWR)) }
    }

    /// Closes the descriptor and wakes whoever waits.
    public func close() {
        let descriptor = state.descriptor
        guard descriptor >= 0 else { return }
        loop.remove(descriptor)
        state.descriptor = -1
        Glibc.close(descriptor)
        state.wake(.closed)
    }
}

extension Array where Element == UInt8 {
    /// `withUnsafeBytes` that keeps the type of the error.
    package func withUnsafeBytesThrowing<R>(
        _ body: (UnsafeRawBufferPointer) throws(SocketError) -> R
    ) throws(SocketError) -> R {
        let result: Result<R, SocketError> = withUnsafeBytes { bytes in
            do throws(SocketError) { return .success(try body(bytes)) } catch { return .failure(error) }
        }
        return try result.get()
    }
}

/// Why a waiting task goes on.
enum Wakeup { case ready, deadline, closed }

/// The part of a connection that the loop holds on to: a session that is gone must not be kept by it.
private final class State: EventSource {
    var descriptor: Int32
    var readable = true
    var peerFinished = false
    var reader: UnsafeContinuation<Wakeup, Never>?
    var writer: UnsafeContinuation<Wakeup, Never>?
    var readDeadline: UInt64 = .max
    var writeDeadline: UInt64 = .max

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    override func isReady(_ events: UInt32) {
        let ended = clinux_EPOLLRDHUP | clinux_EPOLLHUP | clinux_EPOLLERR
        if events & ended != 0 { peerFinished = true }
        if events & (clinux_EPOLLIN | ended) != 0 {
            readable = true
            resumeReader(.ready)
        }
        if events & (clinux_EPOLLOUT | clinux_EPOLLHUP | clinux_EPOLLERR) != 0 { resumeWriter(.ready) }
    }

    override func deadlinePassed(_ now: UInt64) -> UInt64 {
        if reader != nil, readDeadline <= now { resumeReader(.deadline) }
        if writer != nil, writeDeadline <= now { resumeWriter(.deadline) }
        return min(reader == nil ? .max : readDeadline, writer == nil ? .max : writeDeadline)
    }

    func wake(_ reason: Wakeup) {
        resumeReader(reason)
        resumeWriter(reason)
    }

    private func resumeReader(_ reason: Wakeup) {
        guard let waiting = reader else { return }
        reader = nil
        waiting.resume(returning: reason)
    }

    private func resumeWriter(_ reason: Wakeup) {
        guard let waiting = writer else { return }
        writer = nil
        waiting.resume(returning: reason)
    }
}
