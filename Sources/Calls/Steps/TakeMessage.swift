internal import AGI
internal import Foundation
internal import OnCall

extension CallFlows {
    /// The single step `check-message`: measures what VoiceMail() just left in this call.
    func checkMessage(_ session: Session, _ line: Line) async throws {
        let call = try await begin(session, line)
        let file = try await session.variable("VM_MESSAGEFILE") ?? ""
        _ = try await measure(file, call, opensPage: false)
    }

    /// Says what is promised and takes the message, again if it was too short and the caller is still there.
    ///
    /// - Returns: nil when nothing was left.
    func takeMessage(_ call: Call, _ checked: Checked) async throws -> MessageRecord? {
        try await invite(call, checked)
        var measured: MessageRecord?
        for attempt in 0...call.line.messageRetries {
            let result = try await call.session.voiceMail(call.line.mailbox.text)
            let latest = try await measure(result.file, call, opensPage: checked.pages)
            measured = latest ?? measured
            if latest?.verdict == .longEnough { return latest }
            if result.status == "FAILED", latest == nil, !result.callerHungUp {
                note(
                    .error, "voicemail-failed", call,
                    [("mailbox", call.line.mailbox.text), ("mend", "does it exist in voicemail.conf, is it full?")])
            }
            guard !result.callerHungUp, !call.session.isHungUp, attempt < call.line.messageRetries else { break }
            do throws(AGIError) {
                try await say(.messageTooShort, to: call.session)
                try await say(.leaveOnceMore, to: call.session)
            } catch {
                guard error.meansHangUp else { throw error }
                break
            }
        }
        return measured
    }

    private func invite(_ call: Call, _ checked: Checked) async throws(AGIError) {
        guard checked.pages else {
            try await say(.leaveMessageNextBusinessDay, to: call.session)
            try await say(.afterTheTone, to: call.session)
            return
        }
        try await say(.leaveMessageCallbackWithin, to: call.session)
        _ = try await call.session.sayNumber(checked.minutes(call.line))
        try await say(.minutes, to: call.session)
        try await say(.afterTheTone, to: call.session)
    }

    /// Measures a message by what Asterisk itself says of its files, so that no disk needs to be shared.
    ///
    /// Leaves NIGHTBELL_MESSAGE (empty when it is too short) and NIGHTBELL_MESSAGE_SECONDS. Works on a hung-up channel.
    ///
    /// - Parameter opensPage: whether a message that is long enough has its page from that very write on.
    /// - Returns: nil when there is no message.
    func measure(_ file: String, _ call: Call, opensPage: Bool) async throws -> MessageRecord? {
        guard !file.isEmpty else {
            note(.info, "no-message", call)
            return nil
        }
        guard MessageFile.isValid(file) else {
            note(.error, "message-path", call, [("file", file), ("mend", "VM_MESSAGEFILE is no plain path")])
            return nil
        }
        // BASE64 because the text holds newlines and may hold anything.
        let encoded = try await call.session.fullVariable("${BASE64_ENCODE(${FILE(\(file).txt)})}") ?? ""
        let facts = MessageFile.facts(base64: encoded)
        let bytes = Int(try await call.session.fullVariable("${STAT(s,\(file).wav)}") ?? "") ?? 0
        let milliseconds = MessageFile.milliseconds(wavBytes: bytes, seconds: facts["duration"].flatMap { Int($0) })
        guard let milliseconds else {
            note(.info, "no-message", call, [("file", file)])
            return nil
        }
        let length = MessageLength.decide(milliseconds: milliseconds, minimum: call.line.minimumMessage)
        let verdict: MessageVerdict = length == .longEnough ? .longEnough : .tooShort
        let left = now()
        let messageID = facts["msg_id"].flatMap { MessageFile.isValid(messageID: $0) ? $0 : nil }
        let id = try await store.recordMessage(
            call: call.id, mailbox: call.line.mailbox, file: file, messageID: messageID, milliseconds: milliseconds,
            verdict: verdict, opensPage: opensPage && verdict == .longEnough, at: left)
        note(
            .info, "message", call,
            [
                ("message", String(id.rawValue)), ("ms", String(milliseconds)), ("verdict", verdict.rawValue),
                ("mailbox", call.line.mailbox.text),
            ])
        try await call.session.setVariable("NIGHTBELL_MESSAGE", to: verdict == .longEnough ? file : "")
        try await call.session.setVariable(
            "NIGHTBELL_MESSAGE_SECONDS", to: "\(milliseconds / 1_000).\(milliseconds % 1_000 / 100)")
        return MessageRecord(
            id: id, call: call.id, mailbox: call.line.mailbox, file: file, messageID: messageID,
            milliseconds: milliseconds, verdict: verdict, leftAt: left)
    }
}

/// What can be known of a voicemail from its name and the text beside it (`app_voicemail.c`).
enum MessageFile {
    /// Whether a path may become part of a dialplan expression.
    static func isValid(_ path: String) -> Bool {
        path.hasPrefix("/") && path.utf8.count <= 255 && !path.contains("..")
            && path.utf8.allSatisfy { byte in
                isWordByte(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "@")
            }
    }

    /// Whether voicemail's own name of a message is what it should be: `1700000000-00000001`.
    static func isValid(messageID: String) -> Bool {
        (1...64).contains(messageID.utf8.count) && messageID.utf8.allSatisfy(isWordByte)
    }

    /// The `key=value` lines of the text file.
    static func facts(base64: String) -> [String: String] {
        guard let data = Data(base64Encoded: base64) else { return [:] }
        var facts: [String: String] = [:]
        for line in String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline) {
            guard let equals = line.firstIndex(of: "=") else { continue }
            facts[String(line[..<equals])] = String(line[line.index(after: equals)...])
        }
        return facts
    }

    /// The length: by the size of the 16-bit 8 kHz WAV file (44 bytes of header), or by the text's whole seconds when
    /// voicemail.conf keeps another format; nil when neither file is there.
    static func milliseconds(wavBytes: Int, seconds: Int?) -> Int? {
        if wavBytes >= 44 { return (wavBytes - 44) / 16 }
        return seconds.map { $0 * 1_000 }
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
