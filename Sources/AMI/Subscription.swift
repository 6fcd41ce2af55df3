/// Events of some names, for one task that asks for them with `next`. It belongs to the client's loop.
///
/// It outlives reconnections. Who is slow loses the oldest events, never the newest, and `missed` tells how many.
public final class Subscription {
    /// How many events were dropped because the subscriber was slow.
    public private(set) var missed = 0
    /// How many connections have ended since: events in between are lost without a trace.
    public private(set) var interruptions = 0

    private let names: [String]
    private let capacity: Int
    private var events: [Packet] = []
    private var head = 0
    private var waiter: UnsafeContinuation<Packet?, Never>?
    private var isOver = false

    init(names: [String], capacity: Int) {
        self.names = names
        self.capacity = max(1, capacity)
    }

    /// The next event; nil once cancelled, or when the client has stopped and nothing is left.
    ///
    /// At most one task may wait.
    public func next() async -> Packet? {
        if head < events.count {
            defer { removeFirst() }
            return events[head]
        }
        if isOver { return nil }
        return await withUnsafeContinuation { waiter = $0 }
    }

    /// Ends it: who waits gets nil.
    public func cancel() {
        isOver = true
        guard let waiting = waiter else { return }
        waiter = nil
        waiting.resume(returning: nil)
    }

    /// Whether it takes no more.
    var isCancelled: Bool { isOver }

    func offer(_ event: Packet, named name: String) {
        guard !isOver, names.isEmpty || names.contains(where: { $0.isSameKey(as: name) }) else { return }
        if let waiting = waiter {
            waiter = nil
            waiting.resume(returning: event)
            return
        }
        if events.count - head == capacity {
            removeFirst()
            missed += 1
        }
        events.append(event)
    }

    func noteInterruption() { interruptions += 1 }

    /// The room of taken events is given back in pieces, so that taking one costs no move of all the others.
    private func removeFirst() {
        head += 1
        guard head >= 64, head * 2 >= events.count else { return }
        events.removeFirst(head)
        head = 0
    }
}
