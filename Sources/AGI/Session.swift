public import Sockets

/// How long a session waits and how much it takes.
public struct SessionLimits: Sendable, Equatable {
    /// For the environment to arrive whole, from the moment the connection was accepted.
    public var environment: Duration = .seconds(10)
    /// For answers that Asterisk gives at once, and on top of the time that a command itself takes. A busy Asterisk has
    /// been seen to take more than half a minute.
    public var reply: Duration = .seconds(60)
    /// For sounds, recordings and applications without a time of their own.
    public var application: Duration = .seconds(6 * 3_600)
    /// For the answer to a command that needs the channel, once the caller has hung up.
    public var afterHangUp: Duration = .seconds(2)
    /// For Asterisk to close after the session has ended.
    public var closing: Duration = .seconds(1)
    /// Bytes of a command line with its newline: 2,047 up to Asterisk 20.15 and 22.5, 8,191 from 20.16, 22.6 and 23.0.
    public var commandBytes = 2_047

    /// The limits that suit an Asterisk in the same data centre.
    public init() {}
}

/// One call's conversation with Asterisk: commands out, replies in, one at a time.
///
/// It belongs to the task that serves the call. After the caller hung up the session goes on: commands that are marked
/// dead-safe still work, the others throw an error whose `meansHangUp` is true.
public final class Session {
    /// What Asterisk said of the channel.
    public let environment: Environment
    /// What the dialplan asked for.
    public let request: Request
    /// Where Asterisk connected from.
    public let peer: SocketAddress?
    /// Whether Asterisk has told that the caller hung up. It tells at the next command, not before.
    public private(set) var isHungUp = false
    /// The waits and sizes of this session.
    public var limits: SessionLimits

    private let connection: Connection
    private let buffer: CommandBuffer
    private var reader = ReplyReader()
    private var state = State.idle

    private enum State: Equatable {
        case idle
        case waiting
        /// An answer may still be under way that nobody waits for: another command would take it for its own.
        case broken
    }

    /// A session on a connection whose environment was read.
    public init(
        connection: Connection, environment: Environment, request: Request, limits: SessionLimits = SessionLimits(),
        buffer: CommandBuffer = CommandBuffer()
    ) {
        self.connection = connection
        self.environment = environment
        self.request = request
        self.limits = limits
        self.buffer = buffer
        peer = connection.peer
    }

    /// The loop that the session lives on.
    public var loop: EventLoop { connection.loop }

    /// Lines from Asterisk that were no AGI and were passed over.
    public var strayLines: Int { reader.strayLines }

    /// Sends one command and waits for its reply.
    ///
    /// - Parameters:
    ///   - command: the row of the table; it says whether a hang-up ends the wait and how long that may last.
    ///   - duration: how long the command itself takes, for those with a time of their own.
    ///   - build: adds the arguments.
    /// - Returns: a reply with code 200.
    /// - Throws: `AGIError`; 510, 511 and 520 are errors too.
    @discardableResult
    public func perform(
        _ command: Command, lasting duration: Duration? = nil, _ build: (inout CommandWriter) -> Void = { _ in }
    ) async throws(AGIError) -> Reply {
        guard state == .idle else {
            throw state == .broken ? .closed : .commandInFlight(command: command.text)
        }
        try discardBuffered()
        var line = CommandWriter(reusing: buffer.take(), verb: command.name)
        build(&line)
        guard !line.isForbidden else { throw .forbiddenCharacter(command: command.text) }
        let arguments = line.argumentCount
        guard arguments <= 127 else { throw .tooManyArguments(command: command.text, count: arguments) }
        let bytes = line.finish()
        guard bytes.count <= limits.commandBytes else {
            throw .commandTooLong(command: command.text, bytes: bytes.count, limit: limits.commandBytes)
        }
        state = .waiting
        do throws(AGIError) {
            let reply = try await exchange(command, bytes, until: deadline(of: command, duration))
            state = .idle
            return try accept(reply, command)
        } catch {
            switch error {
            case .hungUp, .deadChannel, .unknownCommand, .syntax: state = .idle
            default: state = .broken
            }
            throw error
        }
    }

