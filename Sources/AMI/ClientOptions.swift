public import Sockets

/// A secret that prints as nothing.
public struct Secret: Sendable, CustomStringConvertible, CustomReflectable {
    let text: String

    /// The secret as it stands in manager.conf.
    public init(_ text: String) { self.text = text }

    /// Never the secret.
    public var description: String { "(secret)" }

    /// Never the secret.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}

/// Where a PBX is, who we are there, and how patient we are.
public struct ClientOptions: Sendable {
    /// Its manager interface, as in manager.conf (`bindaddr`, `port`; 5038 unless said otherwise).
    public var address: SocketAddress
    /// The user: a section of manager.conf.
    public var user: String
    /// The user's `secret` in manager.conf.
    public var secret: Secret
    /// Send the secret itself when the address is loopback, instead of answering a challenge. To any other address it is
    /// never sent.
    public var allowsPlainOnLoopback = false
    /// For the connection to be made.
    public var connecting: Duration = .seconds(5)
    /// For the banner, and for the answer to an action.
    public var reply: Duration = .seconds(10)
    /// For FullyBooted after the login: Asterisk listens before it has its modules and its dialplan.
    public var booting: Duration = .seconds(120)
    /// Between two Pings. Asterisk can miss to wake for an event; the next Ping then brings it.
    public var ping: Duration = .seconds(15)
    /// What OriginateResponse may take beyond the origination's own timeout.
    public var originateGrace: Duration = .seconds(10)
    /// The bound of the first wait before connecting again; it doubles with each failure.
    public var firstRetry: Duration = .seconds(1)
    /// The bound that the waits grow to.
    public var retryLimit: Duration = .seconds(60)
    /// The wait after what somebody has to mend first: a refused login.
    public var refusedRetry: Duration = .seconds(120)
    /// How long a connection must have been up to begin with the first wait again.
    public var steady: Duration = .seconds(10)
    /// The sizes of what Asterisk sends.
    public var limits = PacketLimits()
    /// Actions that wait for their answer at once.
    public var pendingActions = 1_000
    /// Bytes that wait to be sent.
    public var unsentBytes = 1_048_576
    /// Events of one list action.
    public var listItems = 10_000
    /// A number from 0 up to 1, for the jitter.
    public var random: @Sendable () -> Double = { .random(in: 0..<1) }
    /// Calls back, on the loop, after a time: the clock that the waits between two connections go by.
    public var schedule: @Sendable (EventLoop, Duration, @escaping () -> Void) -> Void = { loop, duration, action in
        loop.schedule(at: loop.deadline(after: duration), action)
    }

    /// A PBX with the usual patience.
    public init(address: SocketAddress, user: String, secret: Secret) {
        self.address = address
        self.user = user
        self.secret = secret
    }

    /// Whether the login is the plain one.
    var isPlain: Bool {
        allowsPlainOnLoopback && Self.loopback.contains { $0.contains(address.ip) }
    }

    private static let loopback = ["127.0.0.0/8", "::1"].compactMap { IPNetwork($0) }
}
