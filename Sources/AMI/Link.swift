internal import Sockets

/// One connection to a manager interface: what is sent and what waits for an answer. It belongs to the loop.
///
/// It ends once, with the first failure; whatever waits then is told.
final class Link: @unchecked Sendable {
    /// What belongs to an action: the response alone, the events of a list, or an event that comes later.
    enum Answering: Equatable { case response, list, event(String) }

    /// All that Asterisk said to an action.
    struct Answer: Sendable {
        var response: Packet
        var events: [Packet] = []
    }

    private final class Pending {
        let action: Action
        let answering: Answering
        let promise = Promise<Result<Answer, AMIError>>()
        var response: Packet?
        var events: [Packet] = []

        init(_ action: Action, _ answering: Answering) {
            self.action = action
            self.answering = answering
        }
    }

    /// The version of the protocol, from the banner; nil when the connection ended before.
    let banner = Promise<String?>()
    /// Whether Asterisk said that it is fully booted, before the connection ended or the wait was over.
    let booted = Promise<Bool>()
    /// Why it ended.
    private(set) var failure: AMIError?
    /// Responses and list events that nobody waits for (any more).
    private(set) var strays = 0

    private let connection: Connection
    private let options: ClientOptions
    private let prefix: String
    private var reader: PacketReader
    private var pending: [String: Pending] = [:]
    private var lastID = 0
    private var outbox: [UInt8] = []
    private var flusher: UnsafeContinuation<Void, Never>?
    private var resting: Promise<Void>?
    private var shutdown: AMIError?

    /// - Parameter prefix: begins the action ids; nobody else may use it.
    init(_ connection: Connection, options: ClientOptions, prefix: String) {
        self.connection = connection
        self.options = options
        self.prefix = prefix
        reader = PacketReader(limits: options.limits)
    }

    // MARK: Actions

    /// Sends an action and waits for all that belongs to it.
    func perform(
        _ action: Action, _ answering: Answering = .response, within duration: Duration
    ) async throws(AMIError) -> Answer {
        guard failure == nil else { throw .notConnected(action: action.name) }
        let id = "\(prefix)-\(lastID + 1)"
        let bytes = try PacketWriter.bytes(of: action, id: id)
        guard pending.count < options.pendingActions, outbox.count + bytes.count <= options.unsentBytes else {
            throw .congested(action: action.name)
        }
        lastID += 1
        let waiting = Pending(action, answering)
        pending[id] = waiting
        outbox += bytes
        wakeFlusher()
        let loop = connection.loop
        loop.schedule(at: loop.deadline(after: duration)) { [weak self] in
            self?.settle(id, .failure(.timedOut(action: action.name)))
        }
        return try await waiting.promise.get().get()
    }

    private func settle(_ id: String, _ result: Result<Answer, AMIError>) {
        pending.removeValue(forKey: id)?.promise.fulfil(result)
    }

    /// Waits, at most until the connection ends.
    func rest(_ duration: Duration) async {
        let promise = Promise<Void>()
        resting = promise
        connection.loop.schedule(at: connection.loop.deadline(after: duration)) { promise.fulfil(()) }
        await promise.get()
    }

    // MARK: Receiving

    /// Reads until the connection ends, giving each event to `handle`.
    func read(_ handle: (_ name: String, _ event: Packet) -> Void) async {
        while failure == nil {
            do throws(SocketError) {
                let count = try await connection.read(until: .max) { reader.append($0) }
                if count == 0 { throw .closedByPeer }
            } catch {
                end(shutdown ?? .socket(error))
                break
            }
            do throws(AMIError) {
                while failure == nil, let token = try reader.next() { take(token, handle) }
            } catch {
                end(error)
            }
        }
    }

