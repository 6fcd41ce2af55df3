public import Foundation
import Synchronization

/// What a caller's phone sends.
public struct CallerID: Sendable {
    /// The number; empty when the phone sends none. Anything is passed on as it is.
    public var number: String
    /// The name; empty when the phone sends none. Anything is passed on as it is.
    public var name: String
    /// True when the number is sent but must not be shown.
    public var withheld: Bool

    /// A caller ID; by default the example number 15550123.
    public init(number: String = "15550123", name: String = "", withheld: Bool = false) {
        self.number = number
        self.name = name
        self.withheld = withheld
    }
}

/// A robot that has called a test line: it listens, types, speaks, keeps silent and hangs up as it is told.
public final class Caller: Sendable {
    /// The dialplan that a call comes into.
    public enum Entry: String, Sendable {
        /// The shipped context nightbell-after-hours.
        case afterHours = "after-hours"
        /// The shipped example nightbell-steps, with the single steps.
        case steps
        /// An AGI program of the test's own, whose path is the line's name.
        case traps
    }

    /// One step of a caller's script.
    public enum Step: Sendable {
        /// Waits until this prompt begins to play, 60 s at most: its name, as `enter-contract` or `beep`.
        case hears(String)
        /// Types digits, `*` and `#`.
        case presses(String)
        /// Speaks for so many seconds.
        case speaks(Double)
        /// Says nothing for so many seconds.
        case silent(Double)
        /// Hangs up.
        case hangsUp
    }

    /// Its number among all calls of the lab.
    public let id: Int

    /// The line it called.
    public let line: TestLine

    /// The channel of the robot's half.
    public let channel: String

    /// The channel that runs the dialplan and nightbell's call.
    public let lineChannel: String

    private let start: Int
    private let position: Mutex<Int>

    private var pbx: PBX { line.pbx }
    private var who: String { "caller-\(id)" }

    static func call(
        _ line: TestLine, from callerID: CallerID, entry: Entry, language: String
    ) async throws -> Caller {
        let pbx = line.pbx
        let id = pbx.calls.add(1, ordering: .relaxed).newValue
        let mark = pbx.log.mark
        try await pbx.setGlobal("CALL_\(id)_LINE", "\(line.number)")
        try await pbx.setGlobal("CALL_\(id)_ENTRY", entry.rawValue)
        try await pbx.setGlobal("CALL_\(id)_LANGUAGE", language)
        try await pbx.setGlobal("CALL_\(id)_NUMBER", callerID.number)
        try await pbx.setGlobal("CALL_\(id)_NAME", callerID.name)
        try await pbx.setGlobal("CALL_\(id)_PRESENTATION", callerID.withheld ? "prohib" : "allowed")
        try await pbx.command("channel originate Local/\(id)@lab-line/n extension \(id)@lab-caller")
        let connected = try await pbx.log.wait(for: "answer to call \(id)", since: mark, within: 20) {
            $0.isRobot("caller-\(id)", "connected")
        }
        return Caller(id: id, line: line, channel: connected.channel ?? "", mark: mark)
    }

    private init(id: Int, line: TestLine, channel: String, mark: Int) {
        self.id = id
        self.line = line
        self.channel = channel
        lineChannel = String(channel.dropLast()) + "2"
        start = mark
        position = Mutex(mark)
    }

    deinit {
        let (pbx, channel) = (pbx, channel)
        // A caller nobody holds any more would stay on the line for two hours.
        Task { try await pbx.command("channel request hangup \(channel)") }
    }

    /// Does the steps one after the other.
    ///
    /// - Throws: `LabError.timedOut` when a prompt does not come, `LabError.callEnded` when it was hung up.
    public func run(_ steps: [Step]) async throws {
        for step in steps {
            switch step {
            case .hears(let prompt): try await hears(prompt)
            case .presses(let keys): try await press(keys)
            case .speaks(let seconds): try await speak(seconds)
            case .silent(let seconds): try await keepSilent(seconds)
            case .hangsUp: try await hangUp()
            }
        }
    }

    /// Waits until a prompt begins to play to it, looking only at what came after the last one waited for.
    ///
    /// - Parameters:
    ///   - prompt: its name; nightbell's own without the folder.
    ///   - seconds: how long to wait at most.
    /// - Returns: the time it began.
    /// - Throws: `LabError.timedOut`, `LabError.callEnded`.
    @discardableResult
    public func hears(_ prompt: String, within seconds: TimeInterval = 60) async throws -> Date {
        let (who, lineChannel) = (who, lineChannel)
        let event = try await pbx.log.wait(
            for: "\(who) hearing \(prompt)", since: position.withLock { $0 }, within: seconds
        ) {
            $0.isRobot(who, "gone")
                || ($0.channel == lineChannel && ($0.prompt == "nightbell/\(prompt)" || $0.prompt == prompt))
        }
        position.withLock { $0 = event.index + 1 }
        if event.prompt == nil { throw LabError.callEnded("\(who) waiting for \(prompt)") }
        return event.time
    }

