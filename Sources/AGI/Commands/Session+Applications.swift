extension Session {
    /// Runs a dialplan application. Sends `EXEC`.
    ///
    /// - Parameters:
    ///   - application: its name, such as `VoiceMail`.
    ///   - options: its arguments as the dialplan writes them, separated by commas.
    ///   - duration: how long it may take at most; nil for `SessionLimits.application`.
    /// - Returns: what the application returned: 0, or -1 when the call ended in it or it failed.
    /// - Throws: `AGIError`; an application that is not there answers -2, given as `unknownCommand`.
    @discardableResult
    public func execute(
        _ application: String, _ options: String = "", lasting duration: Duration? = nil
    ) async throws(AGIError) -> Int {
        let reply = try await perform(.exec, lasting: duration) {
            $0.argument(application)
            if !options.isEmpty { $0.argument(options) }
        }
        let result = reply.number ?? 0
        if result == 1 { try await swallowUsageBlock() }
        if result == -2 { throw .unknownCommand(command: "EXEC \(application)") }
        return result
    }

    /// Runs a dialplan subroutine and answers when it returned. Sends `GOSUB`.
    ///
    /// Asterisk says `100 Trying` first, which is no answer and not shown. The subroutine's value is in the variable
    /// GOSUB_RETVAL.
    ///
    /// - Parameters:
    ///   - context: the context of the subroutine.
    ///   - name: its extension.
    ///   - priority: a number or a label.
    ///   - arguments: ARG1 and on, separated by commas as the dialplan writes them; nil for none.
    /// - Returns: false when there is no such place in the dialplan.
    public func gosub(
        context: String, extension name: String, priority: String = "1", arguments: String? = nil
    ) async throws(AGIError) -> Bool {
        try await perform(.gosub) {
            $0.argument(context)
            $0.argument(name)
            $0.argument(priority)
            if let arguments { $0.argument(arguments) }
        }.number == 0
    }

    /// Rings somebody and answers when the call was answered or failed. Runs the application `Originate`.
    ///
    /// Works on a hung-up channel. The answered leg runs the dialplan at `context`, `name`, priority 1.
    ///
    /// - Parameters:
    ///   - endpoint: such as `Local/15550101@outbound/n`. It must come from checked values only.
    ///   - context: where the answered leg goes.
    ///   - name: its extension there.
    ///   - time: how long to ring, in whole seconds.
    ///   - callerNumber: shown to who is rung; digits only.
    ///   - callerName: shown beside it, without commas and parentheses; empty for none.
    /// - Returns: ORIGINATE_STATUS.
    public func originate(
        _ endpoint: String, context: String, extension name: String, ringing time: Duration, callerNumber: String,
        callerName: String = ""
    ) async throws(AGIError) -> String {
        let shown = callerName.isEmpty ? "c(\(callerNumber))" : "c(\(callerNumber))n(\(callerName))"
        try await execute(
            "Originate", "\(endpoint),exten,\(context),\(name),1,\(time.wholeSeconds),\(shown)", lasting: time)
        return try await variable("ORIGINATE_STATUS") ?? "FAILED"
    }

    /// Bridges the channel with somebody and answers when that call is over. Runs the application `Dial`.
    ///
    /// - Parameters:
    ///   - endpoint: such as `Local/15550101@outbound`. It must come from checked values only.
    ///   - time: how long to ring, in whole seconds.
    ///   - options: Dial()'s own, such as `g`, with which the dialplan goes on when the other side hangs up.
    /// - Returns: DIALSTATUS: ANSWER, BUSY, NOANSWER, CANCEL, CONGESTION, CHANUNAVAIL and others.
    public func dial(
        _ endpoint: String, ringing time: Duration, options: String = ""
    ) async throws(AGIError) -> String {
        try await execute("Dial", "\(endpoint),\(time.wholeSeconds),\(options)")
        return try await variable("DIALSTATUS") ?? "FAILED"
    }

    /// Lets the caller leave a message. Runs the application `VoiceMail`.
    ///
    /// - Parameters:
    ///   - mailbox: `NUMBER@CONTEXT` of voicemail.conf.
    ///   - options: `s` skips the instructions, `u` and `b` play the mailbox's greetings.
    /// - Returns: VMSTATUS and the message's file without its extension; the file is empty when there is none.
    public func voiceMail(_ mailbox: String, options: String = "s") async throws(AGIError) -> VoiceMailResult {
        try await setVariable("VM_MESSAGEFILE", to: "")
        let result = try await execute("VoiceMail", "\(mailbox),\(options)")
        return VoiceMailResult(
            status: try await variable("VMSTATUS") ?? "FAILED", file: try await variable("VM_MESSAGEFILE") ?? "",
            callerHungUp: result == -1)
    }
}

/// What VoiceMail() left behind.
public struct VoiceMailResult: Sendable, Equatable {
    /// SUCCESS, USEREXIT or FAILED.
    public let status: String
    /// The message's path on the PBX without its extension; empty without a message.
    public let file: String
    /// Whether the call ended while recording.
    public let callerHungUp: Bool
}
