public import Foundation

/// A person who can be rung.
public struct Engineer: Sendable, Hashable, Codable {
    /// `[a-z0-9][a-z0-9-]{0,31}`.
    public let id: String
    /// The name as shown to people.
    public let name: String
    /// Where the engineer is rung.
    public let number: PhoneNumber

    /// A person who can be rung.
    public init(id: String, name: String, number: PhoneNumber) {
        self.id = id
        self.name = name
        self.number = number
    }
}

/// A time in which an engineer fills a role.
public struct Shift: Sendable, Hashable {
    /// The line it is for; nil is every line.
    public let line: String?
    /// The role the escalation's steps name.
    public let role: String
    /// The engineer's id.
    public let engineer: String
    /// The first instant of the shift.
    public let start: Date
    /// The first instant after the shift.
    public let end: Date
    /// Lower rings first; equal orders ring in the order of insertion.
    public let order: Int

    /// A time in which an engineer fills a role; `start` inclusive, `end` exclusive.
    public init(line: String?, role: String, engineer: String, start: Date, end: Date, order: Int = 0) {
        self.line = line
        self.role = role
        self.engineer = engineer
        self.start = start
        self.end = end
        self.order = order
    }

    /// Whether the shift is for this line and role and the time is in it.
    public func covers(line: String, role: String, at date: Date) -> Bool {
        self.role == role && (self.line == nil || self.line == line) && start <= date && date < end
    }
}

/// Who is on call when: all engineers and their shifts, as a value.
public struct Roster: Sendable, Equatable {
    /// Everyone who can be rung, in the order of insertion.
    public let engineers: [Engineer]
    /// All shifts, in the order of insertion.
    public let shifts: [Shift]
    private let byID: [String: Engineer]

    /// A roster; of engineers with the same id the first counts.
    public init(engineers: [Engineer], shifts: [Shift]) {
        self.engineers = engineers
        self.shifts = shifts
        byID = Dictionary(engineers.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The engineer of that id.
    public func engineer(_ id: String) -> Engineer? { byID[id] }

    /// Who fills the role on the line at that time: by `order`, then by insertion, nobody twice.
    ///
    /// Shifts of engineers the roster does not know are passed over.
    public func onCall(line: String, role: String, at date: Date) -> [Engineer] {
        let current = shifts.enumerated().filter { $0.element.covers(line: line, role: role, at: date) }
        let sorted = current.sorted { ($0.element.order, $0.offset) < ($1.element.order, $1.offset) }
        var seen: Set<String> = []
        return sorted.compactMap { byID[$0.element.engineer] }.filter { seen.insert($0.id).inserted }
    }
}
