public import Sockets

/// What can go wrong between us and a manager interface. The texts say what to look at and how to mend it.
public enum AMIError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The other side does not speak AMI.
    case notAMI(String)
    /// Something from the other side is larger than the limits allow.
    case tooLarge(what: String, limit: Int)
    /// A key or value holds a CR, LF or NUL, or a key a colon: it could become another line.
    case forbiddenCharacter(action: String, key: String)
    /// A line of an action is longer than Asterisk reads, in bytes with its CR LF.
    case lineTooLong(action: String, key: String, bytes: Int, limit: Int)
    /// An action has more lines than Asterisk reads.
    case tooManyLines(action: String, lines: Int, limit: Int)
    /// A value that would go into a dial string, a context or a variable is not safe there.
    case invalidValue(what: String, value: String, rule: String)
    /// This machine's OpenSSL gives no MD5.
    case noDigest
    /// There is no connection that is up; the action was not sent.
    case notConnected(action: String)
    /// The connection went while the action was under way: it may have been done or not.
    case disconnected(action: String)
    /// No answer came in time: it may have been done or not.
    case timedOut(action: String)
    /// More is waiting to be sent than the limits allow: Asterisk does not read. The action was not sent.
    case congested(action: String)
    /// Asterisk refused an action for want of a right (`write` in manager.conf).
    case denied(action: String, right: String)
    /// Asterisk does not know the action; the module that has it may not be loaded.
    case unknownAction(String)
    /// Asterisk answered with an error of its own.
    case rejected(action: String, message: String)
    /// The login was refused. Asterisk does not tell which of user, secret and permit was wrong.
    case loginRefused(user: String, address: SocketAddress, message: String)
    /// No FullyBooted event came after the login.
    case notBooted(user: String, address: SocketAddress)
    /// Asterisk told that it shuts down.
    case shutDown(restart: Bool)
    /// The connection failed or ended.
    case socket(SocketError)
    /// The client was stopped.
    case stopped

    /// One line for a log.
    public var description: String {
        switch self {
        case .notAMI(let what):
            "not a manager interface: \(what); is the port the one in manager.conf?"
        case .tooLarge(let what, let limit): "\(what) from Asterisk is larger than \(limit)"
        case .forbiddenCharacter(let action, let key): "\(action): '\(key)' or its value holds a CR, LF, NUL or colon"
        case .lineTooLong(let action, let key, let bytes, let limit):
            "\(action): the line '\(key)' has \(bytes) bytes, Asterisk reads \(limit)"
        case .tooManyLines(let action, let lines, let limit): "\(action): \(lines) lines, Asterisk reads \(limit)"
        case .invalidValue(let what, let value, let rule): "\(what) '\(value)' is not safe to send: \(rule)"
        case .noDigest: "this machine's OpenSSL gives no MD5 (FIPS mode?): allow the plain login on loopback"
        case .notConnected(let action): "\(action): not sent, there is no connection to the manager interface"
        case .disconnected(let action): "\(action): the connection went before the answer came; it may have been done"
        case .timedOut(let action): "\(action): no answer in time; it may have been done"
        case .congested(let action): "\(action): not sent, Asterisk does not read what was sent before"
        case .denied(let action, let right):
            "\(action): permission denied; add '\(right)' to the user's write line in manager.conf, then 'manager reload'"
        case .unknownAction(let action):
            "\(action): Asterisk does not know this action; see 'manager show commands' and the modules loaded"
        case .rejected(let action, let message): "\(action): Asterisk answered: \(message)"
        case .loginRefused(let user, let address, let message):
            "\(address) refused the login of '\(user)' (\(message)): compare user, secret and permit with manager.conf, "
                + "then 'manager reload'; Asterisk's log says which of them it was"
        case .notBooted(let user, let address):
            "\(address) did not say FullyBooted: add 'system' to the read line of [\(user)] in manager.conf, or see why "
                + "Asterisk does not finish booting ('core waitfullybooted')"
        case .shutDown(let restart): restart ? "Asterisk restarts" : "Asterisk shuts down"
        case .socket(let error): "\(error)"
        case .stopped: "stopped"
        }
    }

    /// Whether trying again soon is of no use: somebody has to mend a configuration first.
    var needsMending: Bool {
        switch self {
        case .loginRefused, .notBooted, .notAMI, .noDigest: true
        default: false
        }
    }
}
