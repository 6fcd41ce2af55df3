internal import AGI

extension Trap {
    /// Keys and voices.
    static let keys: [Trap] = [
        Trap("get-data", "Digits with leading zeros and *, none, and what ends them.") { session in
            var read: [String] = []
            let prompts = ["welcome", "enter-contract", "contract-incomplete", "contract-unknown", "minutes"]
            for (prompt, count) in zip(prompts, [10, 10, 10, 10, 4]) {
                let typed = try await session.getData("nightbell/\(prompt)", timeout: .seconds(2), count: count)
                read.append("'\(typed.digits)' \(typed.end)")
            }
            return read
        },
        Trap("get-data-without-a-time", "A time of 0 is six seconds, not none.") { session in
            let typed = try await session.getData("nightbell/welcome", timeout: .zero, count: 4)
            return ["'\(typed.digits)' \(typed.end)"]
        },
        Trap("key-stops-a-sound", "The character code of a key, and where in the sound it was pressed.") { session in
            let played = try await session.streamFile("lab/speech-100", escapeDigits: "*2")
            guard case .key(let press) = played else { return ["\(played)"] }
            return ["key \(press.key)", "position known \((press.position ?? 0) > 0)"]
        },
        Trap("record-file", "What ends a recording: a key, time, a file that can't be written, a hang-up.") { session in
            var read: [String] = []
            func record(_ name: String, _ seconds: Int, beep: Bool = true) async throws(AGIError) {
                let recording = try await session.recordFile(
                    name, format: "wav", escapeDigits: "#", timeout: .seconds(seconds), beep: beep)
                let length = recording.samples == nil ? "unknown" : "known"
                read.append("\(recording.end), \(recording.key.map(String.init) ?? "no key"), length \(length)")
            }
            try await record("nightbell-trap-1", 20)
            try await record("nightbell-trap-2", 1, beep: false)
            try await record("/nonexistent/nightbell-trap", 5, beep: false)
            try await record("nightbell-trap-3", 20)
            return read
        },
    ]

    /// Callers who leave.
    static let hangUps: [Trap] = [
        Trap("hang-up-before-a-reply", "The line HANGUP comes with the reply to the next command.") { session in
            var read = ["wait \(try await session.execute("Wait", "20")), told \(session.isHungUp)"]
            read.append("\(try await session.variable("CHANNEL(language)") ?? "none"), told \(session.isHungUp)")
            return read
        },
        Trap("hang-up-in-a-sound", "A sound that breaks off has the same answer as one that is missing.") { session in
            var read = ["\(try await session.streamFile("lab/speech-100"))"]
            read.append(await refusal { () throws(AGIError) in _ = try await session.channelStatus() })
            return read + ["told \(session.isHungUp)"]
        },
        Trap("hang-up-in-a-number", "GET DATA ends with -1 and without what was typed.") { session in
            let typed = try await session.getData("nightbell/welcome", timeout: .seconds(20), count: 10)
            var read = ["'\(typed.digits)' \(typed.end)"]
            read.append(await refusal { () throws(AGIError) in _ = try await session.channelStatus() })
            return read
        },
        Trap("dead-channel", "511 for what needs the channel; what is dead-safe goes on.") { session in
            try await session.execute("Wait", "20")
            var read = [await refusal { () throws(AGIError) in _ = try await session.streamFile("nightbell/welcome") }]
            read.append(
                await refusal { () throws(AGIError) in _ = try await session.waitForDigit(within: .seconds(1)) })
            try await session.setVariable("NIGHTBELL_AFTER", to: "after")
            read.append(try await session.variable("NIGHTBELL_AFTER") ?? "none")
            read.append("put \(try await session.setDatabaseValue("1", family: "nightbell-dead", key: "key"))")
            read.append("tree \(try await session.deleteDatabaseTree(family: "nightbell-dead"))")
            try await session.noop("still there")
            try await session.verbose("still there", level: 4)
            return read + ["exec \(try await session.execute("NoOp", "still there"))"]
        },
        Trap("hangup-command", "HANGUP answers, and the line HANGUP follows.") { session in
            try await session.hangUp()
            var read = ["told \(session.isHungUp)"]
            try await session.setVariable("NIGHTBELL_AFTER", to: "after")
            read.append("\(try await session.variable("NIGHTBELL_AFTER") ?? "none"), told \(session.isHungUp)")
            return read
        },
        Trap("no-sighup", "With AGISIGHUP=no nobody tells of the hang-up: only the refusals do.") { session in
            var read = ["wait \(try await session.execute("Wait", "20"))"]
            read.append("\(try await session.variable("CHANNEL(language)") ?? "none"), told \(session.isHungUp)")
            read.append(await refusal { () throws(AGIError) in _ = try await session.streamFile("nightbell/welcome") })
            return read + ["told \(session.isHungUp)"]
        },
        Trap("exit-on-hang-up", "With AGIEXITONHANGUP=yes Asterisk closes instead of telling.") { session in
            var read = ["wait \(try await session.execute("Wait", "20"))"]
            read.append(await refusal { () throws(AGIError) in _ = try await session.variable("CHANNEL(language)") })
            return read
        },
        Trap("hang-up-at-the-end", "The script ends while the caller is there: HANGUP comes behind the end.") {
            session in
            try await session.answer()
            return ["told \(session.isHungUp)"]
        },
    ]

