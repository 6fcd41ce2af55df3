/// A robot at the far end of a call that nightbell makes: an engineer, or a customer who is called back.
///
/// Its number says what it does, so a roster of robots needs nothing but numbers.
public enum Robot {
    /// What a robot does when it is dialled.
    public enum Behaviour: Int, CaseIterable, Sendable {
        /// Rings for ever.
        case neverAnswers = 0
        /// Is busy.
        case busy
        /// The network is congested.
        case congestion
        /// The number does not exist (cause 1).
        case noSuchNumber
        /// A cell phone's mailbox: answers, talks for six seconds, beeps, records, presses nothing.
        case mailbox
        /// Accepts with 1, listens to the message, ends with #.
        case accepts
        /// Accepts, hears the message again with 1, ends with #.
        case acceptsHearsAgain
        /// Accepts, asks with 2, ends with #.
        case acceptsAsks
        /// Accepts, calls back with 3.
        case acceptsCallsBack
        /// Passes the page on with 2.
        case declines
        /// Answers and hangs up.
        case hangsUp
        /// Rings six seconds, then accepts.
        case answersLate
        /// Answers, says and presses nothing, stays.
        case silent
        /// Presses 7, which the menu has not, then accepts.
        case pressesWrongThenAccepts
        /// Rejects the call (cause 21).
        case rejects
        /// Accepts and hangs up as soon as the message plays.
        case acceptsHangsUp
        /// Answers and waits for what the test tells it: see `FarEnd`.
        case waits
        /// Answers and talks for ten seconds: a customer who is called back.
        case talks
    }

    /// The number of a robot: 2, two digits of behaviour, two of the line, one of its own.
    ///
    /// - Parameters:
    ///   - behaviour: what it does.
    ///   - line: the number of the test line, 1 to 80, so that scenarios do not meet.
    ///   - own: 0 to 9, to tell robots of one line and behaviour apart.
    public static func number(_ behaviour: Behaviour, line: Int, _ own: Int = 0) -> String {
        func two(_ value: Int) -> String { (value < 10 ? "0" : "") + String(value) }
        return "2\(two(behaviour.rawValue))\(two(line))\(own % 10)"
    }

    /// The number of a robot that belongs to no line, 15550160 and on: for data that are the same whoever uses them.
    ///
    /// - Parameter behaviour: what it does.
    public static func number(_ behaviour: Behaviour) -> String { "\(firstCommon + behaviour.rawValue)" }

    private static let firstCommon = 15_550_160

    /// What the robot with this number does; nil when it is not a robot's.
    static func behaviour(of number: String) -> Behaviour? {
        let digits = number.drop { $0 == "+" }
        if digits.count == 8 { return Int(digits).flatMap { Behaviour(rawValue: $0 - firstCommon) } }
        guard digits.count == 6, digits.first == "2", let value = Int(digits.dropFirst().prefix(2)) else { return nil }
        return Behaviour(rawValue: value)
    }
}

extension Robot.Behaviour {
    /// A robot's answer to a prompt that begins to play.
    struct Reaction: Sendable {
        /// Whether it presses keys or hangs up.
        enum Action: Sendable { case press(String), hangUp }

        /// The prompt, without folder.
        let prompt: String
        /// The how-many-th time it plays on this call, from 1; nil for every time.
        let time: Int?
        /// What it does.
        let action: Action
    }

    /// What it presses, and when: as soon as a prompt begins, as people do who know the menu.
    var reactions: [Reaction] {
        func press(_ keys: String, at prompt: String, _ time: Int? = nil) -> Reaction {
            Reaction(prompt: prompt, time: time, action: .press(keys))
        }
        let accept = press("1", at: "page-menu", 1)
        switch self {
        case .accepts, .answersLate: return [accept, press("#", at: "message-menu")]
        case .acceptsHearsAgain: return [accept, press("1", at: "message-menu", 1), press("#", at: "message-menu", 2)]
        case .acceptsAsks: return [accept, press("2", at: "message-menu", 1), press("#", at: "message-menu", 2)]
        case .acceptsCallsBack: return [accept, press("3", at: "message-menu", 1), press("#", at: "message-menu", 2)]
        case .declines: return [press("2", at: "page-menu", 1)]
        case .pressesWrongThenAccepts:
            return [press("7", at: "page-menu", 1), press("1", at: "page-menu", 2), press("#", at: "message-menu")]
        case .acceptsHangsUp: return [accept, Reaction(prompt: "message-menu", time: 1, action: .hangUp)]
        default: return []
        }
    }

    /// The name of its extension.
    var dialplanExtension: String { rawValue < 10 ? "does-0\(rawValue)" : "does-\(rawValue)" }

    /// Its extension in the dialplan's far end.
    var dialplan: String {
        let lines = applications.enumerated().map { index, application in
            index == 0 ? "exten => \(dialplanExtension),1,\(application)" : " same => n,\(application)"
        }
        return lines.joined(separator: "\n")
    }

    private var applications: [String] {
        let pickUp = ["Answer()", "Log(NOTICE,robot ${LAB_WHO} answers channel=${CHANNEL})"]
        let wait = "Goto(lab-idle,s,1)"
        switch self {
        case .neverAnswers: return ["Ringing()", "Wait(600)"]
        case .busy: return ["Busy(1)"]
        case .congestion: return ["Congestion(1)"]
        case .noSuchNumber: return ["Hangup(1)"]
        case .rejects: return ["Ringing()", "Wait(1)", "Hangup(21)"]
        case .mailbox:
            return ["Ringing()", "Wait(1)"] + pickUp + [
                "Playback(lab/speech-60)", "Playback(beep)", "Wait(60)", "Hangup()",
            ]
        case .hangsUp: return ["Ringing()", "Wait(1)"] + pickUp + ["Wait(1)", "Hangup()"]
        case .answersLate: return ["Ringing()", "Wait(6)"] + pickUp + [wait]
        case .talks: return ["Ringing()", "Wait(1)"] + pickUp + ["Playback(lab/speech-100)", "Hangup()"]
        default: return ["Ringing()", "Wait(1)"] + pickUp + [wait]
        }
    }
}
