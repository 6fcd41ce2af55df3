public import Foundation
import Synchronization

/// One of the numbered support lines of the lab: its own mailbox, contexts and server port, so that scenarios never meet.
///
/// It is given back when it is released; the next one to take it finds its mailbox empty.
public final class TestLine: Sendable {
    /// Its number, 1 to `PBX.lineCount`.
    public let number: Int

    /// The Asterisk it is a line of.
    public let pbx: PBX

    /// Where the events of the log begin that may be this line's.
    public let mark: Int

    init(number: Int, pbx: PBX) {
        self.number = number
        self.pbx = pbx
        mark = pbx.log.mark
    }

    deinit { pbx.lines.giveBack(number) }

    /// Its name: the section in nightbell.conf, and what the dialplan says as `line=`.
    public var name: String { "line-\(number)" }

    /// Its mailbox, as VoiceMail() wants it.
    public var mailbox: String { "\(1000 + number)@support" }

    /// The context that an engineer's leg of this line must be sent to (`engineer_context`).
    public var engineerContext: String { "lab-engineer-\(number)" }

    /// Says where this line's server listens on 127.0.0.1.
    public func use(port: Int) async throws { try await pbx.setGlobal("LAB_PORT_\(number)", "\(port)") }

    /// Says that calls come to this section of nightbell.conf, or by `Caller.Entry.traps` to this AGI path.
    public func isKnown(as name: String) async throws { try await pbx.setGlobal("LAB_NAME_\(number)", name) }

    /// The number of a robot engineer, or of a customer to be called back, that belongs to this line.
    public func robot(_ behaviour: Robot.Behaviour, _ own: Int = 0) -> String {
        Robot.number(behaviour, line: number, own)
    }

    /// A robot calls this line and has been answered.
    ///
    /// - Parameters:
    ///   - callerID: what its phone sends.
    ///   - entry: the dialplan it comes into.
    ///   - language: the language of the channel.
    /// - Throws: `LabError.timedOut` when nothing answered within 20 s.
    public func call(
        from callerID: CallerID = CallerID(), entry: Caller.Entry = .afterHours, language: String = "en"
    ) async throws -> Caller {
        try await Caller.call(self, from: callerID, entry: entry, language: language)
    }

    /// Whom nightbell has dialled for this line, in order.
    public var dialled: [Dialled] {
        pbx.log.events(since: mark).compactMap(Dialled.init).filter { $0.line == number }
    }

    /// Waits until this number has been dialled.
    ///
    /// - Parameter times: how many times in all.
    /// - Throws: `LabError.timedOut`.
    @discardableResult
    public func dials(_ robot: String, times: Int = 1, within seconds: TimeInterval = 30) async throws -> Dialled {
        let end = Date().addingTimeInterval(seconds)
        while true {
            let found = dialled.filter { $0.number == robot }
            if found.count >= times { return found[times - 1] }
            guard Date() < end else { break }
            try await Task.sleep(for: .milliseconds(30))
        }
        throw LabError.timedOut("dialling \(robot)", after: seconds, seen: dialled.map { "dialled \($0.number)" })
    }

    /// What a robot of this line did, in order: `dialled`, `answers`, `presses`, `pressed`, `hangs-up`, `gone`.
    public func deeds(of robot: String) -> [String] {
        pbx.log.events(since: mark).compactMap { event in
            if case .robot(robot, let did, _) = event.kind { did } else { nil }
        }
    }

    /// The prompts played to a robot, in order, without folder.
    public func heard(by robot: String) -> [String] {
        pbx.log.events(since: mark).compactMap { event in
            guard let prompt = event.prompt, let channel = event.channel,
                channel.hasPrefix("Local/\(robot)@"), channel.hasSuffix(";1")
            else { return nil }
            return prompt.hasPrefix("nightbell/") ? String(prompt.dropFirst("nightbell/".count)) : prompt
        }
    }

    /// The messages in its mailbox, oldest first.
    public func messages() throws -> [Message] {
        try Message.all(in: inbox).sorted { $0.name < $1.name }
    }

    /// Waits until its mailbox holds so many messages.
    ///
    /// - Throws: `LabError.timedOut`.
    public func messages(_ count: Int, within seconds: TimeInterval) async throws -> [Message] {
        let end = Date().addingTimeInterval(seconds)
        while true {
            let found = try messages()
            if found.count >= count { return found }
            guard Date() < end else {
                throw LabError.timedOut("\(count) messages in \(mailbox)", after: seconds, seen: ["\(found)"])
            }
            try await Task.sleep(for: .milliseconds(30))
        }
    }

    /// The folder of its messages, from outside.
    public var inbox: URL { pbx.folder.appendingPathComponent("spool/voicemail/support/\(1000 + number)/INBOX") }
}

/// What the far end was told of a call that nightbell made.
public struct Dialled: Sendable {
    /// The number dialled, digits.
    public let number: String
    /// The number of the test line it is for.
    public let line: Int?
    /// The caller ID's number.
    public let fromNumber: String
    /// The caller ID's name.
    public let fromName: String
    /// When.
    public let time: Date
    /// The far end's channel.
    public let channel: String

    init?(_ event: LogEvent) {
        guard case .robot(let who, "dialled", let facts) = event.kind else { return nil }
        number = who
        line = Robot.behaviour(of: who) == nil ? nil : Int(who.dropFirst(3).prefix(2))
        fromNumber = facts["number"] ?? ""
        fromName = facts["name"] ?? ""
        time = event.time
        channel = facts["channel"] ?? ""
    }
}

extension PBX {
    /// A test line that nobody else has, with an empty mailbox.
    ///
    /// - Throws: `LabError.noLine` when none comes free within ten minutes.
    public func takeLine() async throws -> TestLine {
        let end = Date().addingTimeInterval(600)
        while Date() < end {
            if let number = lines.take() {
                let line = TestLine(number: number, pbx: self)
                if FileManager.default.fileExists(atPath: line.inbox.path) {
                    try FileManager.default.removeItem(at: line.inbox)
                }
                return line
            }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw LabError.noLine
    }
}

/// The numbers of the lines that are free; the one free longest is taken first.
final class LinePool: Sendable {
    private let free: Mutex<[Int]>

    init(count: Int) { free = Mutex(Array(1...count)) }

    func take() -> Int? { free.withLock { $0.isEmpty ? nil : $0.removeFirst() } }

    func giveBack(_ number: Int) { free.withLock { $0.append(number) } }
}
