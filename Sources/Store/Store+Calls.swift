public import Foundation
public import OnCall

extension Store {
    /// Begins a call, or finds the one that another step of the same call has begun within the last day.
    public func beginCall(
        line: String, uniqueID: String, caller: Caller, at time: Date
    ) throws(StoreError) -> CallID {
        try database.transaction("beginning a call") { () throws(StoreError) in
            let known = try database.rows(
                """
                SELECT id FROM calls WHERE unique_id = ? AND line = ? AND started_at > ? AND ended_at IS NULL
                ORDER BY id DESC LIMIT 1
                """, "finding a call",
                [.text(uniqueID), .text(line), .time(time.addingTimeInterval(-86_400))]
            ) { row in CallID(rawValue: row.integer(0)) }
            if let id = known.first { return id }
            try database.run(
                "INSERT INTO calls (line, unique_id, caller_number, caller_name, started_at) VALUES (?, ?, ?, ?, ?)",
                "beginning a call",
                [.text(line), .text(uniqueID), .text(caller.number), .text(caller.name), .time(time)])
            return CallID(rawValue: database.lastInsertedID)
        }
    }

    /// Remembers a number that a caller typed; only its last three digits are kept.
    public func recordAttempt(
        call: CallID, digits: String, outcome: AttemptOutcome, at time: Date
    ) throws(StoreError) {
        try database.run(
            "INSERT INTO attempts (call, at, digits, outcome) VALUES (?, ?, ?, ?)",
            "recording an attempt",
            [
                .integer(call.rawValue), .time(time), .text(ContractNumber.masked(digits)),
                .text(outcome.rawValue),
            ])
    }

    /// How many numbers unknown to the contracts were typed on a line since a time; by one caller, or by all.
    ///
    /// - Parameter caller: the caller's number; nil counts everyone.
    public func wrongAttempts(line: String, caller: String?, since time: Date) throws(StoreError)
        -> Int
    {
        try database.rows(
            """
            SELECT count(*) FROM attempts JOIN calls ON calls.id = attempts.call
            WHERE attempts.at > ?1 AND attempts.outcome = 'unknown' AND calls.line = ?2
                AND (?3 IS NULL OR calls.caller_number = ?3)
            """, "counting attempts", [.time(time), .text(line), .text(caller)]
        ) { row in Int(row.integer(0)) }.first ?? 0
    }

    /// Remembers the contract of a call and what verifying it came to.
    public func recordContract(
        call: CallID, contract: ContractNumber?, verification: Verification
    ) throws(StoreError) {
        try database.run(
            "UPDATE calls SET contract = ?, customer = ?, entitlement = ?, reason = ?, callback_minutes = ? WHERE id = ?",
            "recording a contract",
            [
                .text(contract?.digits), .text(verification.customer),
                .text(verification.entitlement.rawName),
                .text(verification.entitlement.reason),
                .integer(verification.callbackMinutes), .integer(call.rawValue),
            ])
    }

    /// Remembers a message as it was measured.
    public func recordMessage(
        call: CallID, mailbox: Mailbox, file: String, messageID: String?, milliseconds: Int,
        verdict: MessageVerdict, opensPage: Bool = false, at time: Date
    ) throws(StoreError) -> MessageID {
        defer { CrashPoint.pass("record-message") }
        return try database.transaction("recording a message") { () throws(StoreError) in
            try database.run(
                """
                INSERT INTO messages (call, mailbox, file, message_id, milliseconds, verdict, left_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """, "recording a message",
                [
                    .integer(call.rawValue), .text(mailbox.text), .text(file), .text(messageID),
                    .integer(milliseconds), .text(verdict.rawValue), .time(time),
                ])
            let id = MessageID(rawValue: database.lastInsertedID)
            if opensPage {
                try database.run(
                    "INSERT INTO pages (message, started_at) VALUES (?, ?)", "beginning a page",
                    [.integer(id.rawValue), .time(time)])
            }
            return id
        }
    }

    /// Remembers how a call ended.
    public func endCall(_ call: CallID, outcome: CallOutcome, at time: Date) throws(StoreError) {
        defer { CrashPoint.pass("end-call") }
        try database.run(
            "UPDATE calls SET outcome = ?, ended_at = ? WHERE id = ?", "ending a call",
            [.text(outcome.rawValue), .time(time), .integer(call.rawValue)])
    }

    /// The call, as far as it has come.
    public func call(_ id: CallID) throws(StoreError) -> CallRecord? {
        try database.rows(
            "SELECT \(callColumns) FROM calls WHERE calls.id = ?", "reading a call",
            [.integer(id.rawValue)]
        ) { row in CallRecord(row, from: 0) }.first
    }

    /// The message that was left last in a call.
    public func latestMessage(call: CallID) throws(StoreError) -> MessageRecord? {
        try database.rows(
            "SELECT \(messageColumns) FROM messages WHERE messages.call = ? ORDER BY messages.id DESC LIMIT 1",
            "reading a message", [.integer(call.rawValue)]
        ) { row in MessageRecord(row, from: 0) }.first ?? nil
    }

    /// The latest calls, newest first; of one line, or of all.
    public func calls(limit: Int, line: String? = nil) throws(StoreError) -> [CallRecord] {
        try database.rows(
            "SELECT \(callColumns) FROM calls WHERE (?1 IS NULL OR line = ?1) ORDER BY calls.id DESC LIMIT ?2",
            "reading the calls", [.text(line), .integer(limit)]
        ) { row in CallRecord(row, from: 0) }
    }
}

/// The columns of `CallRecord`, in the order in which it reads them.
let callColumns = """
    calls.id, calls.line, calls.unique_id, calls.caller_number, calls.caller_name, calls.started_at, calls.ended_at,
    calls.contract, calls.customer, calls.entitlement, calls.reason, calls.callback_minutes, calls.outcome
    """

/// The columns of `MessageRecord`, in the order in which it reads them.
let messageColumns = """
    messages.id, messages.call, messages.mailbox, messages.file, messages.message_id, messages.milliseconds,
    messages.verdict, messages.left_at
    """

extension CallRecord {
    init(_ row: Row, from first: Int32) {
        self.init(
            id: CallID(rawValue: row.integer(first)), line: row.text(first + 1), uniqueID: row.text(first + 2),
            caller: Caller(number: row.optionalText(first + 3), name: row.optionalText(first + 4)),
            startedAt: row.time(first + 5), endedAt: row.optionalTime(first + 6),
            outcome: row.optionalText(first + 12).flatMap(CallOutcome.init(rawValue:)),
            contract: row.optionalText(first + 7).flatMap { ContractNumber($0) },
            verification: row.optionalText(first + 9)
                .flatMap { Entitlement(rawName: $0, reason: row.optionalText(first + 10)) }
                .map { entitlement in
                    Verification(
                        entitlement: entitlement, customer: row.optionalText(first + 8),
                        callbackMinutes: row.optionalInteger(first + 11).map(Int.init))
                })
    }
}

extension MessageRecord {
    /// Nil for a row whose mailbox is none any more.
    init?(_ row: Row, from first: Int32) {
        guard let mailbox = Mailbox(row.text(first + 2)) else { return nil }
        self.init(
            id: MessageID(rawValue: row.integer(first)), call: CallID(rawValue: row.integer(first + 1)),
            mailbox: mailbox, file: row.text(first + 3), messageID: row.optionalText(first + 4),
            milliseconds: Int(row.integer(first + 5)),
            verdict: MessageVerdict(rawValue: row.text(first + 6)) ?? .tooShort, leftAt: row.time(first + 7))
    }
}