    private func take(_ token: PacketReader.Token, _ handle: (String, Packet) -> Void) {
        switch token {
        case .banner(let version): banner.fulfil(version)
        case .packet(let packet):
            if packet.response != nil {
                takeResponse(packet)
            } else if let name = packet.event {
                note(name, packet)
                if !takeEvent(name, packet) { handle(name, packet) }
            } else {
                strays += 1
            }
        }
    }

    private func takeResponse(_ packet: Packet) {
        guard let id = packet["ActionID"], let waiting = pending[id], waiting.response == nil else {
            strays += 1
            return
        }
        guard packet.response?.isSameKey(as: "Error") != true else {
            settle(id, .failure(refusal(of: waiting.action, packet["Message"] ?? "")))
            return
        }
        waiting.response = packet
        switch waiting.answering {
        case .response: settle(id, .success(Answer(response: packet)))
        case .list:
            // "There is no voicemail user": a list that does not even begin.
            if packet["EventList"]?.isSameKey(as: "start") != true { settle(id, .success(Answer(response: packet))) }
        case .event:
            // The thread that makes the call may have been quicker than the one that answers.
            if !waiting.events.isEmpty { settle(id, .success(Answer(response: packet, events: waiting.events))) }
        }
    }

    private func refusal(of action: Action, _ message: String) -> AMIError {
        if message.isSameKey(as: "Permission denied") { return .denied(action: action.name, right: action.right) }
        if message.hasPrefix("Invalid/unknown command") { return .unknownAction(action.name) }
        return .rejected(action: action.name, message: message)
    }

    /// Whether the event is part of a list that somebody waits for, and so is nobody else's.
    private func takeEvent(_ name: String, _ packet: Packet) -> Bool {
        guard let id = packet["ActionID"], let waiting = pending[id] else { return false }
        switch waiting.answering {
        case .response: return false
        case .event(let wanted):
            guard name.isSameKey(as: wanted) else { return false }
            waiting.events.append(packet)
            if let response = waiting.response {
                settle(id, .success(Answer(response: response, events: waiting.events)))
            }
            return false
        case .list:
            if packet["EventList"]?.isSameKey(as: "Complete") == true {
                settle(id, .success(Answer(response: waiting.response ?? packet, events: waiting.events)))
            } else if waiting.events.count < options.listItems {
                waiting.events.append(packet)
            } else {
                settle(id, .failure(.tooLarge(what: "the list of \(waiting.action.name)", limit: options.listItems)))
            }
            return true
        }
    }

    private func note(_ name: String, _ packet: Packet) {
        if name.isSameKey(as: "FullyBooted") {
            booted.fulfil(true)
        } else if name.isSameKey(as: "Shutdown") {
            shutdown = .shutDown(restart: packet["Restart"]?.isSameKey(as: "True") == true)
        }
    }

    // MARK: Sending

    /// Sends what the actions put into the outbox until the connection ends.
    func flush() async {
        while failure == nil {
            guard !outbox.isEmpty else {
                await withUnsafeContinuation { flusher = $0 }
                continue
            }
            let bytes = outbox
            outbox = []
            do throws(SocketError) {
                try await connection.write(bytes, until: connection.loop.deadline(after: options.reply))
            } catch {
                end(shutdown ?? .socket(error))
            }
        }
    }

    private func wakeFlusher() {
        guard let waiting = flusher else { return }
        flusher = nil
        waiting.resume()
    }

    // MARK: Ending

    /// Closes the connection. Only the first reason counts; but a refusal that Asterisk sent before it closed is the
    /// reason for the end that was read right behind it.
    func end(_ error: AMIError) {
        if failure == .socket(.closedByPeer), error.needsMending { failure = error }
        guard failure == nil else { return }
        failure = error
        connection.close()
        let abandoned = pending.values
        pending = [:]
        for waiting in abandoned { waiting.promise.fulfil(.failure(.disconnected(action: waiting.action.name))) }
        banner.fulfil(nil)
        booted.fulfil(false)
        resting?.fulfil(())
        wakeFlusher()
    }
}
