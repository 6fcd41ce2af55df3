import Testing

@testable import AGI

extension CommandRow {
    /// Speech recognition. The replies are those of the source; no free engine is there to ask.
    static let speech: [CommandRow] =
        [
            .reads(.speechCreate, "SPEECH CREATE \"\"", "200 result=1", as: true) { try await $0.createSpeech() },
            .reads(.speechCreate, "SPEECH CREATE \"none\"", "200 result=0", as: false) {
                try await $0.createSpeech(engine: "none")
            },
            .reads(.speechDestroy, "SPEECH DESTROY", "200 result=1", as: true) { try await $0.destroySpeech() },
            .reads(.speechDestroy, "SPEECH DESTROY", "200 result=0", as: false) { try await $0.destroySpeech() },
        ]
        + answered(.speechSet, "SPEECH SET \"beam\" \"10\"") { try await $0.setSpeech("beam", to: "10") }
        + answered(.speechLoadGrammar, "SPEECH LOAD GRAMMAR \"main\" \"/etc/main\"") {
            try await $0.loadGrammar("main", path: "/etc/main")
        }
        + answered(.speechUnloadGrammar, "SPEECH UNLOAD GRAMMAR \"main\"") { try await $0.unloadGrammar("main") }
        + answered(.speechActivateGrammar, "SPEECH ACTIVATE GRAMMAR \"main\"") { try await $0.activateGrammar("main") }
        + answered(.speechDeactivateGrammar, "SPEECH DEACTIVATE GRAMMAR \"main\"") {
            try await $0.deactivateGrammar("main")
        }
        + recognizing

    /// 1 for done, 0 for not.
    private static func answered(
        _ command: Command, _ line: String, _ call: @escaping @Sendable (Session) async throws -> Bool
    ) -> [CommandRow] {
        [
            .reads(command, line, "200 result=1", as: true, call),
            .reads(command, line, "200 result=0", as: false, call),
        ]
    }

    private static let recognizing: [CommandRow] = [
        recognize(" 3", "1 (timeout) endpos=0", .timeout, 0) {
            try await $0.recognizeSpeech(prompt: "ask", timeout: .seconds(3))
        },
        recognize(" 3 800", "1 (hangup) endpos=160", .hangUp, 160) {
            try await $0.recognizeSpeech(prompt: "ask", timeout: .milliseconds(2_100), offset: 800)
        },
        recognize(" 0", "0", .failed, nil) { try await $0.recognizeSpeech(prompt: "ask", timeout: nil) },
        recognize(" 1", "1 (speech) endpos=80 results=0 ", .speech, 80) {
            try await $0.recognizeSpeech(prompt: "ask", timeout: .zero)
        },
        recognize(
            " 3", "1 (speech) endpos=0 results=1 score0=900 text0=\"yes please\" grammar0=main", .speech, 0,
            ["900 main yes please"]
        ) { try await $0.recognizeSpeech(prompt: "ask", timeout: .seconds(3)) },
        recognize(
            " 3",
            "1 (speech) endpos=0 results=3 score0=900 text0=\"yes\" grammar0=main score1=40 text1=\"\" grammar1="
                + " score2=7 text2=\"say \"no\" score3=1 text3=\"x\" grammar2=a b", .speech, 0,
            ["900 main yes", "40  ", "7 a b say \"no\" score3=1 text3=\"x"]
        ) { try await $0.recognizeSpeech(prompt: "ask", timeout: .seconds(3)) },
        recognize(
            " 3", "1 (speech) endpos=0 results=2 score0=900 text0=\"yes\" grammar0=main score1=40 text1=\"cut", .speech,
            0, ["900 main yes"]
        ) { try await $0.recognizeSpeech(prompt: "ask", timeout: .seconds(3)) },
    ]

    /// A row of SPEECH RECOGNIZE; candidates are written `SCORE GRAMMAR TEXT`.
    private static func recognize(
        _ rest: String, _ result: String, _ end: SpeechRecognition.End, _ position: Int?, _ candidates: [String] = [],
        _ call: @escaping @Sendable (Session) async throws -> SpeechRecognition
    ) -> CommandRow {
        CommandRow(
            command: .speechRecognize, line: "SPEECH RECOGNIZE \"ask\"" + rest, reply: "200 result=" + result
        ) { session in
            let found = try await call(session)
            let heard = found.candidates.map { "\($0.score) \($0.grammar) \($0.text)" }
            let isExpected =
                found.end == end && found.digit == nil && found.position == position && heard == candidates
            return isExpected ? nil : "\(found)"
        }
    }
}

struct SpeechKeyTests {
    @Test func aKeyThatEndsListening_isRead() {
        let reply = Reply(code: 200, result: "1", text: "digit", tail: "digit=5 endpos=160")
        let found = SpeechRecognition(reply)
        #expect(found.end == .digit)
        #expect(found.digit == "5")
        #expect(found.position == 160)
    }

    @Test func aKeyThatEndsListening_comesAsOneLine() throws {
        var reader = ReplyReader()
        let line = Array("200 result=1 (digit) digit=5 endpos=160\n".utf8)
        let token = try line.withUnsafeBytes { bytes throws(AGIError) in try reader.read(bytes) }
        #expect(token == .reply(Reply(code: 200, result: "1", text: "digit", tail: "digit=5 endpos=160")))
    }
}
