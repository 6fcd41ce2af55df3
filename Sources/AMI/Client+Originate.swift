/// What came of a call that Asterisk was asked to make, in the words of the dialplan's ORIGINATE_STATUS.
public enum OriginateOutcome: Sendable, Equatable {
    /// It was answered, on the channel of this name; the answering leg runs its own dialplan.
    case answered(channel: String)
    /// The far end is busy.
    case busy
    /// The network had no way to the far end.
    case congestion
    /// It rang its time out.
    case notAnswered
    /// `hangUp` ended it, or the far end hung up before it was answered.
    case hungUp
    /// It could not be made, or was rejected; with Asterisk's reason.
    case failed(reason: Int)
    /// The connection went, or OriginateResponse never came: the call may still ring, or be up. Never to be taken for a
    /// failure; `hangUp` with the channel's id ends it, if it is there.
    case unknown(AMIError)

    /// SUCCESS, BUSY, CONGESTION, RINGING, HANGUP or FAILED, as the application Originate sets ORIGINATE_STATUS; nil for
    /// what is unknown.
    public var status: String? {
        switch self {
        case .answered: "SUCCESS"
        case .busy: "BUSY"
        case .congestion: "CONGESTION"
        case .notAnswered: "RINGING"
        case .hungUp: "HANGUP"
        case .failed: "FAILED"
        case .unknown: nil
        }
    }

    /// Reads the event OriginateResponse.
    ///
    /// Its Reason is the number of a control frame. Observed on Asterisk 16 and 22: 4 answered, 5 busy, 8 congestion,
    /// 3 nobody answered in time; 0 for a number that does not exist (cause 1), a rejection (cause 21), an unknown
    /// context, technology or a ChannelId in use, and a channel that Hangup ended. 1 is the control
    /// frame of a hang-up; it was never seen here.
    init(_ event: Packet, wasHungUp: Bool) {
        if event["Response"]?.isSameKey(as: "Success") == true {
            self = .answered(channel: event["Channel"] ?? "")
            return
        }
        let reason = Int(event["Reason"] ?? "") ?? 0
        switch reason {
        case 5: self = .busy
        case 8: self = .congestion
        case 3: self = wasHungUp ? .hungUp : .notAnswered
        case 1: self = .hungUp
        default: self = wasHungUp ? .hungUp : .failed(reason: reason)
        }
    }
}

extension Client {
    /// An id for a channel, unique among all clients of the PBX.
    public func newChannelID() -> ChannelID {
        lastChannel += 1
        return ChannelID(unchecked: "\(token)-channel-\(lastChannel)")
    }

    /// Makes a call and waits for what comes of it. Sends Originate with `Async: true`, waits for OriginateResponse.
    ///
    /// - Returns: the outcome, at the latest after the origination's timeout, `options.reply` and
    ///   `options.originateGrace`.
    /// - Throws: `AMIError` when Asterisk refused the call or it was not sent: nobody was rung then.
    public func originate(_ origination: Origination) async throws(AMIError) -> OriginateOutcome {
        let id = origination.channelID
        originating[id] = false
        defer { originating[id] = nil }
        do throws(AMIError) {
            let limit = origination.timeout + options.reply + options.originateGrace
            let answer = try await exchange(origination.action, .event("OriginateResponse"), within: limit)
            guard let event = answer.events.first else { return .unknown(.timedOut(action: "Originate")) }
            return OriginateOutcome(event, wasHungUp: originating[id] == true)
        } catch {
            switch error {
            case .disconnected, .timedOut: return .unknown(error)
            default: throw error
            }
        }
    }

    /// Hangs up a channel made by `originate`, whether it rings or is answered. Sends Hangup.
    ///
    /// - Returns: false when there is no such channel: not yet, or not any more.
    /// - Throws: `AMIError`.
    @discardableResult
    public func hangUp(_ channel: ChannelID) async throws(AMIError) -> Bool {
        if originating[channel] != nil { originating[channel] = true }
        do throws(AMIError) {
            _ = try await perform(Action("Hangup", ["Channel": channel.text]))
            return true
        } catch .rejected(_, let message) where message.isSameKey(as: "No such channel") {
            if originating[channel] != nil { originating[channel] = false }
            return false
        }
    }
}
