import Glibc
import Sockets
import Testing

@testable import AGI

struct SessionTests {
    @Test func aCommand_isSentAsOneLine_andItsReplyIsTyped() async throws {
        let (digits, commands) = try await converse(replies: ["200 result=0012345678\n"]) { session in
            try await session.getData("nightbell/enter-contract", timeout: .seconds(5), count: 10)
        }
        #expect(digits == TypedDigits(digits: "0012345678", end: .full))
        #expect(commands == ["GET DATA \"nightbell/enter-contract\" 5000 10"])
    }

    @Test func aCommandOfAModule_isSentByItsName() async throws {
        let (result, commands) = try await converse(replies: ["200 result=7\n"]) { session in
            try await session.perform(Command(named: "AIR SPEED")) { $0.argument("laden") }.number
        }
        #expect(result == 7)
        #expect(commands == ["AIR SPEED \"laden\""])
    }

    @Test(arguments: [
        ("200 result=123\n", TypedDigits(digits: "123", end: .pound)),
        ("200 result=123 (timeout)\n", TypedDigits(digits: "123", end: .timeout)),
        ("200 result= (timeout)\n", TypedDigits(digits: "", end: .timeout)),
        ("200 result=\n", TypedDigits(digits: "", end: .pound)),
        ("200 result=-1\n", TypedDigits(digits: "", end: .failed)),
        ("200 result=*1#\n", TypedDigits(digits: "*1#", end: .pound)),
    ])
    func whatEndedTheDigits_isKnown(reply: String, expected: TypedDigits) async throws {
        let (digits, _) = try await converse(replies: [reply]) { session in
            try await session.getData("x", timeout: .seconds(5), count: 10)
        }
        #expect(digits == expected)
    }

    @Test func aHangUpBeforeAReply_isStateAndNotTheReply() async throws {
        let (facts, _) = try await converse(replies: ["HANGUP\n200 result=1 (x)\n", "200 result=1 (y)\n"]) { session in
            let first = try await session.variable("A")
            return (first, session.isHungUp, try await session.variable("B"))
        }
        #expect(facts.0 == "x")
        #expect(facts.1)
        #expect(facts.2 == "y")
    }

    @Test func aHangUpInsteadOfAReply_endsACommandThatNeedsTheChannel() async throws {
        var limits = SessionLimits()
        limits.afterHangUp = .milliseconds(5)
        let (facts, _) = try await converse(replies: ["HANGUP\n", "200 result=0\n"], limits: limits) { session in
            var found: AGIError?
            do throws(AGIError) { _ = try await session.streamFile("x") } catch { found = error }
            return (found, try await session.execute("NoOp", "goes on"))
        }
        #expect(facts.0 == .hungUp(command: "STREAM FILE"))
        #expect(facts.1 == 0)
    }

    @Test func aDeadChannel_isAnErrorThatMeansHangUp_andTheSessionGoesOn() async throws {
        let (facts, _) = try await converse(
            replies: ["511 Command Not Permitted on a dead channel or intercept routine\n", "200 result=0\n"]
        ) { session in
            var found: AGIError?
            do throws(AGIError) { try await session.answer() } catch { found = error }
            try await session.verbose("still here")
            return (found, session.isHungUp)
        }
        #expect(facts.0?.meansHangUp == true)
        #expect(facts.1)
    }

    @Test func execThatReturnsOne_swallowsTheUsageBlockThatFollows() async throws {
        let block = "200 result=1\n520-Invalid command syntax.  Proper usage follows:\nx\n520 End of proper usage.\n"
        let (facts, _) = try await converse(replies: [block, "200 result=1 (A)\n"]) { session in
            (try await session.execute("Weird"), try await session.variable("X"))
        }
        #expect(facts.0 == 1)
        #expect(facts.1 == "A")
    }

    @Test func theRestOfAValueThatClosedEarly_doesNotAnswerTheNextCommand() async throws {
        let (facts, _) = try await converse(replies: ["200 result=1 (a)\nb)\n", "200 result=1 (c)\n"]) { session in
            (try await session.variable("X"), try await session.variable("Y"), session.strayLines)
        }
        #expect(facts.0 == "a")
        #expect(facts.1 == "c")
        #expect(facts.2 == 1)
    }

    @Test(arguments: ["a\nSET VARIABLE X 1", "a\rb", "a\0b"])
    func anArgumentThatWouldBeAnotherCommand_isNeverSent(_ text: String) async throws {
        let (error, commands) = try await converse(replies: ["200 result=0\n"]) { session in
            var found: AGIError?
            do throws(AGIError) { try await session.verbose(text) } catch { found = error }
            try await session.noop()
            return found
        }
        #expect(error == .forbiddenCharacter(command: "VERBOSE"))
        #expect(commands == ["NOOP"])
    }

    @Test func aLineLongerThanAsteriskReads_isNeverSent() async throws {
        let (error, commands) = try await converse(replies: ["200 result=0\n"]) { session in
            var found: AGIError?
            do throws(AGIError) {
                try await session.verbose(String(repeating: "x", count: 2_100))
            } catch { found = error }
            try await session.noop()
            return found
        }
        guard case .commandTooLong("VERBOSE", _, 2_047) = error else {
            Issue.record("not refused: \(String(describing: error))")
            return
        }
        #expect(commands == ["NOOP"])
    }

