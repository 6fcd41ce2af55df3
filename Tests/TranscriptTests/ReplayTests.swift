import Sockets
import Testing

@testable import Transcript

@Suite(.timeLimit(.minutes(1))) struct ReplayTests {
    static let call = """
        agi_network_script: call
        > ANSWER
        < 200 result=0
        > STREAM FILE "welcome" ""
        < 200 result=0 endpos=8000
        > GET DATA "enter" 8000 10
        < 200 result=0012345678
        > SET VARIABLE "CONTRACT" "0012345678"
        < 200 result=1
        > NOOP "%{ID:number} 15550142"
        < 200 result=0

        """

    private func outcome(_ text: String, _ recording: Replay.Recording = .never) async throws -> ReplayOutcome {
        try await Serving.run { try await $0.replay(text, recording: recording) }
    }

    @Test func whatIsAsWrittenPasses() async throws {
        let outcome = try await outcome(Self.call)
        #expect(outcome.result == .passed, "\(outcome.report)")
        #expect(outcome.exchanges == 5)
        #expect(outcome.recorded == nil)
        #expect(outcome.report.isEmpty)
        #expect(try await self.outcome(Self.call + ". server\n").passed)
    }

    @Test func aCommandThatDiffersIsShownWithItsSurroundings() async throws {
        let text = Self.call.replacing("\"welcome\"", with: "\"%{SOUND:word}e\"").replacing(
            "\"CONTRACT\" \"00", with: "\"CONTRACT\" \"99")
        let outcome = try await outcome(text)
        guard case .diverged(let divergence) = outcome.result else {
            Issue.record("\(outcome.result)")
            return
        }
        #expect(divergence.leg == "caller")
        #expect(divergence.line == 8)
        #expect(divergence.expected == ["SET VARIABLE \"CONTRACT\" \"9912345678\""])
        #expect(divergence.got == "SET VARIABLE \"CONTRACT\" \"0012345678\"")
        #expect(
            outcome.report == """
                a.agi:8: leg caller: the server sent something else
                      5  < 200 result=0 endpos=8000
                      6  > GET DATA "enter" 8000 10
                      7  < 200 result=0012345678
                -     8  > SET VARIABLE "CONTRACT" "9912345678"
                +        > SET VARIABLE "CONTRACT" "0012345678"
                      9  < 200 result=1
                     10  > NOOP "%{ID:number} 15550142"
                     11  < 200 result=0
                bound so far:
                  %{SOUND} is welcom
                """)
    }

    @Test func moreThanIsWrittenDiverges() async throws {
        let text = Self.call.split(separator: "\n").dropLast(2).joined(separator: "\n")
        let outcome = try await outcome(text)
        guard case .diverged(let divergence) = outcome.result else {
            Issue.record("\(outcome.result)")
            return
        }
        #expect(divergence.expected == ["the end of caller"])
        #expect(divergence.line == 9)
        #expect(outcome.report.contains("-        . server\n+        > NOOP \"1795221000.1 15550142\""))
        let explicit = try await self.outcome(text + "\n. server\n")
        #expect(explicit.line == 10)
    }

    @Test func lessThanIsWrittenFails() async throws {
        let outcome = try await outcome(Self.call + "> NOOP \"more\"\n")
        #expect(
            outcome.result
                == .failed(
                    .closedEarly(Place(file: "a.agi", line: 12), leg: "caller", expected: "NOOP \"more\"")))
        #expect(outcome.report.contains("-    12  > NOOP \"more\"\n+        (the server closed)"))
    }

    @Test func silenceFailsWhenPatienceEnds() async throws {
        let outcome = try await Serving.run { serving in
            try await serving.replay(
                "agi_network_script: call\n> ANSWER\n> NOOP\n", patience: .milliseconds(30))
        }
        #expect(
            outcome.result
                == .failed(
                    .timedOut(
                        Place(file: "a.agi", line: 3), leg: "caller", expected: "NOOP", patience: .milliseconds(30))))
        #expect(outcome.report.contains("nothing for 0.03 s"))
    }

    @Test func nobodyListeningFails() async throws {
        let outcome = try await Serving.run { serving in
            // A port that was free a moment ago, and of this host.
            let listener = try Listener(on: serving.loop, address: SocketAddress(ip: .loopback, port: 0))
            let address = listener.address
            listener.close()
            return try await serving.replay("> ANSWER\n", to: address)
        }
        guard case .failed(.cannotConnect(let place, "caller", _, _)) = outcome.result else {
            Issue.record("\(outcome.result)")
            return
        }
        #expect(place.line == 1)
        #expect(outcome.report.contains("Connection refused"))
    }

    @Test func aLineThatIsCutOffFails() async throws {
        let outcome = try await Serving.raw { connection in
            _ = try await connection.receive(until: "\n\n")
            try await connection.send("ANSWER\nSTREAM FI")
        } _: { loop, address in
            try await Serving(loop: loop, address: address).replay("> ANSWER\n> STREAM FILE \"a\" \"\"\n")
        }
        #expect(
            outcome.result == .failed(.partialLine(Place(file: "a.agi", line: 2), leg: "caller", text: "STREAM FI")))
    }

    @Test func aLineWithoutEndFails() async throws {
        let outcome = try await Serving.raw { connection in
            _ = try await connection.receive(until: "\n\n")
            try await connection.send(String(repeating: "x", count: 20_000))
            _ = try await connection.receive()
        } _: { loop, address in
            try await Serving(loop: loop, address: address).replay("> ANSWER\n")
        }
        #expect(outcome.result == .failed(.lineTooLong(Place(file: "a.agi", line: 1), leg: "caller")))
    }

    @Test(arguments: ["A,B", "B,A"]) func whatStandsInABlockComesInAnyOrder(order: String) async throws {
        let text = """
            agi_network_script: order?names=\(order)
            {
            > SET VARIABLE "A" "%{*}"
            < 200 result=1
            @ 0.500
            > SET VARIABLE "B" "x"
            < 200 result=1
            }

            """
        #expect(try await outcome(text).result == .passed)
    }

    @Test func whatFitsNothingInABlockShowsAllThatWasLeft() async throws {
        let text = """
            agi_network_script: order?names=A,C
            {
            > SET VARIABLE "A" "x"
            < 200 result=1
            > SET VARIABLE "B" "x"
            < 200 result=1
            > SET VARIABLE "D" "x"
            < 200 result=1
            }

            """
        guard case .diverged(let divergence) = try await outcome(text).result else {
            Issue.record("it passed")
            return
        }
        #expect(divergence.expected == ["SET VARIABLE \"B\" \"x\"", "SET VARIABLE \"D\" \"x\""])
        #expect(divergence.got == "SET VARIABLE \"C\" \"x\"")
    }

    @Test func whatAnotherLegSaysWaitsForItsTurn() async throws {
        let text = """
            agi_network_script: order?names=A,B
            = engineer order?names=C
            agi_callerid: 15550100
            = caller
            > SET VARIABLE "A" "%{X}"
            < 200 result=1
            > SET VARIABLE "B" "%{X}"
            < 200 result=1
            . server
            = engineer
            > SET VARIABLE "C" "%{X}"
            = third order?names=%{X}
            > SET VARIABLE "x" "x"
            < 200 result=1
            = engineer
            < 200 result=1

            """
        let outcome = try await outcome(text)
        #expect(outcome.result == .passed, "\(outcome.report)")
        #expect(outcome.exchanges == 4)
    }

    @Test func aNameThatABlockHasNotBoundYetIsNamed() async throws {
        let text = """
            agi_network_script: order?names=B,A
            {
            > SET VARIABLE "A" "%{X}"
            < 200 result=1
            > SET VARIABLE "B" "x"
            < 200 result=%{X}
            }

            """
        #expect(try await outcome(text).result == .failed(.unbound(Place(file: "a.agi", line: 6), name: "X")))
    }

    @Test func whatAsteriskSaysUnaskedComesWithTheReply() async throws {
        let text = """
            agi_network_script: status
            > HANGUP
            ! HANGUP
            < 200 result=1
            > SET VARIABLE "STATUS" "GONE"
            < 200 result=1

            """
        #expect(try await outcome(text).result == .passed)
    }

    @Test func aReplyMayHaveSeveralLines() async throws {
        let text = """
            agi_network_script: value
            > GET VARIABLE "TEXT"
            < 200 result=1 (first
            <
            # one reply still
            < third%{x09})
            > NOOP "first//third%{x09}"
            < 200 result=0

            """
        #expect(try await outcome(text).result == .passed)
    }

    @Test func asteriskMayCloseFirst() async throws {
        let text =
            "agi_network_script: call\n> ANSWER\n. asterisk\n= again order?names=A\n> SET VARIABLE \"A\" \"x\"\n< 200 result=1\n"
        #expect(try await outcome(text).result == .passed)
    }

    @Test func atRealPaceALineWaitsForItsTime() async throws {
        let text = "agi_network_script: order?names=A\n> SET VARIABLE \"A\" \"x\"\n@ 0.080\n< 200 result=1\n"
        let outcome = try await Serving.run { try await $0.replay(text, to: $0.address, pace: .real) }
        #expect(outcome.result == .passed)
        #expect(outcome.duration >= .milliseconds(80))
        #expect(try await self.outcome(text.replacing("0.080", with: "600")).passed)
    }

    @Test func theServerHearsTheWholeEnvironment() async throws {
        let heard = try await Serving.raw { connection in
            let environment = try await connection.receive(until: "\n\n")
            try await connection.send("NOOP \(environment.replacing("\n", with: ";"))\n")
        } _: { loop, address in
            let outcome = try await Serving(loop: loop, address: address).replay(
                "agi_language: de\nagi_network_script: a?b\nagi_x:\n")
            guard case .diverged(let divergence) = outcome.result else { return "" }
            return divergence.got.replacing(address.description, with: "HOST")
        }
        #expect(
            heard
                == "NOOP agi_network: yes;agi_request: agi://HOST/a?b;agi_channel: PJSIP/trunk-00000001;agi_type: PJSIP;"
                + "agi_uniqueid: 1795221000.1;agi_callerid: 15550142;agi_calleridname: Example Caller;"
                + "agi_language: de;agi_network_script: a?b;agi_x: ;;")
    }
}
