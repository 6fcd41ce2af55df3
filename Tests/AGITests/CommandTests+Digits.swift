@testable import AGI

extension CommandRow {
    /// What callers type.
    static let digits: [CommandRow] = [
        .reads(.getData, "GET DATA \"x\"", "200 result=0071", as: TypedDigits(digits: "0071", end: .pound)) {
            try await $0.getData("x")
        },
        .reads(.getData, "GET DATA \"x\" 2500", "200 result=", as: TypedDigits(digits: "", end: .pound)) {
            try await $0.getData("x", timeout: .milliseconds(2_500))
        },
        .reads(.getData, "GET DATA \"x\" 0 4", "200 result=0071", as: TypedDigits(digits: "0071", end: .full)) {
            try await $0.getData("x", count: 4)
        },
        .reads(.getData, "GET DATA \"x\" 5000 4", "200 result= (timeout)", as: TypedDigits(digits: "", end: .timeout)) {
            try await $0.getData("x", timeout: .seconds(5), count: 4)
        },
        .reads(
            .getData, "GET DATA \"x\" 5000 4", "200 result=1* (timeout)", as: TypedDigits(digits: "1*", end: .timeout)
        ) { try await $0.getData("x", timeout: .seconds(5), count: 4) },
        .reads(.getData, "GET DATA \"x\" 5000 4", "200 result=-1", as: TypedDigits(digits: "", end: .failed)) {
            try await $0.getData("x", timeout: .seconds(5), count: 4)
        },

        .reads(.waitForDigit, "WAIT FOR DIGIT 3000", "200 result=35", as: "#") {
            try await $0.waitForDigit(within: .seconds(3))
        },
        .reads(.waitForDigit, "WAIT FOR DIGIT 3000", "200 result=0", as: nil) {
            try await $0.waitForDigit(within: .seconds(3))
        },
        .fails(.waitForDigit, "WAIT FOR DIGIT -1", "200 result=-1", with: .hungUp(command: "WAIT FOR DIGIT")) {
            _ = try await $0.waitForDigit(within: nil)
        },

        .reads(.getOption, "GET OPTION \"menu\" \"12\"", "200 result=49 endpos=240", as: key("1", 240)) {
            try await $0.getOption("menu", escapeDigits: "12")
        },
        .reads(.getOption, "GET OPTION \"menu\" \"12\" 4000", "200 result=0 endpos=800", as: .finished) {
            try await $0.getOption("menu", escapeDigits: "12", timeout: .seconds(4))
        },
        .reads(.getOption, "GET OPTION \"none\" \"12\"", "200 result=-1 endpos=0", as: .failed) {
            try await $0.getOption("none", escapeDigits: "12")
        },
    ]

    /// A key and where it was pressed.
    static func key(_ key: Character, _ position: Int? = nil) -> Playback {
        .key(KeyPress(key: key, position: position))
    }
}
