import Sockets
import Testing

@testable import Transcript

/// Replays that write what the server says.
@Suite(.timeLimit(.minutes(1))) struct RecordingModeTests {
    private func outcome(_ text: String, _ recording: Replay.Recording) async throws -> ReplayOutcome {
        try await Serving.run { serving in
            let outcome = try await serving.replay(text, recording: recording)
            guard let recorded = outcome.recorded else { return outcome }
            // What was recorded passes when it is played again.
            let again = try await serving.replay(recorded.text)
            #expect(again.result == .passed, "\(again.report)")
            return outcome
        }
    }

    @Test func anEnvironmentAloneIsRecordedWhole() async throws {
        let recorded = try await outcome("# new\nagi_network_script: call\n", .missing).recorded
        #expect(
            recorded?.text == """
                # new
                agi_network_script: call
                > ANSWER
                < 200 result=0
                > STREAM FILE "welcome" ""
                < 200 result=0 endpos=0
                > GET DATA "enter" 8000 10
                < 200 result= (timeout)
                > SET VARIABLE "CONTRACT" ""
                < 200 result=1
                > NOOP "1795221000.1 15550142"
                < 200 result=0

                """)
    }

    @Test func legsThatGoOnAreAddedEachToItself() async throws {
        let text = "agi_network_script: order?names=A\n= e order?names=B\n"
        let recorded = try await outcome(text, .missing).recorded
        #expect(recorded?.lines.count { $0.content == .leg("caller") } == 1)
        #expect(
            recorded?.lines.compactMap { $0.command?.description }.sorted() == [
                "SET VARIABLE \"A\" \"x\"", "SET VARIABLE \"B\" \"x\"",
            ])
    }

    @Test func missingDoesNotTouchWhatIsWritten() async throws {
        let text = "agi_network_script: order?names=A\n> SET VARIABLE \"B\" \"x\"\n"
        let outcome = try await outcome(text, .missing)
        #expect(outcome.recorded == nil)
        #expect(outcome.line == 2)
        let ended = try await self.outcome("agi_network_script: order?names=A\n. server\n", .missing)
        #expect(ended.line == 2)
        let same = try await self.outcome(ReplayTests.call, .missing)
        #expect(same.passed && same.recorded == nil)
    }

    @Test func allReplacesWhatDiffersAndKeepsItsReplies() async throws {
        let text = """
            agi_network_script: order?names=A,B,C,D
            > SET VARIABLE "A" "y"
            # kept
            < 200 result=0
            {
            > SET VARIABLE "C" "x"
            < 200 result=1
            > SET VARIABLE "Z" "x"
            < 200 result=1
            }
            . server

            """
        let recorded = try await outcome(text, .all).recorded
        let expected = text.replacing("\"A\" \"y\"", with: "\"A\" \"x\"").replacing("\"C\"", with: "\"B\"")
            .replacing("\"Z\"", with: "\"C\"")
            .replacing("}\n", with: "}\n> SET VARIABLE \"D\" \"x\"\n< 200 result=1\n")
        // The command that came first takes the first place that was left.
        #expect(recorded?.text == expected)
    }

    @Test func allDropsTheRestOfALegThatEndsEarly() async throws {
        let text = """
            agi_network_script: order?names=A
            > SET VARIABLE "A" "x"
            < 200 result=1
            @ 1.000
            > SET VARIABLE "B" "x"
            < 200 result=1
            {
            > NOOP
            < 200 result=0
            }
            @ 2.000
            . server
            # the other one
            = e order?names=C
            > SET VARIABLE "C" "x"
            < 200 result=1

            """
        let recorded = try await outcome(text, .all).recorded
        #expect(
            recorded?.text == """
                agi_network_script: order?names=A
                > SET VARIABLE "A" "x"
                < 200 result=1
                # the other one
                = e order?names=C
                > SET VARIABLE "C" "x"
                < 200 result=1

                """)
    }

    @Test func aServerThatNeverEndsIsStopped() async throws {
        let outcome = try await Serving.raw { connection in
            _ = try await connection.receive(until: "\n\n")
            while true {
                try await connection.send("NOOP\n")
                if try await connection.receive(until: "\n").isEmpty { return }
            }
        } _: { loop, address in
            try await Serving(loop: loop, address: address).replay("agi_x: 1\n", recording: .missing)
        }
        #expect(outcome.result == .failed(.tooMuchToRecord(Place(file: "a.agi", line: 1), leg: "caller")))
        #expect(outcome.exchanges == 1_000)
        #expect(outcome.recorded == nil)
    }

    @Test(arguments: [
        ("answer", "200 result=0"), ("GET VARIABLE \"A\"", "200 result=0"), ("SET VARIABLE \"A\" \"\"", "200 result=1"),
        ("STREAM FILE \"a\" \"\"", "200 result=0 endpos=0"), ("GET DATA \"a\" 1 2", "200 result= (timeout)"),
        ("EXEC \"Dial\" \"\"", "200 result=0"), ("ANSWERED", "200 result=0"), ("HANGUP", "200 result=1"),
        ("", "200 result=0"),
    ])
    func theUsualReplyDependsOnTheVerb(command: String, reply: String) {
        #expect(UsualReplies.reply(to: Array(command.utf8)) == Array(reply.utf8))
    }
}
