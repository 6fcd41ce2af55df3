internal import CLinux
internal import Glibc

/// A connected stream socket on an event loop.
///
/// It belongs to the tasks of its loop: at most one of them reads and one writes at a time. The descriptor is watched
/// edge-triggered; a read tries the kernel only when the kernel has said that there is something.
public final class Connection: EventSource {
    /// Why a task that waited for the socket goes on.
    public enum Wakeup: Sendable { case ready, deadline, closed }

    /// The loop whose tasks use the connection.
    public let loop: EventLoop
    /// The address of the other side; nil for a socket without one (`socketpair`).
    public let peer: SocketAddress?

    private var descriptor: Int32
    /// Whether the kernel has said that there is something to read.
    private var isReadable = false
    private var isWatchedForWriting = false
    private var peerFinished = false
    private var reader: UnsafeContinuation<Wakeup, Never>?
    private var writer: UnsafeContinuation<Wakeup, Never>?
    private var readDeadline: UInt64 = .max
    private var writeDeadline: UInt64 = .max

    private static let readEvents = clinux_EPOLLIN | clinux_EPOLLRDHUP | clinux_EPOLLET

    /// Takes over a connected, non-blocking descriptor and closes it in the end.
    ///
    /// - Throws: `SocketError.system` when the loop cannot watch it; the descriptor is closed then too.
    public init(taking descriptor: Int32, peer: SocketAddress? = nil, on loop: EventLoop) throws(SocketError) {
        self.loop = loop
        self.peer = peer
        self.descriptor = descriptor
        super.init()
        do throws(SocketError) {
            try loop.add(descriptor, Self.readEvents, self)
        } catch {
            Glibc.close(descriptor)
            self.descriptor = -1
            throw error
        }
    }

    deinit { close() }

    /// Whether the descriptor is still open on this side.
    public var isOpen: Bool { descriptor >= 0 }

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

    /// Reads what is there without waiting; nil when nothing is, 0 when the peer has shut down its sending side.
    ///
    /// - Throws: `SocketError`. The corresponding C function is `recv`.
    public func readNow(_ body: (UnsafeRawBufferPointer) -> Void) throws(SocketError) -> Int? {
        while isReadable {
            guard descriptor >= 0 else { throw .closed }
            let count = clinux_recv(descriptor, loop.scratch.baseAddress, loop.scratch.count)
            if count > 0 {
                // A short read has emptied the socket; the next bytes raise the next edge. After the peer's FIN no
                // further edge comes, so there the end must be read for.
                isReadable = count == loop.scratch.count || peerFinished
                body(UnsafeRawBufferPointer(rebasing: loop.scratch[..<count]))
                return count
            }
            if count == 0 { return 0 }
            switch errno {
            case EINTR: continue
            case EAGAIN: isReadable = false
            case ECONNRESET, EPIPE, ETIMEDOUT, EHOSTUNREACH: throw .closedByPeer
            default: throw .system(call: "recv", errno: errno)
            }
        }
        return nil
    }

    /// Waits until there is something to read, or the end.
    public func waitReadable(until deadline: UInt64) async -> Wakeup {
        await withUnsafeContinuation { park($0, until: deadline) }
    }

    /// `waitReadable` for who has a continuation already, which saves a frame in the busiest place there is: `park` is
    /// the whole body of a `withUnsafeContinuation`.
    public func park(_ continuation: UnsafeContinuation<Wakeup, Never>, until deadline: UInt64) {
        if descriptor < 0 {
            continuation.resume(returning: .closed)
        } else if deadline <= loop.now {
            // Before what there is to read, or who sends without end would never reach it.
            continuation.resume(returning: .deadline)
        } else if isReadable {
            // Whoever sends without end is read in turns with all the others.
            loop.goOnLater { continuation.resume(returning: .ready) }
        } else {
            reader = continuation
            readDeadline = deadline
            if deadline != .max { loop.arm(Int(descriptor), at: deadline) }
        }
    }

    // MARK: Writing

