public import Foundation
import Synchronization

/// Follows the log of an Asterisk and gives its lines as events, for any number of watchers at once.
public final class AsteriskLog: Sendable {
    private struct State {
        var events: [LogEvent] = []
        var observers: [@Sendable (LogEvent) -> Void] = []
        var stopped = false
    }

    private let file: URL
    private let state = Mutex(State())

    /// Follows the file from its beginning, as soon as it is there.
    init(file: URL) {
        self.file = file
        // The follower sleeps most of its time; it gets a thread of its own instead of one of Swift's few.
        let thread = Thread { [weak self] in
            var reader = LineReader(file: file)
            while let log = self, log.deliver(reader.next()) { usleep(15_000) }
        }
        thread.name = "asterisk log"
        thread.start()
    }

    /// How many events there are so far: a mark to look for later ones from.
    public var mark: Int { state.withLock { $0.events.count } }

    /// The events so far.
    ///
    /// - Parameter mark: only from this one on.
    public func events(since mark: Int = 0) -> [LogEvent] {
        state.withLock { Array($0.events.dropFirst(mark)) }
    }

    /// Waits for the first event that is like this.
    ///
    /// - Parameters:
    ///   - what: what is waited for, for the error's text.
    ///   - mark: look at events from this one on; earlier ones are passed over.
    ///   - seconds: how long to wait at most.
    ///   - predicate: true for the event wanted.
    /// - Returns: the event.
    /// - Throws: `LabError.timedOut` with the last lines of the log, or CancellationError.
    @discardableResult
    public func wait(
        for what: String, since mark: Int = 0, within seconds: TimeInterval,
        _ predicate: @Sendable (LogEvent) -> Bool
    ) async throws -> LogEvent {
        let end = Date().addingTimeInterval(seconds)
        var next = mark
        while true {
            let late = Date() >= end
            let fresh = events(since: next)
            if let found = fresh.first(where: predicate) { return found }
            next += fresh.count
            if late { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        let seen = events(since: max(mark, next - 40)).map(\.text)
        throw LabError.timedOut(what, after: seconds, seen: seen)
    }

    /// Warnings and errors since the mark.
    public func complaints(since mark: Int = 0) -> [LogEvent] {
        events(since: mark).filter { $0.kind == .warning || $0.kind == .error }
    }

    /// Tells every event from now on to this function, on the follower's thread: it must return at once.
    func observe(_ observer: @escaping @Sendable (LogEvent) -> Void) {
        state.withLock { $0.observers.append(observer) }
    }

    /// Stops following.
    func stop() { state.withLock { $0.stopped = true } }

    /// Adds lines; false when it is time to stop.
    private func deliver(_ lines: [Substring]) -> Bool {
        let read = lines.compactMap(LogEvent.init(line:))
        let (fresh, observers, stopped) = state.withLock { state in
            var fresh = read
            for index in fresh.indices { fresh[index].index = state.events.count + index }
            state.events += fresh
            return (fresh, state.observers, state.stopped)
        }
        for event in fresh { for observer in observers { observer(event) } }
        return !stopped
    }
}

/// Reads the whole lines that a growing file has gained.
private struct LineReader {
    let file: URL
    private var handle: FileHandle?
    private var rest = Data()

    init(file: URL) { self.file = file }

    mutating func next() -> [Substring] {
        if handle == nil { handle = try? FileHandle(forReadingFrom: file) }
        guard let data = try? handle?.readToEnd(), !data.isEmpty else { return [] }
        rest += data
        guard let end = rest.lastIndex(of: 0x0A) else { return [] }
        let text = String(decoding: rest[...end], as: UTF8.self)
        rest = Data(rest[rest.index(after: end)...])
        return text.split(separator: "\n")
    }
}
