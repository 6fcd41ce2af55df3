@testable import AGI

extension CommandRow {
    /// Sounds and recordings.
    static let sound: [CommandRow] = [
        .reads(.streamFile, "STREAM FILE \"a\" \"\"", "200 result=0 endpos=8000", as: .finished) {
            try await $0.streamFile("a")
        },
        .reads(.streamFile, "STREAM FILE \"a\" \"12#\"", "200 result=35 endpos=800", as: key("#", 800)) {
            try await $0.streamFile("a", escapeDigits: "12#")
        },
        .reads(.streamFile, "STREAM FILE \"none\" \"\" 16000", "200 result=-1 endpos=16000", as: .failed) {
            try await $0.streamFile("none", offset: 16_000)
        },

        .reads(
            .controlStreamFile, "CONTROL STREAM FILE \"a\" \"\" 3000 \"#\" \"*\" \"\" 0", "200 result=0", as: .finished
        ) {
            try await $0.controlStreamFile("a")
        },
        .reads(
            .controlStreamFile, "CONTROL STREAM FILE \"a\" \"1\" 500 \"6\" \"4\" \"5\" 1500",
            "200 result=49 endpos=9600", as: key("1", 9_600)
        ) {
            try await $0.controlStreamFile(
                "a", escapeDigits: "1", skip: .milliseconds(500), forward: "6", rewind: "4", pause: "5",
                offset: .milliseconds(1_500))
        },
        .reads(
            .controlStreamFile, "CONTROL STREAM FILE \"none\" \"\" 3000 \"#\" \"*\" \"\" 0", "200 result=-1 endpos=0",
            as: .failed
        ) { try await $0.controlStreamFile("none") },

        record("# 60000 0 BEEP", "35 (dtmf) endpos=16000", .key, "#", 16_000) {
            try await $0.recordFile("m", format: "wav", escapeDigits: "#", timeout: .seconds(60))
        },
        record("# -1 0", "0 (timeout) endpos=0", .timeout, nil, 0) {
            try await $0.recordFile("m", format: "wav", escapeDigits: "#", timeout: nil, beep: false)
        },
        record("# 60000 8000 BEEP \"s=3\"", "0 (timeout) endpos=24000", .timeout, nil, 24_000) {
            try await $0.recordFile(
                "m", format: "wav", escapeDigits: "#", timeout: .seconds(60), offset: 8_000, silence: .seconds(3))
        },
        record("# 60000 0 \"s=3\"", "-1 (hangup) endpos=8000", .hangUp, nil, 8_000) {
            try await $0.recordFile(
                "m", format: "wav", escapeDigits: "#", timeout: .seconds(60), beep: false,
                silence: .milliseconds(2_500))
        },
        record("# 60000 0 BEEP", "35 (randomerror) endpos=0", .notBegun, "#", 0) {
            try await $0.recordFile("m", format: "wav", escapeDigits: "#", timeout: .seconds(60))
        },
        record("# 60000 0 BEEP", "-1 (waitfor) endpos=80", .unreadable, nil, 80) {
            try await $0.recordFile("m", format: "wav", escapeDigits: "#", timeout: .seconds(60))
        },
        record("# 60000 0 BEEP", "-1 (writefile)", .unwritable, nil, nil) {
            try await $0.recordFile("m", format: "wav", escapeDigits: "#", timeout: .seconds(60))
        },
        record("# 60000 0 BEEP", "-1", .failed, nil, nil) {
            try await $0.recordFile("m", format: "wav", escapeDigits: "#", timeout: .seconds(60))
        },
    ]

    /// A row of RECORD FILE: what follows the file's name, with the escape digits unquoted, and the reply's result.
    private static func record(
        _ rest: String, _ result: String, _ end: Recording.End, _ key: Character?, _ samples: Int?,
        _ call: @escaping @Sendable (Session) async throws -> Recording
    ) -> CommandRow {
        CommandRow(
            command: .recordFile, line: "RECORD FILE \"m\" \"wav\" \"#\"" + rest.dropFirst(),
            reply: "200 result=\(result)"
        ) { session in
            let found = try await call(session)
            return found.end == end && found.key == key && found.samples == samples ? nil : "\(found)"
        }
    }
}
