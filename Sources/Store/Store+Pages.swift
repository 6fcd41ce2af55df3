public import Foundation
public import OnCall

extension Store {
    /// Begins the page of a message, or finds the one there is: a message is paged once.
    public func beginPage(message: MessageID, at time: Date) throws(StoreError) -> PageID {
        defer { CrashPoint.pass("begin-page") }
        return try database.transaction("beginning a page") { () throws(StoreError) in
            try database.run(
                "INSERT INTO pages (message, started_at) VALUES (?, ?) ON CONFLICT (message) DO NOTHING",
                "beginning a page", [.integer(message.rawValue), .time(time)])
            let ids = try database.rows(
                "SELECT id FROM pages WHERE message = ?", "finding a page", [.integer(message.rawValue)]
            ) { row in PageID(rawValue: row.integer(0)) }
            guard let id = ids.first else { throw .missing("the page of message \(message.rawValue)") }
            return id
        }
    }

    /// Remembers how a page ended.
    public func endPage(_ page: PageID, end: PageEnd, at time: Date) throws(StoreError) {
        defer { CrashPoint.pass("end-page") }
        try database.run(
            "UPDATE pages SET outcome = ?, accepted_by = ?, ended_at = ? WHERE id = ?", "ending a page",
            [.text(end.rawName), .text(end.engineer), .time(time), .integer(page.rawValue)])
    }

    /// Remembers that an engineer is about to be rung, and with it, at once, where the escalation stands.
    public func beginRing(
        page: PageID, engineer: String, round: Int, step: Int, escalation: Escalation?, at time: Date
    ) throws(StoreError) -> RingID {
        defer { CrashPoint.pass("begin-ring") }
        let state = try Self.text(of: escalation)
        return try database.transaction("beginning a ring") { () throws(StoreError) in
            try keep(state, waitsUntil: nil, page)
            try database.run(
                "INSERT INTO rings (page, engineer, round, step, started_at) VALUES (?, ?, ?, ?, ?)",
                "beginning a ring",
                [.integer(page.rawValue), .text(engineer), .integer(round), .integer(step), .time(time)])
            return RingID(rawValue: database.lastInsertedID)
        }
    }

    /// Remembers that a page waits between two rounds.
    public func beginWait(page: PageID, escalation: Escalation, until time: Date) throws(StoreError) {
        defer { CrashPoint.pass("begin-wait") }
        try keep(try Self.text(of: escalation), waitsUntil: time, page)
    }

    private func keep(_ escalation: String?, waitsUntil: Date?, _ page: PageID) throws(StoreError) {
        try database.run(
            "UPDATE pages SET escalation = coalesce(?, escalation), waits_until = ? WHERE id = ?",
            "keeping an escalation",
            [.text(escalation), waitsUntil.map { .time($0) } ?? .null, .integer(page.rawValue)])
    }

    private static func text(of escalation: Escalation?) throws(StoreError) -> String? {
        guard let escalation else { return nil }
        do {
            return String(decoding: try JSONEncoder().encode(escalation), as: UTF8.self)
        } catch {
            throw .missing("the text of an escalation: \(error)")
        }
    }

    /// Remembers that somebody, or something, answered.
    public func recordAnswer(ring: RingID, at time: Date) throws(StoreError) {
        defer { CrashPoint.pass("record-answer") }
        try database.run(
            "UPDATE rings SET answered_at = ? WHERE id = ?", "recording an answer",
            [.time(time), .integer(ring.rawValue)])
    }

    /// Remembers what came of a ring; the first to say so counts.
    public func endRing(_ ring: RingID, outcome: RingOutcome, at time: Date) throws(StoreError) {
        defer { CrashPoint.pass("end-ring") }
        try database.run(
            "UPDATE rings SET outcome = ?, ended_at = ? WHERE id = ? AND outcome IS NULL",
            "ending a ring",
            [.text(outcome.rawValue), .time(time), .integer(ring.rawValue)])
    }

    /// Gives the page to an engineer unless somebody has it already: one insert that only one can win.
    public func claim(
        page: PageID, ring: RingID, engineer: String, at time: Date
    ) throws(StoreError) -> ClaimResult {
        defer { CrashPoint.pass("claim") }
        try database.run(
            "INSERT INTO claims (page, ring, engineer, at) VALUES (?, ?, ?, ?) ON CONFLICT (page) DO NOTHING",
            "claiming a page",
            [.integer(page.rawValue), .integer(ring.rawValue), .text(engineer), .time(time)])
        let holders = try database.rows(
            """
            SELECT claims.ring, claims.engineer, coalesce(engineers.name, claims.engineer)
            FROM claims LEFT JOIN engineers ON engineers.id = claims.engineer WHERE claims.page = ?
            """, "reading a claim", [.integer(page.rawValue)]
        ) { row in (ring: row.integer(0), engineer: row.text(1), name: row.text(2)) }
        guard let holder = holders.first else { throw .missing("the claim of page \(page.rawValue)") }
        return holder.ring == ring.rawValue ? .claimed : .taken(by: holder.engineer, name: holder.name)
    }