    /// Sends all of `bytes`, waiting while the peer does not read.
    ///
    /// - Throws: `SocketError`; after `timedOut` an unknown part was sent. The corresponding C function is `send`.
    public func write(_ bytes: [UInt8], until deadline: UInt64) async throws(SocketError) {
        var sent = 0
        while true {
            sent += try writeNow(bytes, from: sent)
            if sent == bytes.count { return }
            switch await waitWritable(until: deadline) {
            case .ready: continue
            case .deadline: throw .timedOut
            case .closed: throw .closed
            }
        }
    }

    private func writeNow(_ bytes: [UInt8], from start: Int) throws(SocketError) -> Int {
        // `withUnsafeBytes` would lose the type of the error.
        var failure: SocketError?
        let count = bytes.withUnsafeBytes { all in
            do throws(SocketError) {
                return try writeNow(UnsafeRawBufferPointer(rebasing: all[start...]))
            } catch {
                failure = error
                return 0
            }
        }
        if let failure { throw failure }
        return count
    }

    /// Sends what the kernel takes at once, in one `send`; answers how many bytes that was.
    public func writeNow(_ bytes: UnsafeRawBufferPointer) throws(SocketError) -> Int {
        guard descriptor >= 0 else { throw .closed }
        while true {
            let count = clinux_send(descriptor, bytes.baseAddress, bytes.count)
            if count >= 0 { return count }
            switch errno {
            case EINTR: continue
            case EAGAIN: return 0
            case EPIPE, ECONNRESET, ETIMEDOUT, EHOSTUNREACH: throw .closedByPeer
            default: throw .system(call: "send", errno: errno)
            }
        }
    }

    /// Waits until the kernel takes more bytes. The descriptor is watched for that from the first time on: a peer that
    /// reads slowly once will do so again, and all the others never cause such an event.
    func waitWritable(until deadline: UInt64) async -> Wakeup {
        guard descriptor >= 0 else { return .closed }
        if deadline <= loop.now { return .deadline }
        if !isWatchedForWriting {
            isWatchedForWriting = true
            // Changing what is watched reports what is the case already, so no edge is missed.
            guard (try? loop.change(descriptor, Self.readEvents | clinux_EPOLLOUT)) != nil else { return .closed }
        }
        return await withUnsafeContinuation { continuation in
            writer = continuation
            writeDeadline = deadline
            if deadline != .max { loop.arm(Int(descriptor), at: deadline) }
        }
    }

    // MARK: Ending

    /// Tells the peer that nothing more will be sent; reading goes on. The corresponding C function is `shutdown`.
    public func finishSending() {
        if descriptor >= 0 { _ = shutdown(descriptor, Int32(SHUT_WR)) }
    }

    /// Ends both directions without closing: whoever waits wakes to the end of the stream. For cutting off a session
    /// from outside its task.
    public func cut() {
        if descriptor >= 0 { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }
    }

    /// Closes the descriptor and wakes whoever waits.
    public func close() {
        guard descriptor >= 0 else { return }
        loop.remove(descriptor)
        Glibc.close(descriptor)
        descriptor = -1
        resumeReader(.closed)
        resumeWriter(.closed)
    }

    // MARK: What the loop says

    override func isReady(_ events: UInt32) {
        let ended = clinux_EPOLLRDHUP | clinux_EPOLLHUP | clinux_EPOLLERR
        if events & ended != 0 { peerFinished = true }
        if events & (clinux_EPOLLIN | ended) != 0 {
            isReadable = true
            resumeReader(.ready)
        }
        if events & (clinux_EPOLLOUT | clinux_EPOLLHUP | clinux_EPOLLERR) != 0 { resumeWriter(.ready) }
    }

    override func deadlinePassed(_ now: UInt64) -> UInt64 {
        if reader != nil, readDeadline <= now { resumeReader(.deadline) }
        if writer != nil, writeDeadline <= now { resumeWriter(.deadline) }
        return min(reader == nil ? .max : readDeadline, writer == nil ? .max : writeDeadline)
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
