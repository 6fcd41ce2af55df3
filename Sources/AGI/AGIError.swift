public import Sockets

/// What can end or refuse an AGI command.
public enum AGIError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The caller hung up and Asterisk gave no answer any more to a command that needs the channel.
    case hungUp(command: String)
    /// Asterisk answered 511: the command needs a channel that is still up.
    case deadChannel(command: String)
    /// Asterisk answered 510: it does not know the command; an AGI module may not be loaded.
    case unknownCommand(command: String)
    /// Asterisk answered 520, with the usage text it gave.
    case syntax(command: String, usage: String)
    /// No answer came within the command's time. The session cannot be used any more: the answer may come yet.
    case timedOut(command: String)
    /// Asterisk closed the connection, or this side did.
    case closed
    /// The connection failed.
    case socket(SocketError)
    /// An argument holds a CR, LF or NUL, with which it would become another command.
    case forbiddenCharacter(command: String)
    /// The command line would be longer than this Asterisk reads, in bytes with the newline.
    case commandTooLong(command: String, bytes: Int, limit: Int)
    /// More arguments than Asterisk can take.
    case tooManyArguments(command: String, count: Int)
    /// A second command was sent while one was waiting for its reply.
    case commandInFlight(command: String)
    /// Asterisk sent something that is no AGI, or more of it than the limits allow.
    case protocolViolation(String)

    /// One line for a log.
    public var description: String {
        switch self {
        case .hungUp(let command): "\(command): the caller hung up"
        case .deadChannel(let command): "\(command): the channel is gone (511)"
        case .unknownCommand(let command): "\(command): Asterisk does not know this command (510)"
        case .syntax(let command, let usage): "\(command): wrong arguments (520): \(usage)"
        case .timedOut(let command): "\(command): no answer in time"
        case .closed: "the connection is closed"
        case .socket(let error): "\(error)"
        case .forbiddenCharacter(let command): "\(command): an argument holds a CR, LF or NUL"
        case .commandTooLong(let command, let bytes, let limit): "\(command): \(bytes) bytes, more than \(limit)"
        case .tooManyArguments(let command, let count): "\(command): \(count) arguments, more than 127"
        case .commandInFlight(let command): "\(command): another command waits for its reply"
        case .protocolViolation(let what): "not AGI: \(what)"
        }
    }

    /// Whether the channel is gone: the flow should do what can be done without it.
    public var meansHangUp: Bool {
        switch self {
        case .hungUp, .deadChannel: true
        default: false
        }
    }
}
