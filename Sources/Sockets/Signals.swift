internal import CLinux
internal import Glibc

/// Signals as something a task waits for, on the loop it was made for. The corresponding C function is `signalfd`.
public final class Signals: @unchecked Sendable {
    private let loop: EventLoop
    private let state: State

    /// Blocks signals for the calling thread and those it starts later, so that they reach only `Signals`.
    ///
    /// Call it in main before any other thread exists. The corresponding C function is `pthread_sigmask`.
    public static func block(_ signals: [Int32]) {
        var set = sigset(signals)
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Watches signals that were blocked before.
    public init(_ signals: [Int32], on loop: EventLoop) throws(SocketError) {
        var set = Self.sigset(signals)
        let flags = Int32(SFD_NONBLOCK | SFD_CLOEXEC)
        let descriptor = try check("signalfd") { signalfd(-1, &set, flags) }
        self.loop = loop
        state = State(descriptor)
        do throws(SocketError) {
            try loop.add(descriptor, clinux_EPOLLIN | clinux_EPOLLET, state)
        } catch {
            Glibc.close(descriptor)
            throw error
        }
    }

    /// Waits for the next signal and answers its number; nil once closed.
    public func next() async -> Int32? {
        while state.descriptor >= 0 {
            var information = signalfd_siginfo()
            let size = MemoryLayout<signalfd_siginfo>.size
            if read(state.descriptor, &information, size) == size { return Int32(information.ssi_signo) }
            await withUnsafeContinuation { state.waiter = $0 }
        }
        return nil
    }

    /// Stops watching; who waits in `next` gets nil.
    public func close() {
        guard state.descriptor >= 0 else { return }
        loop.remove(state.descriptor)
        Glibc.close(state.descriptor)
        state.descriptor = -1
        state.isReady(0)
    }

    private static func sigset(_ signals: [Int32]) -> sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in signals { sigaddset(&set, signal) }
        return set
    }
}

private final class State: EventSource {
    var descriptor: Int32
    var waiter: UnsafeContinuation<Void, Never>?

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    override func isReady(_ events: UInt32) {
        guard let waiting = waiter else { return }
        waiter = nil
        waiting.resume()
    }
}
