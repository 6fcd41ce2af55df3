import AGI
public import Calls
import Foundation
import OnCall
import Sockets
public import Store
import Testing
import Transcript

extension Store: CallStore {}

/// Whole calls as Asterisk sees them: each of `Transcripts/*.agi` against the flows on a real server.
@Suite struct TranscriptTests {
    /// What a call leaves in the store.
    struct Record: Equatable, CustomStringConvertible {
        var outcome: CallOutcome?
        var entitlement: Entitlement?
        var milliseconds: Int?
        var verdict: MessageVerdict?
        var end: PageEnd?
        var rings: [RingOutcome?] = []

        var description: String {
            "\(outcome as Any) \(entitlement as Any) \(milliseconds as Any) \(verdict as Any) \(end as Any) \(rings)"
        }
    }

    struct Night: CustomTestStringConvertible {
        let transcript: String
        /// Nil where no call is begun.
        var record: Record?
        /// Friday, half past six in the evening; the line is open from nine to five.
        var time = "2026-11-20T18:30:00-06:00"
        var onCall = ["ann", "bob"]

        var testDescription: String { transcript }
    }

    static let nights: [Night] = [
        Night(transcript: "open", record: nil, time: "2026-11-20T11:00:00-06:00"),
        Night(
            transcript: "entitled-paged",
            record: Record(
                outcome: .paged, entitlement: .entitled, milliseconds: 7_000, verdict: .longEnough,
                end: .accepted("ann"), rings: [.accepted])),
        Night(transcript: "not-entitled", record: kept(.notEntitled)),
        Night(transcript: "unknown-three-times", record: kept(.unknown)),
        Night(transcript: "no-number-pound", record: kept(.unknown)),
        Night(transcript: "no-number-timeout", record: kept(.unknown)),
        Night(transcript: "star-starts-over", record: kept(.notEntitled)),
        Night(transcript: "incomplete-then-right", record: kept(.notEntitled)),
        Night(transcript: "too-short-then-long-enough", record: kept(.notEntitled)),
        Night(
            transcript: "too-short-and-gone",
            record: Record(outcome: .tooShort, entitlement: .entitled, milliseconds: 1_500, verdict: .tooShort)),
        Night(transcript: "hang-up-at-the-prompt", record: Record(outcome: .hungUp)),
        Night(
            transcript: "nobody-on-call",
            record: Record(
                outcome: .unanswered, entitlement: .entitled, milliseconds: 7_000, verdict: .longEnough,
                end: .exhausted),
            onCall: []),
        Night(
            transcript: "all-busy",
            record: Record(
                outcome: .unanswered, entitlement: .entitled, milliseconds: 7_000, verdict: .longEnough,
                end: .exhausted, rings: [.busy, .busy])),
        Night(transcript: "missing-prompts", record: kept(.unknown)),
        Night(transcript: "hostile-message-file", record: Record(outcome: .noMessage, entitlement: .notEntitled)),
    ]

    private static func kept(_ entitlement: Entitlement) -> Record {
        Record(outcome: .kept, entitlement: entitlement, milliseconds: 7_000, verdict: .longEnough)
    }

    @Test(arguments: nights) func theConversationIsAsWritten(night: Night) async throws {
        let transcript = try Transcript.written(night.transcript)
        let store = try Store(path: ":memory:")
        try await fill(store, onCall: night.onCall)
        let now = try #require(LocalTime.instant(night.time, in: .gmt))
        let flowing = Flowing(store: store, line: try line(), now: now)
        let outcome = try await flowing.run { loop, port in
            await Replay(transcript, to: SocketAddress(ip: .loopback, port: port), on: loop).run()
        }
        // What follows from a divergence that is told here says nothing new.
        guard outcome.passed else {
            Issue.record("\(outcome.report)", sourceLocation: transcript.location(outcome.line))
            return
        }
        #expect(try await record(store) == night.record)
        let status = night.record?.outcome?.rawValue.uppercased().replacing("-", with: "_") ?? "OPEN"
        let told = transcript.lines.last { $0.text.hasPrefix("> SET VARIABLE \"NIGHTBELL_STATUS\"") }
        #expect(told?.text == "> SET VARIABLE \"NIGHTBELL_STATUS\" \"\(status)\"")
    }