    /// Types keys and waits until they are sent: about a quarter of a second each.
    ///
    /// - Parameter keys: digits, `*`, `#`.
    /// - Throws: `LabError.callEnded`.
    public func press(_ keys: String) async throws {
        try await act("lab-press", keys, done: "pressed", within: Double(keys.count) * 0.3 + 20)
    }

    /// Speaks (real speech, made once) for so many seconds, and waits until it is said.
    ///
    /// - Throws: `LabError.callEnded` when it is hung up while speaking.
    public func speak(_ seconds: Double) async throws {
        let tenths = Int((seconds * 10).rounded())
        try Speech.provide(tenths: tenths, in: pbx.folder)
        try await act("lab-speak", "\(tenths)", done: "spoke", within: seconds + 20)
    }

    /// Sends silence, as an open line does, for so many seconds or until it is hung up.
    ///
    /// A robot that only waits sends no frames at all, in which VoiceMail() can't hear that nobody speaks.
    public func keepSilent(_ seconds: Double) async throws {
        let tenths = Int((seconds * 10).rounded())
        try Speech.provide(tenths: tenths, isSilent: true, in: pbx.folder)
        let who = who
        let mark = pbx.log.mark
        try await pbx.redirect(channel, to: "lab-silent", "\(tenths)")
        try await pbx.log.wait(for: "\(who): silence", since: mark, within: seconds + 20) {
            $0.isRobot(who, "spoke") || $0.isRobot(who, "gone")
        }
    }

    /// Hangs up and waits until the robot is gone.
    ///
    /// - Throws: `LabError.callEnded` when it was hung up before.
    public func hangUp() async throws {
        try await act("lab-hang-up", "s", done: "gone", within: 20)
    }

    private func act(_ context: String, _ exten: String, done: String, within seconds: TimeInterval) async throws {
        let who = who
        let mark = pbx.log.mark
        try await pbx.redirect(channel, to: context, exten)
        let event = try await pbx.log.wait(for: "\(who): \(done)", since: mark, within: seconds) {
            $0.isRobot(who, done) || $0.isRobot(who, "gone")
        }
        if !event.isRobot(who, done) { throw LabError.callEnded(who) }
    }

    /// The prompts played to it so far, in order; nightbell's own without the folder.
    public var heard: [String] {
        pbx.log.events(since: start).compactMap { event in
            guard event.channel == lineChannel, let prompt = event.prompt else { return nil }
            return prompt.hasPrefix("nightbell/") ? String(prompt.dropFirst("nightbell/".count)) : prompt
        }
    }

    /// True once the robot's half is hung up, by whomever.
    public var isGone: Bool {
        let who = who
        return pbx.log.events(since: start).contains { $0.isRobot(who, "gone") }
    }

    /// Waits until the dialplan is done with this call, which may be long after the caller hung up.
    ///
    /// - Returns: what the call left in its channel variables.
    /// - Throws: `LabError.timedOut`.
    public func outcome(within seconds: TimeInterval = 60) async throws -> Outcome {
        let who = "call-\(id)"
        let event = try await pbx.log.wait(for: "the end of \(who)", since: start, within: seconds) {
            $0.isRobot(who, "over") || $0.isRobot(who, "returned")
        }
        return Outcome(event)
    }
}

/// What a call left in its channel variables when it was over; empty text where a variable was not set.
public struct Outcome: Sendable {
    /// When the dialplan was done.
    public let time: Date
    /// True when nightbell-after-hours returned to the dialplan that called it: the line is open.
    public let returned: Bool
    /// NIGHTBELL_STATUS.
    public var status: String { facts["status"] ?? "" }
    /// AGISTATUS.
    public var agiStatus: String { facts["agi"] ?? "" }
    /// VMSTATUS.
    public var voicemailStatus: String { facts["vm"] ?? "" }
    /// NIGHTBELL_HOURS.
    public var hours: String { facts["hours"] ?? "" }
    /// NIGHTBELL_CONTRACT.
    public var contract: String { facts["contract"] ?? "" }
    /// NIGHTBELL_ENTITLED.
    public var entitled: String { facts["entitled"] ?? "" }
    /// NIGHTBELL_CALLBACK_MINUTES.
    public var callbackMinutes: String { facts["minutes"] ?? "" }
    /// NIGHTBELL_MESSAGE.
    public var message: String { facts["message"] ?? "" }
    /// NIGHTBELL_MESSAGE_SECONDS.
    public var messageSeconds: String { facts["seconds"] ?? "" }
    /// NIGHTBELL_PAGE.
    public var page: String { facts["page"] ?? "" }

    private let facts: [String: String]

    init(_ event: LogEvent) {
        time = event.time
        if case .robot(_, let did, let facts) = event.kind {
            self.facts = facts
            returned = did == "returned"
        } else {
            facts = [:]
            returned = false
        }
    }
}
