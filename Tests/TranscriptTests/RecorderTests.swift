import Foundation
import Sockets
import Synchronization
import Testing

@testable import Transcript

/// A recorder between Asterisk's side and a server, over TCP.
@Suite(.timeLimit(.minutes(1))) struct RecorderTests {
    /// Runs a recorder in front of `forward` while `body` talks to it; afterwards every call is written.
    private func record<R: Sendable>(
        in folder: Folder, to forward: SocketAddress, on loop: EventLoop, events: Events = Events(),
        options: Recorder.Options = Recorder.Options(),
        _ body: @escaping @Sendable (SocketAddress) async throws -> R
    ) async throws -> R {
        var options = options
        options.now = { 1_795_230_000 }
        let recorder = try Recorder(
            on: loop, listen: SocketAddress(ip: .loopback, port: 0), forward: forward, directory: folder.path,
            options: options
        ) { events.note($0) }
        async let running: Void = recorder.run()
        let result: Result<R, any Error>
        do {
            result = .success(try await body(recorder.address))
        } catch { result = .failure(error) }
        recorder.stop(cutting: false)
        await running
        return try result.get()
    }

    @Test func whatWasRecordedReplays() async throws {
        let folder = try Folder()
        let events = Events()
        try await Serving.run { serving in
            try await record(in: folder, to: serving.address, on: serving.loop, events: events) { address in
                let outcomes = [
                    try await serving.replay(ReplayTests.call, to: address),
                    try await serving.replay(ReplayTests.call, to: address),
                ]
                #expect(outcomes.map(\.passed) == [true, true])
            }
            for file in try folder.files {
                let outcome = await Replay(
                    try folder.transcript(file), to: serving.address, on: serving.loop
                ).run()
                #expect(outcome.result == .passed, "\(outcome.report)")
                #expect(outcome.exchanges == 5)
            }
        }
        #expect(try folder.files == ["20261121T030000Z-1795221000.1-2.agi", "20261121T030000Z-1795221000.1.agi"])
        #expect(events.names == ["recorded", "recorded"])
        let first = try folder.transcript("20261121T030000Z-1795221000.1.agi")
        #expect(first.heading("recorded") == "2026-11-21T03:00:00Z")
        #expect(first.heading("cut") == nil)
        #expect(first.lines.last?.content == .end(.server))
        #expect(try FileManager.default.attributesOfItem(atPath: first.name)[.posixPermissions] as? Int == 0o600)
    }

    @Test func overlappingConnectionsAreLegsOfOneFile() async throws {
        let folder = try Folder()
        let events = Events()
        var options = Recorder.Options()
        options.join = .overlapping
        let joining = options
        let text = """
            agi_network_script: order?names=A
            > SET VARIABLE "A" "x"
            = engineer order?names=B
            > SET VARIABLE "B" "x"
            = caller
            < 200 result=1
            = engineer
            < 200 result=1

            """
        try await Serving.run { serving in
            try await record(in: folder, to: serving.address, on: serving.loop, events: events, options: joining) {
                let outcome = try await serving.replay(
                    text, to: $0)
                #expect(outcome.passed, "\(outcome.report)")
            }
            let transcript = try folder.transcript(try #require(try folder.files.first))
            #expect(transcript.legs == ["caller", "order"])
            let outcome = await Replay(transcript, to: serving.address, on: serving.loop).run()
            #expect(outcome.result == .passed, "\(outcome.report)")
            #expect(outcome.exchanges == 2)
        }
        #expect(try folder.files.count == 1)
        #expect(events.names == ["recorded"])
    }

    @Test func whereTheServerIsGoneTheCallerIsLetGoAtOnce() async throws {
        let folder = try Folder()
        let events = Events()
        try await Serving.run { serving in
            let listener = try Listener(on: serving.loop, address: SocketAddress(ip: .loopback, port: 0))
            let nobody = listener.address
            listener.close()
            try await record(in: folder, to: nobody, on: serving.loop, events: events) { address in
                let outcome = try await serving.replay("> ANSWER\n", to: address)
                guard case .failed(.closedEarly) = outcome.result else {
                    Issue.record("\(outcome.result)")
                    return
                }
            }
        }
        #expect(events.names == ["unreachable"])
        #expect(try folder.files.isEmpty)
    }

    @Test func bytesGoThroughUnchangedAndInPieces() async throws {
        let folder = try Folder()
        let heard = Mutex("")
        let pieces = [
            "agi_network: y", "es\nagi_x: \u{1}%{\n", "\n", "200 res", "ult=1 (é\n", "\u{7F}tail)\nHANG", "UP\n",
        ]
        let answer = try await Serving.raw { connection in
            // Says a piece back for each that came, so that the next is sent only when the last went through.
            for piece in pieces {
                let got = try await connection.receive(until: piece)
                heard.withLock { $0 += got }
                try await connection.send(piece == "\n" ? "A \t\r\nB" : ".")
            }
            try await connection.send("!\n")
            connection.finishSending()
            let rest = try await connection.receive()
            heard.withLock { $0 += rest }
        } _: { loop, address in
            try await record(in: folder, to: address, on: loop) { proxy in
                let near = Handed(try await Connection.connect(to: proxy, on: loop, until: .max)).value
                var answer = ""
                for piece in pieces {
                    try await near.send(piece)
                    answer += try await near.receive(until: piece == "\n" ? "B" : ".")
                }
                // The server's end comes through alone; this side can still speak.
                answer += try await near.receive()
                try await near.send("late\n")
                near.finishSending()
                return answer
            }
        }
        #expect(answer == "..A \t\r\nB....!\n")
        #expect(heard.withLock { $0 } == pieces.joined() + "late\n")
        let text = try folder.transcript(try #require(try folder.files.first)).text
        #expect(
            text.split(separator: "\n").filter { !$0.hasPrefix("@") }.joined(separator: "\n") == """
                #: recorded 2026-11-21T03:00:00Z
                agi_network: yes
                agi_x: %{x01}%{%}{
                > ..A %{x09}%{x0D}
                < 200 result=1 (é
                < %{x7F}tail)
                ! HANGUP
                > B....!
                . server
                # caller: asterisk said after the end: late
                """)
    }

    @Test func whatIsNoAGIIsForwardedButNotWritten() async throws {
        let folder = try Folder()
        let events = Events()
        let answer = try await Serving.raw { connection in
            try await connection.send(try await connection.receive(until: "\r\n\r\n"))
        } _: { loop, address in
            try await record(in: folder, to: address, on: loop, events: events) { proxy in
                let near = Handed(try await Connection.connect(to: proxy, on: loop, until: .max)).value
                try await near.send("GET / HTTP/1.1\r\n\r\n")
                return try await near.receive()
            }
        }
        #expect(answer == "GET / HTTP/1.1\r\n\r\n")
        #expect(events.names == ["notAGI"])
        #expect(try folder.files.isEmpty)
    }

    @Test func aConnectionTooManyIsClosed() async throws {
        let folder = try Folder()
        let events = Events()
        var options = Recorder.Options()
        options.maximumConnections = 0
        let none = options
        try await Serving.run { serving in
            try await record(in: folder, to: serving.address, on: serving.loop, events: events, options: none) {
                let outcome = try await serving.replay("> ANSWER\n", to: $0)
                #expect(!outcome.passed)
            }
        }
        #expect(events.names == ["overloaded"])
    }

    @Test func whoCutsTheRecorderGetsWhatWasHeard() async throws {
        let folder = try Folder()
        try await Serving.raw { connection in
            _ = try await connection.receive(until: "\n\n")
            try await connection.send("ANSWER\n")
            // Neither side closes by itself.
            _ = try await connection.receive()
            _ = try await connection.read(until: .max) { _ in }
        } _: { loop, address in
            let recorder = try Recorder(
                on: loop, listen: SocketAddress(ip: .loopback, port: 0), forward: address, directory: folder.path)
            async let running: Void = recorder.run()
            let near = Handed(try await Connection.connect(to: recorder.address, on: loop, until: .max)).value
            try await near.send("agi_x: 1\n\n")
            #expect(try await near.receive(until: "\n") == "ANSWER\n")
            recorder.stop(cutting: false)
            #expect(recorder.openConnections == 1)
            recorder.stop(cutting: true)
            await running
            #expect(recorder.openConnections == 0)
        }
        let transcript = try folder.transcript(try #require(try folder.files.first))
        #expect(transcript.text.contains("> ANSWER\n"))
    }

    @Test func aMaskedCallReplaysAgainstAServerThatEchoes() async throws {
        let folder = try Folder()
        var options = Recorder.Options()
        options.mask = true
        let masking = options
        let text = ReplayTests.call.replacing("agi_network", with: "agi_callerid: 15550199\nagi_network")
            .replacing("15550142", with: "15550199")
        try await Serving.run { serving in
            try await record(in: folder, to: serving.address, on: serving.loop, options: masking) {
                let outcome = try await serving.replay(text, to: $0)
                #expect(outcome.passed, "\(outcome.report)")
            }
            let transcript = try folder.transcript(try #require(try folder.files.first))
            #expect(!transcript.text.contains("0012345678"))
            #expect(!transcript.text.contains("15550199"))
            #expect(!transcript.text.contains("Example"))
            #expect(transcript.text.contains("> SET VARIABLE \"CONTRACT\" \"5555555678\""))
            let outcome = await Replay(transcript, to: serving.address, on: serving.loop).run()
            #expect(outcome.result == .passed, "\(outcome.report)")
        }
    }

    final class Events: Sendable {
        private let noted = Mutex<[String]>([])
        var names: [String] { noted.withLock { $0 } }

        func note(_ event: Recorder.Event) {
            let name = String("\(event)".prefix { $0 != "(" })
            noted.withLock { $0.append(name) }
        }
    }
}
