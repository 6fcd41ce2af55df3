public import Sockets

/// A client of one Asterisk's manager interface: it keeps a login up, sends actions and hands out events.
///
/// ```swift
/// let client = Client(on: loop, options: options) { state in log(state) }
/// async let running: Void = client.run()
/// let packet = try await client.perform(Action("CoreStatus"))
/// ```
///
/// Everything but `init` happens on the loop's thread. Task cancellation is not looked at: end it with `stop`.
public final class Client: @unchecked Sendable {
    /// How the connection is, for a log.
    public enum State: Sendable, Equatable {
        /// A connection is being made.
        case connecting
        /// Logged in, and Asterisk is fully booted: actions can be sent. The version is the protocol's.
        case up(version: String)
        /// Somebody has to mend something first; tried again slowly.
        case refused(AMIError, retryIn: Duration)
        /// The connection failed or ended; tried again after a while.
        case down(AMIError, retryIn: Duration)
        /// `stop` was called and everything has ended.
        case stopped
    }

    /// How the connection is.
    public private(set) var state = State.connecting
    /// Whether actions can be sent.
    public var isUp: Bool { if case .up = state { link?.failure == nil } else { false } }
    /// Where the PBX is and who we are there.
    public let options: ClientOptions
    /// Responses that nobody waited for (any more), over all connections.
    public var strayPackets: Int { pastStrays + (link?.strays ?? 0) }

    let loop: EventLoop
    /// Channels whose origination is under way, and whether they were asked to hang up.
    var originating: [ChannelID: Bool] = [:]
    /// Begins all our action and channel ids. OriginateResponse goes to every client of the PBX, so they must be unique
    /// among all of them.
    let token = "nightbell-" + String(UInt64.random(in: .min ... .max), radix: 16)
    var lastChannel = 0

    private let observe: @Sendable (State) -> Void
    private var link: Link?
    private var subscriptions: [Subscription] = []
    private var backoff: Backoff
    private var pausing: Promise<Void>?
    private var connections = 0
    private var pastStrays = 0
    private var isStopped = false

    /// A client that does nothing before `run`.
    ///
    /// - Parameter observe: hears each state as it comes, on the loop; it must return at once.
    public init(
        on loop: EventLoop, options: ClientOptions, observe: @escaping @Sendable (State) -> Void = { _ in }
    ) {
        self.loop = loop
        self.options = options
        self.observe = observe
        backoff = Backoff(first: options.firstRetry, limit: options.retryLimit, random: options.random)
    }

    // MARK: Living

    /// Connects, logs in, keeps alive, and connects again whenever that ends; until `stop`.
    public func run() async {
        while !isStopped {
            change(.connecting)
            let error = await connectOnce()
            guard !isStopped else { break }
            let wait: Duration
            if error.needsMending {
                // Half of it is certain: nobody mends a configuration within a second.
                wait = options.refusedRetry * (0.5 + 0.5 * min(max(options.random(), 0), 1))
                change(.refused(error, retryIn: wait))
            } else {
                wait = backoff.next()
                change(.down(error, retryIn: wait))
            }
            await pause(wait)
        }
        for subscription in subscriptions { subscription.cancel() }
        subscriptions = []
        change(.stopped)
    }

    /// Ends the connection, all that waits and `run`; within `options.connecting` if a connection is just being made.
    public func stop() {
        isStopped = true
        link?.end(.stopped)
        pausing?.fulfil(())
    }

    private func change(_ new: State) {
        state = new
        observe(new)
    }

    private func pause(_ duration: Duration) async {
        let promise = Promise<Void>()
        pausing = promise
        options.schedule(loop, duration) { promise.fulfil(()) }
        await promise.get()
        pausing = nil
    }

    private func connectOnce() async -> AMIError {
        let connection: Connection
        do throws(SocketError) {
            let deadline = loop.deadline(after: options.connecting)
            connection = try await Connection.connect(to: options.address, on: loop, until: deadline)
        } catch {
            return .socket(error)
        }
        guard !isStopped else { return .stopped }
        connections += 1
        let link = Link(connection, options: options, prefix: "\(token)-\(connections)")
        self.link = link
        await withDiscardingTaskGroup { group in
            group.addTask(executorPreference: loop) { await link.flush() }
            group.addTask(executorPreference: loop) { await self.stayUp(link) }
            await link.read(hand)
        }
        self.link = nil
        pastStrays += link.strays
        for subscription in subscriptions { subscription.noteInterruption() }
        return link.failure ?? .stopped
    }

    /// Logs in, then pings; ends the connection when either fails.
    private func stayUp(_ link: Link) async {
        do throws(AMIError) {
            change(.up(version: try await logIn(link)))
            let since = loop.now
            while link.failure == nil {
                await link.rest(options.ping)
                if loop.now >= since, loop.now - since >= options.steady.nanoseconds { backoff.reset() }
                guard link.failure == nil else { return }
                _ = try await link.perform(Action("Ping"), within: options.reply)
            }
        } catch {
            link.end(error)
        }
    }

    // MARK: Actions

    /// Sends an action and waits for its response; many may be under way at once.
    ///
    /// - Parameter duration: how long to wait; `options.reply` when nil.
    /// - Returns: a response that is no error.
    /// - Throws: `AMIError`; after `disconnected` and `timedOut` the action may have been done.
    public func perform(_ action: Action, within duration: Duration? = nil) async throws(AMIError) -> Packet {
        try await exchange(action, .response, within: duration ?? options.reply).response
    }

    /// Sends an action that answers with a list of events, and collects them.
    ///
    /// - Parameter duration: how long to wait for the whole list; `options.reply` when nil.
    /// - Returns: the events without the closing one; none where the response announces no list.
    /// - Throws: `AMIError`.
    public func list(_ action: Action, within duration: Duration? = nil) async throws(AMIError) -> [Packet] {
        try await exchange(action, .list, within: duration ?? options.reply).events
    }

    func exchange(
        _ action: Action, _ answering: Link.Answering, within duration: Duration
    ) async throws(AMIError) -> Link.Answer {
        guard isUp, let link else { throw .notConnected(action: action.name) }
        return try await link.perform(action, answering, within: duration)
    }

    // MARK: Events

    /// Takes the events of these names from now on, over reconnections too.
    ///
    /// Asterisk sends only what the user's `read` line and `eventfilter` lines in manager.conf let through.
    ///
    /// - Parameters:
    ///   - names: the events' names in any case; all events when empty.
    ///   - capacity: how many may wait; beyond, the oldest is lost and counted.
    /// - Returns: the subscription, to be cancelled when it is not needed any more.
    public func subscribe(to names: [String], capacity: Int = 256) -> Subscription {
        let subscription = Subscription(names: names, capacity: capacity)
        if isStopped { subscription.cancel() } else { subscriptions.append(subscription) }
        return subscription
    }

    private func hand(_ name: String, _ event: Packet) {
        subscriptions.removeAll { $0.isCancelled }
        for subscription in subscriptions { subscription.offer(event, named: name) }
    }
}

extension Duration {
    /// Never negative, and at most some thirty years.
    var nanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        return UInt64(min(seconds, 1_000_000_000)) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
    }
}
