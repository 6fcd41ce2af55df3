/// How the dialling of one engineer ended. The raw value is how the store names it.
public enum RingOutcome: String, Sendable, Hashable, Codable, CaseIterable {
    /// The engineer accepted the page.
    case accepted
    /// The engineer passed it on.
    case declined
    /// Someone or something answered and no key was pressed: a cell phone's mailbox, or silence.
    case noKey = "no-key"
    /// The phone rang its time out.
    case notAnswered = "not-answered"
    /// The phone was busy.
    case busy
    /// The network had no way to the phone.
    case congestion
    /// The call could not be made.
    case failed
    /// The engineer's side hung up before a key was pressed.
    case hungUp = "hung-up"
    /// Someone else had accepted the page before.
    case taken
    /// The engineer accepted and was gone before the message was heard; the page is nobody's again.
    case lost
    /// The server ended, or lost its PBX, while it rang; what came of it was never known.
    case cut

    /// What ORIGINATE_STATUS, as the application Originate leaves it, says of a ring.
    ///
    /// `SUCCESS` only says that the call was answered: `noKey` stands unless the engineer's leg recorded more. Text that
    /// is none of the six known words, or none at all, is `failed`.
    public static func fromOriginateStatus(_ status: String?) -> RingOutcome {
        switch status {
        case "SUCCESS": .noKey
        case "BUSY": .busy
        case "CONGESTION": .congestion
        case "RINGING": .notAnswered
        case "HANGUP": .hungUp
        default: .failed
        }
    }
}

/// How a page ended.
public enum PageEnd: Sendable, Hashable, Codable {
    /// Someone has it: the engineer's id; nil where only the store's claim says who.
    case accepted(String?)
    /// Everyone was rung and nobody accepted.
    case exhausted
}