    /// Texts in both directions.
    static let texts: [Trap] = [
        Trap("percent-escapes", "The script comes as the dialplan wrote it, escapes untouched.") { session in
            [
                session.environment["agi_network_script"] ?? "none", session.request["text"] ?? "none",
                session.request["word"] ?? "none",
            ]
        },
        Trap("arguments", "Quotes in the dialplan are gone, an empty argument is there.") { session in
            session.environment.arguments.map { "'\($0)'" }
        },
        Trap("no-path", "A URI without a path has no agi_network_script.") { session in
            // A replay sends the line without a value: it has no way to leave it out.
            ["script '\(session.environment["agi_network_script"] ?? "")'", "path '\(session.request.path)'"]
        },
        Trap("environment", "Empty values, and `unknown` for none.") { session in
            [
                "accountcode '\(session.environment["agi_accountcode"] ?? "none")'",
                "dnid '\(session.environment["agi_dnid"] ?? "none")'",
                "known dnid \(session.environment.known("agi_dnid") ?? "none")",
                "name \(session.environment.callerName ?? "none")",
            ]
        },
        Trap("quoting", "Quotes, backslashes and blanks of an argument arrive as they are.") { session in
            let text = #"a "quoted" back\slash,  two blanks"#
            try await session.setVariable("NIGHTBELL_TEXT", to: text)
            let back = try await session.variable("NIGHTBELL_TEXT")
            return [back == text ? "the same" : "other: \(back ?? "none")"]
        },
        Trap("value-cut", "GET VARIABLE cuts a function's value at 1,023 bytes, GET FULL VARIABLE does not.") {
            session in
            let text = String(repeating: "x", count: 1_500)
            let cut = try await session.variable("TOUPPER(\(text))") ?? ""
            let whole = try await session.fullVariable("${TOUPPER(\(text))}") ?? ""
            return ["GET VARIABLE \(cut.count)", "GET FULL VARIABLE \(whole.count)"]
        },
        Trap("command-too-long", "A longer command is split in two by an Asterisk before 20.16 and 22.6.") { session in
            session.limits.commandBytes = 8_191
            try await session.setVariable("NIGHTBELL_LONG", to: String(repeating: "x", count: 3_000))
            session.limits.commandBytes = 2_047
            let length = try await session.fullVariable("${LEN(${NIGHTBELL_LONG})}")
            return ["arrived as \(length ?? "none")"]
        },
        Trap("long-command", "A command of 2,047 bytes with its newline is one command.") { session in
            // SET VARIABLE "NIGHTBELL_LONG" "…" and the newline.
            let text = String(repeating: "x", count: 2_047 - 33)
            try await session.setVariable("NIGHTBELL_LONG", to: text)
            let length = try await session.fullVariable("${LEN(${NIGHTBELL_LONG})}")
            var read = [length == "\(text.count)" ? "arrived whole" : "arrived as \(length ?? "none")"]
            read.append(
                await refusal { () throws(AGIError) in
                    try await session.setVariable("NIGHTBELL_LONG", to: text + "x")
                })
            return read
        },
    ]
}
