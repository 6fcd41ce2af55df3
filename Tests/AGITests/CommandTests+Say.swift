@testable import AGI

extension CommandRow {
    /// Numbers, letters and times that are spoken.
    static let say: [CommandRow] = [
        .reads(.sayDigits, "SAY DIGITS \"0071\" \"\"", "200 result=0", as: .finished) {
            try await $0.sayDigits("0071")
        },
        .reads(.sayDigits, "SAY DIGITS \"1\" \"#\"", "200 result=35", as: key("#")) {
            try await $0.sayDigits("1", escapeDigits: "#")
        },
        .reads(.sayDigits, "SAY DIGITS \"1\" \"\"", "200 result=-1", as: .failed) { try await $0.sayDigits("1") },
        .fails(
            .sayDigits, "SAY DIGITS \"\" \"\"", "520-Invalid command syntax.  Proper usage follows:\n520 End",
            with: .syntax(command: "SAY DIGITS", usage: "Invalid command syntax.  Proper usage follows:")
        ) { _ = try await $0.sayDigits("") },

        .reads(.sayNumber, "SAY NUMBER \"-12\" \"\"", "200 result=0", as: .finished) { try await $0.sayNumber(-12) },
        .reads(.sayNumber, "SAY NUMBER \"21\" \"1\"", "200 result=49", as: key("1")) {
            try await $0.sayNumber(21, escapeDigits: "1")
        },
        .reads(.sayNumber, "SAY NUMBER \"1\" \"\" \"f\"", "200 result=0", as: .finished) {
            try await $0.sayNumber(1, gender: .feminine)
        },
        .reads(.sayNumber, "SAY NUMBER \"1\" \"#\" \"n\"", "200 result=-1", as: .failed) {
            try await $0.sayNumber(1, escapeDigits: "#", gender: .neuter)
        },

        .reads(.sayAlpha, "SAY ALPHA \"a-1\" \"\"", "200 result=0", as: .finished) { try await $0.sayAlpha("a-1") },
        .reads(.sayAlpha, "SAY ALPHA \"a\" \"12\"", "200 result=50", as: key("2")) {
            try await $0.sayAlpha("a", escapeDigits: "12")
        },
        .reads(.sayAlpha, "SAY ALPHA \"a\" \"\"", "200 result=-1", as: .failed) { try await $0.sayAlpha("a") },
        .reads(.sayPhonetic, "SAY PHONETIC \"ab\" \"\"", "200 result=0", as: .finished) {
            try await $0.sayPhonetic("ab")
        },
        .reads(.sayPhonetic, "SAY PHONETIC \"ab\" \"*\"", "200 result=42", as: key("*")) {
            try await $0.sayPhonetic("ab", escapeDigits: "*")
        },

        .reads(.sayDate, "SAY DATE \"1795221000\" \"\"", "200 result=0", as: .finished) {
            try await $0.sayDate(secondsSince1970: 1_795_221_000)
        },
        .reads(.sayDate, "SAY DATE \"0\" \"0\"", "200 result=48", as: key("0")) {
            try await $0.sayDate(secondsSince1970: 0, escapeDigits: "0")
        },
        .reads(.sayTime, "SAY TIME \"1795221000\" \"\"", "200 result=0", as: .finished) {
            try await $0.sayTime(secondsSince1970: 1_795_221_000)
        },
        .reads(.sayTime, "SAY TIME \"0\" \"0\"", "200 result=-1", as: .failed) {
            try await $0.sayTime(secondsSince1970: 0, escapeDigits: "0")
        },

        .reads(.sayDateTime, "SAY DATETIME \"0\" \"\"", "200 result=0", as: .finished) {
            try await $0.sayDateTime(secondsSince1970: 0)
        },
        .reads(.sayDateTime, "SAY DATETIME \"0\" \"#\" \"HM\"", "200 result=35", as: key("#")) {
            try await $0.sayDateTime(secondsSince1970: 0, escapeDigits: "#", format: "HM")
        },
        .reads(.sayDateTime, "SAY DATETIME \"0\" \"\" \"HM\" \"America/Chicago\"", "200 result=0", as: .finished) {
            try await $0.sayDateTime(secondsSince1970: 0, format: "HM", timeZone: "America/Chicago")
        },
        .reads(
            .sayDateTime, "SAY DATETIME \"0\" \"\" \"ABdY 'digits/at' IMp\" \"Europe/Berlin\"", "200 result=-1",
            as: .failed
        ) { try await $0.sayDateTime(secondsSince1970: 0, timeZone: "Europe/Berlin") },
    ]
}
