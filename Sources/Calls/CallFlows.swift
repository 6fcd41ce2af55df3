public import AGI
public import Foundation
public import OnCall
public import Sockets

/// The call flows with all that they need: lines, memory, lookups, a clock and a log.
///
/// It belongs to one event loop; `register` adds its routes to a server on that loop.
public final class CallFlows: Sendable {
    let lines: [String: Line]
    let store: any CallStore
    let lookups: [String: any ContractLookup]
    let ownLookup: any ContractLookup
    let sounds: String
    let now: @Sendable () -> Date
    let log: EventLog
    let board: RingBoard
    let loop: EventLoop
    let pager: Pager
    /// Rings where there is no call to ring from; nil when there is no manager interface.
    let dialer: (any Dialer & Sendable)?
    let limits: PagingLimits

    /// The flows of some lines.
    ///
    /// - Parameters:
    ///   - lookups: the web services by name; lines that use none ask the store.
    ///   - sounds: what stands before a prompt's name, such as `nightbell`.
    ///   - dialer: rings for pages that no caller's session works on.
    ///   - now: the time; tests give their own.
    public init(
        lines: [Line], store: any CallStore, lookups: [String: any ContractLookup] = [:], sounds: String = "nightbell",
        loop: EventLoop, dialer: (any Dialer & Sendable)? = nil, limits: PagingLimits = PagingLimits(),
        now: @escaping @Sendable () -> Date = { Date() }, log: @escaping EventLog
    ) {
        self.lines = Dictionary(lines.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        self.store = store
        self.lookups = lookups
        self.ownLookup = OwnDataLookup(store: store)
        self.sounds = sounds
        self.now = now
        self.log = log
        self.loop = loop
        self.dialer = dialer
        self.limits = limits
        board = RingBoard(loop: loop)
        pager = Pager(loop: loop)
        // The flows live as long as the server; the pager must not keep them longer.
        pager.work = { [weak self] page in await self?.goOn(with: page) }
    }

    /// Adds the routes of the flows and of their single steps.
    public func register(on server: AGIServer) {
        server.route("after-hours") { try await self.step($0, self.afterHours) }
        server.route("check-hours") { try await self.step($0, self.checkHours) }
        server.route("check-contract") { try await self.step($0, self.checkContract) }
        server.route("check-message") { try await self.step($0, self.checkMessage) }
        server.route("page") { try await self.step($0, self.page) }
        // A page in progress ends only if its engineers can still be heard.
        server.route("engineer", whileDraining: true) { try await self.engineer($0) }
    }

    /// Finds the line that the dialplan asked for and runs a flow on it.
    private func step(_ session: Session, _ flow: (Session, Line) async throws -> Void) async throws {
        let name = session.request["line"] ?? ""
        guard let line = lines[name] else {
            let known = lines.keys.sorted().joined(separator: ", ")
            log(.error, "unknown-line", [("line", name), ("known", known), ("channel", session.environment.channel)])
            try? await session.verbose("No line of this name in nightbell.conf; known are \(known)")
            return
        }
        if let language = line.language { try? await session.setVariable("CHANNEL(language)", to: language) }
        try await flow(session, line)
    }

    /// Begins the call in the store, or goes on with it when another step of the same call has.
    func begin(_ session: Session, _ line: Line) async throws -> Call {
        let caller = Caller(number: session.environment.callerNumber, name: session.environment.callerName)
        let id = try await store.beginCall(
            line: line.name, uniqueID: session.environment.uniqueID, caller: caller, at: now())
        return Call(session: session, line: line, id: id, caller: caller)
    }

    /// One line of the log about a call.
    func note(_ level: LogLevel, _ event: String, _ call: Call, _ fields: [(name: String, value: String)] = []) {
        log(level, event, [("call", String(call.id.rawValue)), ("line", call.line.name)] + fields)
    }
}

/// One call on one line, as its steps hand it on.
struct Call {
    let session: Session
    let line: Line
    let id: CallID
    let caller: Caller
}

/// What a caller's contract number came to.
struct Checked {
    let contract: ContractNumber?
    let verification: Verification

    /// Whether a message wakes somebody.
    var pages: Bool {
        switch verification.entitlement {
        case .entitled, .unverified: true
        case .notEntitled, .unknown: false
        }
    }

    /// The minutes promised.
    func minutes(_ line: Line) -> Int { verification.callbackMinutes ?? line.callbackMinutes }
}