    /// Takes a page back from whoever claimed it and has not heard the message.
    public func giveBack(page: PageID, engineer: String) throws(StoreError) {
        defer { CrashPoint.pass("give-back") }
        try database.run(
            "DELETE FROM claims WHERE page = ? AND engineer = ?", "giving a claim back",
            [.integer(page.rawValue), .text(engineer)])
    }

    /// Who has the page; nil while nobody has.
    public func claimant(page: PageID) throws(StoreError) -> String? {
        try database.rows(
            "SELECT engineer FROM claims WHERE page = ?", "reading a claim", [.integer(page.rawValue)]
        ) { row in row.text(0) }.first
    }

    /// Remembers that the engineer of a ring heard the message to its end or as far as wished.
    public func recordHeard(ring: RingID, at time: Date) throws(StoreError) {
        defer { CrashPoint.pass("record-heard") }
        try database.run(
            "UPDATE rings SET heard_at = ? WHERE id = ? AND heard_at IS NULL", "recording that it was heard",
            [.time(time), .integer(ring.rawValue)])
    }

    /// A ring by its number; nil when there is none.
    public func ring(_ id: RingID) throws(StoreError) -> RingRecord? {
        try database.rows(
            "SELECT \(ringColumns) FROM rings WHERE id = ?", "reading a ring", [.integer(id.rawValue)]
        ) { row in RingRecord(row) }.first
    }

    /// A page with all that belongs to it; nil when there is none.
    public func page(_ id: PageID) throws(StoreError) -> PageRecord? {
        try pages(where: "pages.id = ?1", [.integer(id.rawValue)]).first
    }

    /// Pages that have not ended, oldest first.
    public func unfinishedPages() throws(StoreError) -> [PageRecord] {
        try pages(where: "pages.ended_at IS NULL ORDER BY pages.id LIMIT 10000", [])
    }

    /// The latest pages, newest first; of one line, or of all.
    public func pages(limit: Int, line: String? = nil) throws(StoreError) -> [PageRecord] {
        try pages(
            where: "(?1 IS NULL OR calls.line = ?1) ORDER BY pages.id DESC LIMIT ?2",
            [.text(line), .integer(limit)])
    }

    private func pages(where condition: String, _ values: [Value]) throws(StoreError) -> [PageRecord] {
        let found = try database.rows(
            """
            SELECT pages.id, pages.started_at, pages.ended_at, pages.outcome, pages.accepted_by,
                pages.escalation, pages.waits_until, \(callColumns), \(messageColumns)
            FROM pages JOIN messages ON messages.id = pages.message JOIN calls ON calls.id = messages.call
            WHERE \(condition)
            """, "reading pages", values, Self.page
        ).compactMap { $0 }
        var complete: [PageRecord] = []
        for var page in found {
            page.rings = try database.rows(
                "SELECT \(ringColumns) FROM rings WHERE page = ? ORDER BY id", "reading rings",
                [.integer(page.id.rawValue)]
            ) { row in RingRecord(row) }
            complete.append(page)
        }
        return complete
    }

    private static func page(_ row: Row) -> PageRecord? {
        let call = CallRecord(row, from: 7)
        guard let message = MessageRecord(row, from: 20) else { return nil }
        return PageRecord(
            id: PageID(rawValue: row.integer(0)), call: call.id, line: call.line, message: message, caller: call.caller,
            contract: call.contract, verification: call.verification, startedAt: row.time(1),
            end: row.optionalText(3).map { PageEnd(rawName: $0, engineer: row.optionalText(4)) },
            endedAt: row.optionalTime(2), rings: [],
            // One that can't be read (an older nightbell's) begins anew.
            escalation: row.optionalText(5).flatMap {
                try? JSONDecoder().decode(Escalation.self, from: Data($0.utf8))
            }, waitsUntil: row.optionalTime(6))
    }
}

private let ringColumns = "id, page, engineer, round, step, started_at, answered_at, heard_at, ended_at, outcome"

extension RingRecord {
    fileprivate init(_ row: Row) {
        self.init(
            id: RingID(rawValue: row.integer(0)), page: PageID(rawValue: row.integer(1)), engineer: row.text(2),
            round: Int(row.integer(3)), step: Int(row.integer(4)), startedAt: row.time(5),
            answeredAt: row.optionalTime(6), heardAt: row.optionalTime(7), endedAt: row.optionalTime(8),
            outcome: row.optionalText(9).flatMap(RingOutcome.init(rawValue:)))
    }
}

extension PageEnd {
    fileprivate var rawName: String {
        switch self {
        case .accepted: "accepted"
        case .exhausted: "exhausted"
        }
    }

    fileprivate var engineer: String? {
        if case .accepted(let id) = self { id } else { nil }
    }

    fileprivate init(rawName: String, engineer: String?) {
        self = rawName == "accepted" ? .accepted(engineer) : .exhausted
    }
}
