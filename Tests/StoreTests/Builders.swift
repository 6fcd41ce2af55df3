import Foundation
import OnCall
import Testing

@testable import Store

/// A folder for one test's database, removed with it.
final class Scratch {
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "nightbell-store-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// The path of the database.
    var path: String { folder.appending(path: "test.sqlite").path }
}

extension Date {
    /// So many seconds into the evening in which the tests play.
    static func evening(_ seconds: TimeInterval = 0) -> Date { Date(timeIntervalSince1970: 1_795_000_000 + seconds) }
}

extension Engineer {
    static func make(_ id: String, name: String? = nil, number: String = "5550100") throws -> Engineer {
        Engineer(id: id, name: name ?? "Engineer \(id)", number: try #require(PhoneNumber(number)))
    }
}

extension Contract {
    static func make(_ number: String, entitled: Bool = true, minutes: Int? = nil) throws -> Contract {
        Contract(
            number: try #require(ContractNumber(number)), customer: "Example Customer", entitled: entitled,
            callbackMinutes: minutes)
    }
}

extension Shift {
    static func make(
        _ engineer: String, line: String? = nil, start: TimeInterval = 0, hours: Double = 8, order: Int = 0
    ) -> Shift {
        Shift(
            line: line, role: "on-call", engineer: engineer, start: .evening(start),
            end: .evening(start + hours * 3600), order: order)
    }
}

extension Store {
    /// Begins a call with sensible values.
    func call(
        _ uniqueID: String = "1795000000.1", line: String = "support", number: String? = "15550111",
        at time: Date = .evening()
    ) throws -> CallID {
        try beginCall(line: line, uniqueID: uniqueID, caller: Caller(number: number, name: "Example Caller"), at: time)
    }

    /// Leaves a message in a call.
    func message(in call: CallID, file: String = "msg0001", at time: Date = .evening(30)) throws -> MessageID {
        try recordMessage(
            call: call, mailbox: try #require(Mailbox("1000@support")), file: "/spool/1000/INBOX/\(file)",
            messageID: "1795000030-00000001", milliseconds: 12_340, verdict: .longEnough, at: time)
    }

    /// Begins a call with a message and its page.
    func page(_ uniqueID: String = "1795000000.1", line: String = "support") throws -> PageID {
        try beginPage(message: try message(in: try call(uniqueID, line: line)), at: .evening(40))
    }
}
