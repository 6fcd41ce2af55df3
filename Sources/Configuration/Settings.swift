public import Calls
public import OnCall
public import Sockets

/// What nightbell.conf says, checked.
public struct Settings: Sendable {
    /// Where FastAGI is served.
    public var listen = SocketAddress(ip: .loopback, port: 4573)
    /// Who may connect.
    public var permit: [IPNetwork] = ["127.0.0.0/8", "::1"].compactMap { IPNetwork($0) }
    /// The SQLite file.
    public var database = "/var/lib/nightbell/nightbell.sqlite"
    /// Seconds that SIGTERM waits for calls in progress.
    public var drain = 60
    /// What is logged.
    public var log = LogLevel.info
    /// What stands before the names of prompts.
    public var sounds = "nightbell"
    /// Sessions at once.
    public var maxSessions = 1_000
    /// The command that speaks a prompt; nil for espeak-ng.
    public var speech: String?
    /// The lines, in the order of the file.
    public var lines: [Line] = []
    /// The web services that verify contracts.
    public var webServices: [WebService] = []
    /// The account at the PBX's manager interface, with which engineers are rung where there is no call to ring from.
    public var manager: ManagerAccount?
    /// Hours since a message was left after which a page that a restart finds unfinished wakes nobody any more.
    public var pageHours = 12

    /// The line of that name.
    public func line(named name: String) -> Line? { lines.first { $0.name == name } }
}

/// An account of manager.conf.
public struct ManagerAccount: Sendable, Equatable {
    /// Where the manager interface listens.
    public var address: SocketAddress
    /// The section's name in manager.conf.
    public var user: String
    /// Its `secret`.
    public var secret: String
}

/// A web service that verifies contracts.
public struct WebService: Sendable, Equatable {
    /// What a failure means.
    public enum WhenDown: String, Sendable {
        /// The caller is taken for entitled.
        case entitled
        /// The caller is taken for not entitled.
        case notEntitled = "not-entitled"
    }

    /// The section's name, to which `lookup` refers.
    public var name: String
    /// Holds `{contract}`.
    public var url: String
    /// Seconds for one try.
    public var timeout = 5
    /// How often it is tried again.
    public var retries = 1
    /// What a failure means.
    public var whenDown = WhenDown.entitled
    /// Sent as `Authorization: Bearer`.
    public var token: String?
}