    @Test func aReplyThatComesTooLate_endsTheSessionInsteadOfAnsweringTheNextCommand() async throws {
        var limits = SessionLimits()
        limits.reply = .milliseconds(5)
        let (errors, commands) = try await converse(replies: ["", "200 result=0\n"], limits: limits) { session in
            var errors: [AGIError] = []
            do throws(AGIError) { try await session.noop() } catch { errors.append(error) }
            do throws(AGIError) { try await session.noop() } catch { errors.append(error) }
            return errors
        }
        #expect(errors == [.timedOut(command: "NOOP"), .closed])
        #expect(commands.count == 1)
    }

    @Test func aPeerThatNeverReads_endsTheCommandAtItsDeadline() async throws {
        var limits = SessionLimits()
        limits.reply = .milliseconds(20)
        let error = try await withUnreadSession(limits) { session in
            // Answers lie ready for every command, so only the sending can be what is waited for.
            for _ in 0..<10_000 { try await session.verbose(String(repeating: "x", count: 2_000)) }
        }
        #expect(error == .timedOut(command: "VERBOSE"))
    }

    @Test func whoSendsWithoutEndAfterTheSession_isNotListenedToForLong() async throws {
        let taken = try await onSocketPair { loop, near, far in
            let session = try makeSession(near)
            let ending = OnSameLoop(session: session)
            async let ended: Void = ending.session.finish()
            var taken = 0
            do throws(SocketError) {
                while taken < 64_000_000 {
                    try await far.write(
                        [UInt8](repeating: 120, count: 65_536), until: loop.deadline(after: .seconds(5)))
                    taken += 65_536
                }
            } catch {}
            await ended
            return taken
        }
        #expect(taken < 4_000_000)
    }

    @Test func aConnectionThatCloses_isClosed() async throws {
        let (error, _) = try await converse(replies: [nil]) { session in
            var found: AGIError?
            do throws(AGIError) { try await session.noop() } catch { found = error }
            return found
        }
        #expect(error == .closed)
    }

    @Test func originate_isOneArgumentOfExec() async throws {
        let (status, commands) = try await converse(
            replies: ["200 result=0\n", "200 result=1 (RINGING)\n"]
        ) { session in
            try await session.originate(
                "Local/15550101@nightbell-outbound/n", context: "nightbell-engineer", extension: "7",
                ringing: .seconds(30), callerNumber: "15550100", callerName: "Support")
        }
        #expect(status == "RINGING")
        #expect(
            commands[0] == "EXEC \"Originate\" \"Local/15550101@nightbell-outbound/n,exten,nightbell-engineer,7,1,30,"
                + "c(15550100)n(Support)\"")
    }

    @Test func aMissingSound_isAFailureAndNoError() async throws {
        let (playback, _) = try await converse(replies: ["200 result=-1 endpos=0\n"]) { session in
            try await session.streamFile("missing")
        }
        #expect(playback == .failed)
    }

    @Test func anEscapeDigit_isAKeyWithItsPosition() async throws {
        let (playback, _) = try await converse(replies: ["200 result=42 endpos=800\n"]) { session in
            try await session.streamFile("menu", escapeDigits: "*#")
        }
        #expect(playback == .key(KeyPress(key: "*", position: 800)))
    }

    @Test func speechResults_areListed() async throws {
        let reply =
            "200 result=1 (speech) endpos=0 results=2 score0=900 text0=\"yes please\" grammar0=main"
            + " score1=100 text1=\"no\" grammar1=main\n"
        let (heard, _) = try await converse(replies: [reply]) { session in
            try await session.recognizeSpeech(prompt: "ask", timeout: .seconds(3))
        }
        #expect(heard.candidates.map(\.score) == [900, 100])
        #expect(heard.candidates.map(\.text) == ["yes please", "no"])
        #expect(heard.candidates.map(\.grammar) == ["main", "main"])
    }

    @Test func theTable_holdsAll47CommandsOnce() {
        #expect(Command.all.count == 47)
        #expect(Set(Command.all.map(\.text)).count == 47)
        #expect(
            Command.all.filter(\.isDeadSafe).map(\.text) == [
                "ASYNCAGI BREAK", "DATABASE DEL", "DATABASE DELTREE", "DATABASE GET", "DATABASE PUT", "EXEC",
                "GET FULL VARIABLE", "GET VARIABLE", "NOOP", "SET VARIABLE", "SPEECH DESTROY", "SPEECH UNLOAD GRAMMAR",
                "VERBOSE",
            ])
    }
}

/// Carries a session to another task of the same loop.
private struct OnSameLoop: @unchecked Sendable {
    let session: Session
}

private func makeSession(_ connection: Connection, _ limits: SessionLimits = SessionLimits()) throws -> Session {
    Session(
        connection: connection, environment: Environment([:]), request: try #require(Request(script: "")),
        limits: limits)
}

/// The two ends of a socket pair, on a loop of their own.
private func onSocketPair<R: Sendable>(
    _ body: @escaping @Sendable (EventLoop, Connection, Connection) async throws -> R
) async throws -> R {
    let loop = try EventLoop(name: "test")
    defer { loop.stop() }
    return try await Task(executorPreference: loop) {
        var descriptors: [Int32] = [0, 0]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        try #require(socketpair(AF_UNIX, kind, 0, &descriptors) == 0)
        return try await body(
            loop, try Connection(taking: descriptors[0], on: loop), try Connection(taking: descriptors[1], on: loop))
    }.value
}

/// What ended `body`, whose peer answers and never reads.
private func withUnreadSession(
    _ limits: SessionLimits, _ body: @escaping @Sendable (Session) async throws -> Void
) async throws -> AGIError? {
    try await onSocketPair { loop, near, far in
        try await far.write(Array(String(repeating: "200 result=1\n", count: 10_000).utf8), until: .max)
        do {
            try await body(try makeSession(near, limits))
            return nil
        } catch { return error as? AGIError }
    }
}
