internal import AGI

extension Trap {
    /// Replies that are not one line with a number.
    static let replies: [Trap] = [
        Trap("value-over-lines", "A value over several lines; the next reply is not a part of it.") { session in
            let text = try await session.fullVariable("${FILE(/etc/os-release)}") ?? ""
            let language = try await session.variable("CHANNEL(language)")
            let lines = text.split(separator: "\n")
            return ["line of its own: \(lines.contains("ID=debian"))", "then \(language ?? "none")"]
        },
        Trap("value-ends-in-a-newline", "The parenthesis behind the value stands in the next line.") { session in
            let text = try await session.fullVariable("${FILE(/etc/os-release,0,1,l)}") ?? ""
            let language = try await session.variable("CHANNEL(language)")
            let newlines = text.count { $0 == "\n" }
            return ["newlines \(newlines), at the end \(text.last == "\n")", "then \(language ?? "none")"]
        },
        Trap("value-with-parentheses", "A value that looks like the end of one.") { session in
            try await session.setVariable("NIGHTBELL_TEXT", to: "a) endpos=7 (b")
            return [try await session.variable("NIGHTBELL_TEXT") ?? "none"]
        },
        Trap("variables", "A variable that is unset, empty, set; a function; an expression.") { session in
            var read = [try await session.variable("NIGHTBELL_NOTHING") ?? "none"]
            try await session.setVariable("NIGHTBELL_EMPTY", to: "")
            read.append("'\(try await session.variable("NIGHTBELL_EMPTY") ?? "none")'")
            try await session.setVariable("NIGHTBELL_SET", to: "set")
            read.append("'\(try await session.variable("NIGHTBELL_SET") ?? "none")'")
            read.append("'\(try await session.variable("CHANNEL(language)") ?? "none")'")
            read.append("'\(try await session.fullVariable("${NIGHTBELL_SET} ${LEN(${NIGHTBELL_SET})}") ?? "none")'")
            return read + ["'\(try await session.fullVariable("${NIGHTBELL_NOTHING}") ?? "none")'"]
        },
        Trap("gosub-trying", "GOSUB says 100 Trying before its reply.") { session in
            let returned = try await session.gosub(context: "lab-subroutine", extension: "s", arguments: "there")
            return ["returned \(returned)", try await session.variable("GOSUB_RETVAL") ?? "none"]
        },
        Trap("database-deltree", "DATABASE DELTREE answers 0 when it deleted, the other commands 1.") { session in
            let family = "nightbell-trap"
            var read = ["put \(try await session.setDatabaseValue("a value", family: family, key: "key"))"]
            read.append("get \(try await session.databaseValue(family: family, key: "key") ?? "none")")
            read.append("get none \(try await session.databaseValue(family: family, key: "other") ?? "none")")
            read.append("delete \(try await session.deleteDatabaseValue(family: family, key: "key"))")
            read.append("delete none \(try await session.deleteDatabaseValue(family: family, key: "key"))")
            try await session.setDatabaseValue("a value", family: family, key: "key")
            read.append("tree \(try await session.deleteDatabaseTree(family: family))")
            return read + ["tree none \(try await session.deleteDatabaseTree(family: family))"]
        },
        Trap("sound-missing", "A sound that is not there is result=-1, as for a caller who is gone.") { session in
            var read = ["\(try await session.streamFile("nightbell/not-there"))"]
            let state = try await session.channelStatus()
            read.append("state \(state.map { "\($0)" } ?? "none")")
            return read + ["\(try await session.streamFile("nightbell/welcome"))"]
        },
    ]

    /// Commands that Asterisk does not do.
    static let refusals: [Trap] = [
        Trap("unknown-command", "510 for a command that no module has.") { session in
            var read = [await refusal { () throws(AGIError) in try await session.perform(Command(named: "AIR SPEED")) }]
            read.append(try await session.variable("CHANNEL(language)") ?? "none")
            return read
        },
        Trap("usage-block", "520 with the usage over several lines, for a wrong count of arguments.") { session in
            var read = [await refusal { () throws(AGIError) in try await session.perform(command("SAY DIGITS")) }]
            read.append(try await session.variable("CHANNEL(language)") ?? "none")
            return read
        },
        Trap("usage-one-line", "520 in one line, for a command that has no documentation.") { session in
            var read = [await refusal { () throws(AGIError) in try await session.perform(command("SAY ALPHA")) }]
            read.append(try await session.variable("CHANNEL(language)") ?? "none")
            return read
        },
        Trap("application-unknown", "EXEC of an application that is not there answers -2.") { session in
            var read = [await refusal { () throws(AGIError) in _ = try await session.execute("NightbellNothing") }]
            read.append(try await session.variable("CHANNEL(language)") ?? "none")
            return read
        },
    ]
}
