internal import OnCall
internal import Sockets

/// Where the caller's session, which rings, and the engineer's session, which answers, meet.
///
/// It also keeps an engineer from being rung for two pages at once. Loop-confined: everything happens on its loop.
final class RingBoard: @unchecked Sendable {
    private struct Entry {
        let engineer: String
        var hasArrived = false
        /// The leg's session is over; the engineer was let go.
        var isOver = false
        /// The caller's session knows the outcome.
        var isRead = false
        var outcome: RingOutcome?
        var waiter: UnsafeContinuation<RingOutcome, Never>?
    }

    private let loop: EventLoop
    private var entries: [RingID: Entry] = [:]
    private var busy: Set<String> = []
    private var queue: [String: [Waiting]] = [:]

    private final class Waiting {
        var continuation: UnsafeContinuation<Bool, Never>?
    }

    init(loop: EventLoop) { self.loop = loop }

    /// Reserves an engineer, waiting while another page has them on the phone.
    ///
    /// - Returns: false when they were still busy after `duration`.
    func reserve(_ engineer: String, within duration: Duration) async -> Bool {
        if busy.insert(engineer).inserted { return true }
        let waiting = Waiting()
        queue[engineer, default: []].append(waiting)
        let deadline = loop.deadline(after: duration)
        return await withUnsafeContinuation { continuation in
            waiting.continuation = continuation
            loop.schedule(at: deadline) {
                waiting.continuation?.resume(returning: false)
                waiting.continuation = nil
            }
        }
    }

    /// Lets go of an engineer; the page that has waited longest gets them.
    func release(_ engineer: String) {
        while var line = queue[engineer], !line.isEmpty {
            let next = line.removeFirst()
            queue[engineer] = line.isEmpty ? nil : line
            if let continuation = next.continuation {
                next.continuation = nil
                continuation.resume(returning: true)
                return
            }
        }
        busy.remove(engineer)
    }

    /// A ring begins; the engineer is reserved.
    func begin(_ ring: RingID, engineer: String) { entries[ring] = Entry(engineer: engineer) }

    /// A ring ends without an answered leg.
    func end(_ ring: RingID) {
        guard let entry = entries.removeValue(forKey: ring) else { return }
        if !entry.isOver { release(entry.engineer) }
    }

    /// The answered leg's session has come.
    func arrived(_ ring: RingID) { entries[ring]?.hasArrived = true }

    /// The engineer, or nobody, has decided; the first decision counts.
    func decide(_ ring: RingID, _ outcome: RingOutcome) {
        guard entries[ring]?.outcome == nil else { return }
        entries[ring]?.outcome = outcome
        guard let waiter = entries[ring]?.waiter else { return }
        entries[ring]?.waiter = nil
        entries[ring]?.isRead = true
        waiter.resume(returning: outcome)
    }

    /// The answered leg's session is over: the engineer is free again.
    ///
    /// The outcome stays until the caller's session has read it, which may still wait for Originate's answer.
    func legEnded(_ ring: RingID) {
        decide(ring, .hungUp)
        guard let entry = entries[ring], !entry.isOver else { return }
        entries[ring] = entry.isRead ? nil : Self.over(entry)
        release(entry.engineer)
    }

    private static func over(_ entry: Entry) -> Entry {
        var entry = entry
        entry.isOver = true
        return entry
    }

    /// Waits for the decision of an answered leg.
    ///
    /// - Parameter arrival: how long the leg's session may take to come; without one the ring has failed.
    func decision(of ring: RingID, arrival: Duration) async -> RingOutcome {
        guard let entry = entries[ring] else { return .hungUp }
        if let outcome = entry.outcome {
            if entry.isOver { entries[ring] = nil } else { entries[ring]?.isRead = true }
            return outcome
        }
        let deadline = loop.deadline(after: arrival)
        return await withUnsafeContinuation { continuation in
            entries[ring]?.waiter = continuation
            loop.schedule(at: deadline) { [weak self] in
                guard let self, let entry = entries[ring], !entry.hasArrived else { return }
                decide(ring, .failed)
                end(ring)
            }
        }
    }
}
