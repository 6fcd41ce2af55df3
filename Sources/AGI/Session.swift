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
    /// The most bytes of an environment.
    public var environmentBytes = 65_536
    /// The most lines of an environment. Asterisk 22 sends some 25 and at most 127 arguments.
    public var environmentLines = 256
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
    /// Whether Asterisk has told that the caller hung up. It tells at the next command, not before.
    public private(set) var isHungUp = false

    private let connection: Connection
    private let buffer: CommandBuffer
    private var waits: Waits
    // Never accessed while an access is open: a session belongs to one task. The runtime's check costs more than the access.
    @exclusivity(unchecked) private var reader: ReplyReader
    @exclusivity(unchecked) private var state = State.idle
    /// The command in flight, until when its reply is waited for, and what came of it.
    @exclusivity(unchecked) private var command = Command.noop
    @exclusivity(unchecked) private var deadline: UInt64 = .max
    @exclusivity(unchecked) private var reply: Reply?
    @exclusivity(unchecked) private var failure: AGIError?
    /// What of it the kernel did not take at once.
    private var unsent: [UInt8] = []

    private enum State: Equatable {
        case idle
        case waiting
        /// An answer may still be under way that nobody waits for: another command would take it for its own.
        case broken
    }

    /// A session on a connection whose environment was read.
    public convenience init(
        connection: Connection, environment: Environment, request: Request, limits: SessionLimits = SessionLimits(),
        buffer: CommandBuffer = CommandBuffer()
    ) {
        self.init(connection, environment, request, Waits(limits), buffer)
    }

    init(
        _ connection: Connection, _ environment: Environment, _ request: Request, _ waits: Waits,
        _ buffer: CommandBuffer, behind early: [UInt8] = []
    ) {
        self.connection = connection
        self.environment = environment
        self.request = request
        self.waits = waits
        self.buffer = buffer
        reader = ReplyReader(behind: early)
    }

    /// The loop that the session lives on.
    public var loop: EventLoop { connection.loop }

    /// Where Asterisk connected from.
    public var peer: SocketAddress? { connection.peer }

    /// The waits and sizes of this session.
    public var limits: SessionLimits {
        get { waits.limits }
        set { waits = Waits(newValue) }
    }

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
        // This is where a server with thousands of calls spends its time, so it is one function with one place to wait,
        // and what it calls is not inlined: replies and errors that are only passed on would lie in every waiting task.
        try send(command, duration, build)
        if !unsent.isEmpty { try await sendRest() }
        await waitForOutcome()
        return try takeReply()
    }

    // MARK: Sending

    /// Builds and sends a command.
    @inline(never)
    private func send(
        _ command: Command, _ duration: Duration?, _ build: (inout CommandWriter) -> Void
    ) throws(AGIError) {
        guard state == .idle else {
            throw state == .broken ? .closed : .commandInFlight(command: command.text)
        }
        if !reader.isEmpty {
            do throws(AGIError) { try discardBuffered() } catch { throw broken(error) }
        }
        var line = CommandWriter(buffer, verb: command.name)
        build(&line)
        guard !line.isForbidden else { throw .forbiddenCharacter(command: command.text) }
        let arguments = line.argumentCount
        guard arguments <= 127 else { throw .tooManyArguments(command: command.text, count: arguments) }
        let length = line.count + 1
        guard length <= waits.commandBytes else {
            throw .commandTooLong(command: command.text, bytes: length, limit: waits.commandBytes)
        }
        self.command = command
        deadline = waits.deadline(of: command, duration, from: connection.loop.now)
        state = .waiting
        let bytes = line.finish()
        do throws(SocketError) {
            let sent = try connection.writeNow(bytes)
            if sent < bytes.count { unsent = Array(bytes[sent...]) }
        } catch {
            throw broken(AGIError(error, command))
        }
    }

    private func sendRest() async throws(AGIError) {
        let rest = unsent
        unsent = []
        do throws(SocketError) {
            try await connection.write(rest, until: deadline)
        } catch {
            throw broken(AGIError(error, command))
        }
    }

    /// What came since the last reply belongs to no command: a hang-up, or the rest of a value that held a line ending
    /// in a parenthesis.
    private func discardBuffered() throws(AGIError) {
        while let token = try reader.next() {
            if token == .hangUp { isHungUp = true }
        }
    }

    // MARK: Receiving

    /// Waits until there is an outcome; nothing else lies in the frame of a call that waits.
    @inline(__always)
    private func waitForOutcome() async {
        while !hasOutcome() {
            let wakeup = await withUnsafeContinuation { connection.park($0, until: deadline) }
            if wakeup != .ready { giveUp(wakeup) }
        }
    }

    /// Reads what has come; whether that, or the end of the wait, is the outcome of the command.
    @inline(never)
    private func hasOutcome() -> Bool {
        if failure != nil { return true }
        do throws(AGIError) {
            while let token = try nextToken() {
                if case .reply(let whole) = token {
                    reply = whole
                    return true
                }
                isHungUp = true
                // A handler that failed because the channel went away may send no reply at all.
                if !command.isDeadSafe { deadline = min(deadline, connection.loop.now &+ waits.afterHangUp) }
            }
            return false
        } catch {
            failure = error
            return true
        }
    }

    /// The next thing that Asterisk has said; nil when it has said nothing whole.
    private func nextToken() throws(AGIError) -> ReplyReader.Token? {
        if !reader.isEmpty, let token = try reader.next() { return token }
        var found: ReplyReader.Token?
        var failure: AGIError?
        // Who sends without end must not keep the other sessions waiting, nor outlast the deadline.
        for _ in 0..<4 {
            do throws(SocketError) {
                let count = try connection.readNow { bytes in
                    do throws(AGIError) { found = try reader.read(bytes) } catch { failure = error }
                }
                guard let count else { return nil }
                if count == 0 { throw SocketError.closedByPeer }
            } catch {
                throw AGIError(error, command)
            }
            if let failure { throw failure }
            if let found { return found }
        }
        return nil
    }

    /// The wait is over without a reply.
    @inline(never)
    private func giveUp(_ wakeup: Connection.Wakeup) {
        if wakeup == .closed {
            failure = .closed
        } else if isHungUp, !command.isDeadSafe {
            failure = .hungUp(command: command.text)
        } else {
            failure = .timedOut(command: command.text)
        }
    }

    @inline(never)
    private func takeReply() throws(AGIError) -> Reply {
        if let found = reply {
            reply = nil
            state = .idle
            if found.code != 200 { throw refusal(found) }
            return found
        }
        let error = failure ?? .closed
        failure = nil
        // After a hang-up nothing is under way any more; in all other cases an answer may come yet.
        if case .hungUp = error { state = .idle } else { state = .broken }
        throw error
    }

    private func refusal(_ reply: Reply) -> AGIError {
        switch reply.code {
        case 510: return .unknownCommand(command: command.text)
        case 511:
            isHungUp = true
            return .deadChannel(command: command.text)
        default: return .syntax(command: command.text, usage: reply.tail)
        }
    }

    private func broken(_ error: AGIError) -> AGIError {
        state = .broken
        return error
    }

    /// Takes the usage block that follows when an application returned 1: `handle_exec` hands that on as
    /// RESULT_SHOWUSAGE. An Asterisk that has mended this sends nothing, so the wait is short.
    func swallowUsageBlock() async throws(AGIError) {
        state = .waiting
        deadline = loop.deadline(after: .seconds(1))
        await waitForOutcome()
        do throws(AGIError) {
            _ = try takeReply()
        } catch {
            switch error {
            case .syntax, .timedOut: state = .idle
            default: throw error
            }
        }
    }

    /// Ends the session in order: sends no more, reads Asterisk's last HANGUP to the end, closes.
    ///
    /// Without this Asterisk logs a broken pipe when it reports the end of the call.
    func finish() async {
        connection.finishSending()
        let deadline = connection.loop.now &+ waits.closing
        // A HANGUP and a late reply are little; who sends more does not know that the session is over.
        var patience = 65_536
        while !isAtEnd(&patience) {
            if await withUnsafeContinuation({ connection.park($0, until: deadline) }) != .ready { break }
        }
        connection.close()
    }

    @inline(never)
    private func isAtEnd(_ patience: inout Int) -> Bool {
        do throws(SocketError) {
            guard let count = try connection.readNow({ _ in }) else { return false }
            patience -= count
            return count == 0 || patience <= 0
        } catch { return true }
    }
}

/// A session's limits in the loop's own units, made once for all sessions of a server.
final class Waits: Sendable {
    let limits: SessionLimits
    let commandBytes: Int
    let environment: UInt64
    let afterHangUp: UInt64
    let closing: UInt64
    private let reply: UInt64
    private let application: UInt64

    init(_ limits: SessionLimits) {
        self.limits = limits
        commandBytes = min(limits.commandBytes, CommandBuffer.capacity)
        environment = limits.environment.nanoseconds
        afterHangUp = limits.afterHangUp.nanoseconds
        closing = limits.closing.nanoseconds
        reply = limits.reply.nanoseconds
        application = limits.application.nanoseconds
    }

    /// Until when the reply to a command sent now is waited for.
    func deadline(of command: Command, _ duration: Duration?, from now: UInt64) -> UInt64 {
        switch command.span {
        case .instant: now &+ reply
        case .timed: now &+ (duration?.nanoseconds ?? 0) &+ reply
        case .open: now &+ (duration.map { $0.nanoseconds &+ reply } ?? application)
        }
    }
}

extension Duration {
    /// Never negative, and at most some thirty years, so that sums of a few do not overflow.
    var nanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        return UInt64(min(seconds, 1_000_000_000)) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
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
