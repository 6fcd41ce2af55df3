import Testing

@testable import AGI

/// One call of a command: the line that is sent for it, a reply that Asterisk gives, and what is made of that.
struct CommandRow: Sendable, CustomTestStringConvertible {
    let command: Command
    let line: String
    let reply: String
    /// Runs the command; answers what came instead of what is expected, nil when it is that.
    let run: @Sendable (Session) async throws -> String?

    var testDescription: String { "\(line) → \(reply)" }

    /// A reply that is read as a value.
    static func reads<Value: Equatable & Sendable>(
        _ command: Command, _ line: String, _ reply: String, as value: Value,
        _ call: @escaping @Sendable (Session) async throws -> Value
    ) -> CommandRow {
        CommandRow(command: command, line: line, reply: reply) { session in
            let found = try await call(session)
            return found == value ? nil : "\(found)"
        }
    }

    /// A command without a value.
    static func does(
        _ command: Command, _ line: String, _ reply: String = "200 result=0",
        _ call: @escaping @Sendable (Session) async throws -> Void
    ) -> CommandRow {
        CommandRow(command: command, line: line, reply: reply) { session in
            try await call(session)
            return nil
        }
    }

    /// A reply that is an error.
    static func fails(
        _ command: Command, _ line: String, _ reply: String, with error: AGIError,
        _ call: @escaping @Sendable (Session) async throws -> Void
    ) -> CommandRow {
        CommandRow(command: command, line: line, reply: reply) { session in
            do {
                try await call(session)
                return "no error"
            } catch let found as AGIError {
                return found == error ? nil : "\(found)"
            }
        }
    }

    /// All rows.
    static let all = channel + digits + say + sound + speech + variables
    /// The first row of each command.
    static let firsts = Command.all.compactMap { command in all.first { $0.command == command } }
}

/// All 47 commands: what is sent, and how each reply that the documentation or the source of Asterisk has is read.
struct CommandTests {
    @Test(arguments: CommandRow.all) func aCommand_isSentAsWritten_andItsReplyIsTyped(row: CommandRow) async throws {
        let (wrong, commands) = try await converse(replies: [row.reply + "\n"], row.run)
        #expect(commands == [row.line])
        #expect(wrong == nil)
    }

    @Test func everyCommandOfTheTable_hasARow() {
        let rows = CommandRow.all.map(\.command.text)
        #expect(Command.all.map(\.text).filter { !rows.contains($0) } == [])
    }

    @Test func aRowsLine_beginsWithItsCommand() {
        for row in CommandRow.all { #expect(row.line.hasPrefix(row.command.text)) }
    }

    @Test(arguments: CommandRow.firsts) func aDeadChannel_isAnErrorThatMeansHangUp(row: CommandRow) async throws {
        let reply = "511 Command Not Permitted on a dead channel or intercept routine\n"
        let (found, _) = try await converse(replies: [reply]) { (await failure(of: row, $0), $0.isHungUp) }
        #expect(found.0 == .deadChannel(command: row.command.text))
        #expect(found.1)
    }

    @Test(arguments: CommandRow.firsts) func whatAsteriskRefuses_isAnError_andTheNextCommandGetsItsOwnReply(
        row: CommandRow
    ) async throws {
        let replies = [
            "510 Invalid or unknown command\n",
            "520-Invalid command syntax.  Proper usage follows:\nas it is\n520 End of proper usage.\n",
            "520 Invalid command syntax.  Proper usage not available.\n", "200 result=1 (kept)\n",
        ]
        let (found, _) = try await converse(replies: replies) { session in
            var errors: [AGIError?] = []
            for _ in 0..<3 { errors.append(await failure(of: row, session)) }
            return (errors, try await session.variable("X"))
        }
        let name = row.command.text
        #expect(
            found.0 == [
                .unknownCommand(command: name),
                .syntax(command: name, usage: "Invalid command syntax.  Proper usage follows:\nas it is"),
                .syntax(command: name, usage: "Invalid command syntax.  Proper usage not available."),
            ])
        #expect(found.1 == "kept")
    }

    @Test func whenTheCallerIsGone_exactlyTheDeadSafeCommandsWaitForTheirReply() async throws {
        var limits = SessionLimits()
        limits.afterHangUp = .milliseconds(1)
        for row in CommandRow.firsts where !row.command.isDeadSafe {
            let (found, _) = try await converse(replies: ["HANGUP\n"], limits: limits) { await failure(of: row, $0) }
            #expect(found == .hungUp(command: row.command.text))
        }
        for row in CommandRow.firsts where row.command.isDeadSafe {
            let (wrong, _) = try await converse(replies: ["HANGUP\n" + row.reply + "\n"], limits: limits, row.run)
            #expect(wrong == nil, "\(row.line)")
        }
    }
}

private func failure(of row: CommandRow, _ session: Session) async -> AGIError? {
    do {
        _ = try await row.run(session)
        return nil
    } catch {
        return error as? AGIError
    }
}
