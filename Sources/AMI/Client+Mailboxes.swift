/// How many messages a mailbox holds.
public struct MailboxState: Sendable, Equatable {
    /// The mailbox's number, the part before the `@`.
    public let number: String
    /// The voicemail context, the part after the `@`.
    public let context: String
    /// Messages nobody has listened to, the urgent ones not counted.
    public let new: Int
    /// Messages that were listened to.
    public let old: Int
}

/// A message as its mailbox lists it.
public struct MailboxMessage: Sendable, Equatable {
    /// The folder: `INBOX` for new messages, `Old` for those listened to.
    public let folder: String
    /// What the caller's phone sent, as `"Name" <15550101>`; anyone can set that.
    public let callerID: String
    /// When it was left, as Asterisk writes dates.
    public let date: String
    /// Its length in seconds.
    public let seconds: Int
    /// The id that VoiceMailPlayMsg takes.
    public let id: String
}

extension Client {
    /// All mailboxes and what they hold. Sends VoicemailUsersList; app_voicemail has it.
    public func mailboxes() async throws(AMIError) -> [MailboxState] {
        try await list(Action("VoicemailUsersList")).compactMap { event in
            guard let number = event["VoiceMailbox"], let context = event["VMContext"] else { return nil }
            return MailboxState(
                number: number, context: context, new: Int(event["NewMessageCount"] ?? "") ?? 0,
                old: Int(event["OldMessageCount"] ?? "") ?? 0)
        }
    }

    /// What one mailbox holds; zeros for one that does not exist too, because Asterisk does not tell. Sends MailboxCount.
    public func mailbox(_ number: String, context: String) async throws(AMIError) -> MailboxState {
        let number = try Checked.name(number, "mailbox", also: "-_", limit: 79)
        let context = try Checked.name(context, "voicemail context", also: "-_", limit: 79)
        let response = try await perform(Action("MailboxCount", ["Mailbox": "\(number)@\(context)"]))
        return MailboxState(
            number: number, context: context, new: Int(response["NewMessages"] ?? "") ?? 0,
            old: Int(response["OldMessages"] ?? "") ?? 0)
    }

    /// The messages of a mailbox. Sends VoicemailBoxSummary, which came with Asterisk 18.20 and 20.5: an older one throws
    /// `unknownAction`.
    ///
    /// - Returns: none when there is no such mailbox.
    public func messages(in number: String, context: String) async throws(AMIError) -> [MailboxMessage] {
        let number = try Checked.name(number, "mailbox", also: "-_", limit: 79)
        let context = try Checked.name(context, "voicemail context", also: "-_", limit: 79)
        let events = try await list(Action("VoicemailBoxSummary", ["Context": context, "Mailbox": number]))
        return events.map { event in
            MailboxMessage(
                folder: event["Folder"] ?? "", callerID: event["CallerID"] ?? "", date: event["Date"] ?? "",
                seconds: Int(event["Duration"] ?? "") ?? 0, id: event["ID"] ?? "")
        }
    }
}