    @Test func everyTranscriptIsPlayed() throws {
        let folder = try #require(Bundle.module.url(forResource: "Transcripts", withExtension: nil))
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(files.sorted() == Self.nights.map { "\($0.transcript).agi" }.sorted())
    }

    private func line() throws -> Line {
        Line(
            name: "support", title: "Example support", number: try #require(PhoneNumber("15550100")),
            timeZone: try #require(TimeZone(identifier: "America/Chicago")),
            hours: Hours(open: [try TimeRule(parsing: "09:00-17:00,mon-fri,*,*")]),
            mailbox: try #require(Mailbox("1000@support")), escalation: EscalationPlan(rounds: 1))
    }

    private func fill(_ store: Store, onCall: [String]) async throws {
        let engineers = [("ann", "First Engineer", "15550101"), ("bob", "Second Engineer", "15550102")]
        _ = try await store.importEngineers(
            try engineers.map { Engineer(id: $0.0, name: $0.1, number: try #require(PhoneNumber($0.2))) },
            replace: false)
        let contracts = [("0012345678", true, 30), ("0000000002", false, nil)]
        _ = try await store.importContracts(
            try contracts.map {
                Contract(
                    number: try #require(ContractNumber($0.0)), customer: "Example Customer", entitled: $0.1,
                    callbackMinutes: $0.2)
            }, replace: false)
        let shifts = onCall.enumerated().map { order, engineer in
            Shift(
                line: nil, role: "on-call", engineer: engineer, start: Date(timeIntervalSince1970: 0),
                end: .distantFuture, order: order)
        }
        _ = try await store.importShifts(shifts, replace: false)
    }

    private func record(_ store: Store) async throws -> Record? {
        let calls = try await store.calls(limit: 9)
        #expect(calls.count <= 1)
        guard let call = calls.first else { return nil }
        let message = try await store.latestMessage(call: call.id)
        let page = try await store.pages(limit: 9).first
        #expect(call.endedAt != nil)
        return Record(
            outcome: call.outcome, entitlement: call.verification?.entitlement, milliseconds: message?.milliseconds,
            verdict: message?.verdict, end: page?.end, rings: page?.rings.map(\.outcome) ?? [])
    }
}

extension Transcript {
    /// Reads `Transcripts/NAME.agi`.
    static func written(_ name: String) throws -> Transcript {
        let path = try #require(
            Bundle.module.path(forResource: name, ofType: "agi", inDirectory: "Transcripts"),
            "no Transcripts/\(name).agi")
        return try Transcript(bytes: Array(Data(contentsOf: URL(fileURLWithPath: path))), name: "\(name).agi")
    }

    /// A line in the sources, not in the copy of the bundle.
    func location(_ line: Int?) -> SourceLocation {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
        return SourceLocation(
            fileID: "CallsTests/\(name)", filePath: "\(folder)/Transcripts/\(name)", line: line ?? lines.count,
            column: 1)
    }
}

/// The flows of one line on a server of their own, at a time that stands still.
struct Flowing {
    let store: Store
    let line: Line
    let now: Date

    /// Serves while `body` talks to the port.
    func run<R: Sendable>(_ body: @escaping @Sendable (EventLoop, UInt16) async throws -> R) async throws -> R {
        let loop = try EventLoop(name: "test")
        defer { loop.stop() }
        let (store, line, now) = (store, line, now)
        return try await Task(executorPreference: loop) {
            // A session that fails sends no status, and the transcript diverges.
            let server = try AGIServer(on: loop, address: SocketAddress(ip: .loopback, port: 0))
            let flows = CallFlows(lines: [line], store: store, loop: loop, now: { now }, log: { _, _, _ in })
            flows.register(on: server)
            async let running: Void = server.run()
            let result: Result<R, any Error>
            do {
                result = .success(try await body(loop, server.address.port))
            } catch { result = .failure(error) }
            server.stop(drain: .zero)
            await running
            return try result.get()
        }.value
    }
}