    private func exchange(
        _ command: Command, _ bytes: consuming [UInt8], until limit: UInt64
    ) async throws(AGIError) -> Reply {
        var deadline = limit
        do throws(SocketError) {
            let sent = try bytes.withUnsafeBytesThrowing { bytes throws(SocketError) in try connection.writeNow(bytes) }
            if sent < bytes.count { try await connection.write(Array(bytes[sent...]), until: deadline) }
            buffer.giveBack(bytes)
        } catch {
            throw AGIError(error, command)
        }
        while true {
            while let token = try reader.next() {
                switch token {
                case .reply(let reply): return reply
                case .hangUp:
                    isHungUp = true
                    // A handler that failed because the channel went away may send no reply at all.
                    if !command.isDeadSafe { deadline = min(deadline, loop.deadline(after: limits.afterHangUp)) }
                }
            }
            do throws(SocketError) {
                let count = try await connection.read(until: deadline) { reader.append($0) }
                if count == 0 { throw SocketError.closedByPeer }
            } catch {
                if error == .timedOut, isHungUp, !command.isDeadSafe { throw .hungUp(command: command.text) }
                throw AGIError(error, command)
            }
        }
    }

    private func accept(_ reply: Reply, _ command: Command) throws(AGIError) -> Reply {
        switch reply.code {
        case 200: return reply
        case 510: throw .unknownCommand(command: command.text)
        case 511:
            isHungUp = true
            throw .deadChannel(command: command.text)
        default: throw .syntax(command: command.text, usage: reply.tail)
        }
    }

    /// What came since the last reply belongs to no command: a hang-up, or the rest of a value that held a line ending
    /// in a parenthesis.
    private func discardBuffered() throws(AGIError) {
        while !reader.isEmpty, let token = try reader.next() {
            if token == .hangUp { isHungUp = true }
        }
    }

    private func deadline(of command: Command, _ duration: Duration?) -> UInt64 {
        switch command.span {
        case .instant: loop.deadline(after: limits.reply)
        case .timed: loop.deadline(after: (duration ?? .zero) + limits.reply)
        case .open: loop.deadline(after: duration.map { $0 + limits.reply } ?? limits.application)
        }
    }

    /// Takes the usage block that follows when an application returned 1: `handle_exec` hands that on as
    /// RESULT_SHOWUSAGE. An Asterisk that has mended this sends nothing, so the wait is short.
    func swallowUsageBlock() async throws(AGIError) {
        let deadline = loop.deadline(after: .seconds(1))
        while true {
            while let token = try reader.next() {
                switch token {
                case .reply: return
                case .hangUp: isHungUp = true
                }
            }
            do throws(SocketError) {
                let count = try await connection.read(until: deadline) { reader.append($0) }
                if count == 0 { throw SocketError.closedByPeer }
            } catch {
                if error == .timedOut { return }
                throw AGIError(error, .exec)
            }
        }
    }

    /// Ends the session in order: sends no more, reads Asterisk's last HANGUP to the end, closes.
    ///
    /// Without this Asterisk logs a broken pipe when it reports the end of the call.
    func finish() async {
        connection.finishSending()
        let deadline = loop.deadline(after: limits.closing)
        while let count = try? await connection.read(until: deadline, { _ in }), count > 0 {}
        connection.close()
    }
}

extension AGIError {
    fileprivate init(_ error: SocketError, _ command: Command) {
        switch error {
        case .timedOut: self = .timedOut(command: command.text)
        case .closed, .closedByPeer: self = .closed
        case .system: self = .socket(error)
        }
    }
}

/// The bytes in which command lines are built, shared by the sessions of one loop.
///
/// Built and sent without a pause in between, so one buffer serves them all.
public final class CommandBuffer {
    private var storage: [UInt8] = []

    /// An empty buffer.
    public init() {}

    func take() -> [UInt8] {
        defer { storage = [] }
        return storage
    }

    func giveBack(_ bytes: consuming [UInt8]) {
        if bytes.capacity <= 16_384 { storage = bytes }
    }
}
