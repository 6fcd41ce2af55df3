internal import Foundation
public import OnCall

/// How an import changed a table.
public struct ImportCounts: Sendable, Equatable {
    /// Rows that were not there before.
    public var added = 0
    /// Rows that were there with other values.
    public var changed = 0
    /// Rows that were there as they are.
    public var unchanged = 0
    /// Rows that were there and not in the file; only when replacing.
    public var removed = 0
}

extension Store {
    /// Everyone who can be rung and all shifts.
    public func roster() throws(StoreError) -> Roster {
        Roster(engineers: try engineers(), shifts: try shifts())
    }

    /// All engineers, by id.
    public func engineers() throws(StoreError) -> [Engineer] {
        try database.rows("SELECT id, name, number FROM engineers ORDER BY id", "reading the engineers") { row in
            PhoneNumber(row.text(2)).map { Engineer(id: row.text(0), name: row.text(1), number: $0) }
        }.compactMap { $0 }
    }

    /// All shifts, in the order of their import.
    public func shifts() throws(StoreError) -> [Shift] {
        try database.rows(
            "SELECT line, role, engineer, starts_at, ends_at, position FROM shifts ORDER BY id",
            "reading the shifts"
        ) { row in
            Shift(
                line: row.optionalText(0), role: row.text(1), engineer: row.text(2), start: row.time(3),
                end: row.time(4),
                order: Int(row.integer(5)))
        }
    }

    /// All contracts, by number.
    public func contracts() throws(StoreError) -> [Contract] {
        try database.rows(
            "SELECT number, customer, entitled, callback_minutes FROM contracts ORDER BY number",
            "reading the contracts", [], Self.contract
        ).compactMap { $0 }
    }

    /// The contract of a number; nil when there is none.
    public func contract(_ number: ContractNumber) throws(StoreError) -> Contract? {
        try database.rows(
            "SELECT number, customer, entitled, callback_minutes FROM contracts WHERE number = ?",
            "looking up a contract", [.text(number.digits)], Self.contract
        ).first ?? nil
    }

    private static func contract(_ row: Row) -> Contract? {
        ContractNumber(row.text(0)).map {
            Contract(
                number: $0, customer: row.text(1), entitled: row.integer(2) == 1,
                callbackMinutes: row.optionalInteger(3).map(Int.init))
        }
    }

    /// Adds and updates engineers; with `replace` those not given are removed.
    ///
    /// - Throws: `StoreError.engineersInUse` when one to be removed still has shifts; nothing is changed then.
    public func importEngineers(_ engineers: [Engineer], replace: Bool) throws(StoreError)
        -> ImportCounts
    {
        try database.transaction("importing engineers") { () throws(StoreError) in
            let old = Dictionary(
                try self.engineers().map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
            var counts = ImportCounts()
            for engineer in engineers {
                counts.count(old[engineer.id], engineer)
                try database.run(
                    """
                    INSERT INTO engineers (id, name, number) VALUES (?, ?, ?)
                    ON CONFLICT (id) DO UPDATE SET name = excluded.name, number = excluded.number
                    """, "importing engineers",
                    [.text(engineer.id), .text(engineer.name), .text(engineer.number.text)])
            }
            guard replace else { return counts }
            let gone = Set(old.keys).subtracting(engineers.map(\.id)).sorted()
            let busy = Set(try shifts().map(\.engineer)).intersection(gone).sorted()
            guard busy.isEmpty else { throw .engineersInUse(busy) }
            for id in gone {
                try database.run("DELETE FROM engineers WHERE id = ?", "removing engineers", [.text(id)])
            }
            counts.removed = gone.count
            return counts
        }
    }

    /// Adds and updates contracts; with `replace` those not given are removed.
    public func importContracts(_ contracts: [Contract], replace: Bool) throws(StoreError)
        -> ImportCounts
    {
        try database.transaction("importing contracts") { () throws(StoreError) in
            let old = Dictionary(
                try self.contracts().map { ($0.number.digits, $0) }, uniquingKeysWith: { first, _ in first })
            var counts = ImportCounts()
            for contract in contracts {
                counts.count(old[contract.number.digits], contract)
                try database.run(
                    """
                    INSERT INTO contracts (number, customer, entitled, callback_minutes) VALUES (?, ?, ?, ?)
                    ON CONFLICT (number) DO UPDATE SET customer = excluded.customer, entitled = excluded.entitled,
                        callback_minutes = excluded.callback_minutes
                    """, "importing contracts",
                    [
                        .text(contract.number.digits), .text(contract.customer),
                        .integer(contract.entitled ? 1 : 0),
                        .integer(contract.callbackMinutes),
                    ])
            }
            guard replace else { return counts }
            let gone = Set(old.keys).subtracting(contracts.map(\.number.digits))
            for number in gone {
                try database.run(
                    "DELETE FROM contracts WHERE number = ?", "removing contracts", [.text(number)])
            }
            counts.removed = gone.count
            return counts
        }
    }

    /// Adds and updates shifts (the same line, role, engineer and start); with `replace` the given ones are all.
    public func importShifts(_ shifts: [Shift], replace: Bool) throws(StoreError) -> ImportCounts {
        try database.transaction("importing shifts") { () throws(StoreError) in
            let old = Dictionary(
                try self.shifts().map { (Key($0), $0) }, uniquingKeysWith: { first, _ in first })
            var counts = ImportCounts()
            if replace { try database.run("DELETE FROM shifts", "removing shifts") }
            for shift in shifts {
                counts.count(old[Key(shift)], shift)
                try database.run(
                    """
                    INSERT INTO shifts (line, role, engineer, starts_at, ends_at, position) VALUES (?, ?, ?, ?, ?, ?)
                    ON CONFLICT (coalesce(line, ''), role, engineer, starts_at)
                    DO UPDATE SET ends_at = excluded.ends_at, position = excluded.position
                    """, "importing shifts",
                    [
                        .text(shift.line), .text(shift.role), .text(shift.engineer), .time(shift.start),
                        .time(shift.end), .integer(shift.order),
                    ])
            }
            if replace { counts.removed = Set(old.keys).subtracting(shifts.map(Key.init)).count }
            return counts
        }
    }

    private struct Key: Hashable {
        let line: String?
        let role: String
        let engineer: String
        let start: Date

        init(_ shift: Shift) {
            line = shift.line
            role = shift.role
            engineer = shift.engineer
            start = shift.start
        }
    }
}

extension ImportCounts {
    fileprivate mutating func count<T: Equatable>(_ old: T?, _ new: T) {
        if old == nil { added += 1 } else if old == new { unchanged += 1 } else { changed += 1 }
    }
}
