@testable import AGI

extension CommandRow {
    /// The channel itself, text, and what steers the dialplan.
    static let channel: [CommandRow] = [
        .does(.answer, "ANSWER") { try await $0.answer() },
        .fails(.answer, "ANSWER", "200 result=-1", with: .hungUp(command: "ANSWER")) { try await $0.answer() },

        .reads(.hangUp, "HANGUP", "200 result=1", as: true) { try await $0.hangUp() },
        .reads(.hangUp, "HANGUP \"PJSIP/a-1\"", "200 result=1", as: true) { try await $0.hangUp(channel: "PJSIP/a-1") },
        .reads(.hangUp, "HANGUP \"nobody\"", "200 result=-1", as: false) { try await $0.hangUp(channel: "nobody") },

        .reads(.channelStatus, "CHANNEL STATUS", "200 result=6", as: .up) { try await $0.channelStatus() },
        .reads(.channelStatus, "CHANNEL STATUS \"nobody\"", "200 result=-1", as: nil) {
            try await $0.channelStatus("nobody")
        },
        .reads(.channelStatus, "CHANNEL STATUS", "200 result=99", as: nil) { try await $0.channelStatus() },

        .does(.setAutoHangup, "SET AUTOHANGUP \"0\"") { try await $0.setAutoHangup(after: nil) },
        .does(.setAutoHangup, "SET AUTOHANGUP \"90\"") { try await $0.setAutoHangup(after: .seconds(90)) },
        .does(.setAutoHangup, "SET AUTOHANGUP \"2.05\"") { try await $0.setAutoHangup(after: .milliseconds(2_050)) },

        .does(.setCallerID, "SET CALLERID \"Support <15550100>\"", "200 result=1") {
            try await $0.setCallerID("Support <15550100>")
        },
        .does(.setContext, "SET CONTEXT \"closed\"") { try await $0.setContext("closed") },
        .does(.setExtension, "SET EXTENSION \"s\"") { try await $0.setExtension("s") },
        .does(.setPriority, "SET PRIORITY \"1\"") { try await $0.setPriority("1") },
        .does(.setPriority, "SET PRIORITY \"menu\"") { try await $0.setPriority("menu") },

        .does(.setMusic, "SET MUSIC on") { try await $0.setMusic(true) },
        .does(.setMusic, "SET MUSIC off") { try await $0.setMusic(false) },
        .does(.setMusic, "SET MUSIC on \"jazz\"") { try await $0.setMusic(true, class: "jazz") },

        .reads(.tddMode, "TDD MODE \"on\"", "200 result=1", as: true) { try await $0.setTDDMode(.on) },
        .reads(.tddMode, "TDD MODE \"off\"", "200 result=0", as: false) { try await $0.setTDDMode(.off) },
        .reads(.tddMode, "TDD MODE \"mate\"", "200 result=1", as: true) { try await $0.setTDDMode(.mate) },
        .reads(.tddMode, "TDD MODE \"tdd\"", "200 result=1", as: true) { try await $0.setTDDMode(.tdd) },

        .does(.noop, "NOOP") { try await $0.noop() },
        .does(.noop, "NOOP \"still here\"") { try await $0.noop("still here") },
        .does(.verbose, "VERBOSE \"a \\\"b\\\"\" 1", "200 result=1") { try await $0.verbose("a \"b\"") },
        .does(.verbose, "VERBOSE \"x\" 3", "200 result=1") { try await $0.verbose("x", level: 3) },
        .does(.asyncAGIBreak, "ASYNCAGI BREAK") { try await $0.breakAsyncAGI() },

        .reads(.sendText, "SEND TEXT \"two words\"", "200 result=0", as: true) { try await $0.sendText("two words") },
        .reads(.sendText, "SEND TEXT \"x\"", "200 result=-1", as: false) { try await $0.sendText("x") },
        .reads(.sendImage, "SEND IMAGE \"logo\"", "200 result=0", as: true) { try await $0.sendImage("logo") },
        .reads(.sendImage, "SEND IMAGE \"logo\"", "200 result=-1", as: false) { try await $0.sendImage("logo") },

        .reads(.receiveChar, "RECEIVE CHAR 1500", "200 result=65", as: "A") {
            try await $0.receiveCharacter(within: .milliseconds(1_500))
        },
        .reads(.receiveChar, "RECEIVE CHAR 1", "200 result=0 (timeout)", as: nil) {
            try await $0.receiveCharacter(within: .zero)
        },
        .reads(.receiveChar, "RECEIVE CHAR 0", "200 result=-1 (hangup)", as: nil) {
            try await $0.receiveCharacter(within: nil)
        },
        .reads(.receiveText, "RECEIVE TEXT 2000", "200 result=1 (a (b) c)", as: "a (b) c") {
            try await $0.receiveText(within: .seconds(2))
        },
        .reads(.receiveText, "RECEIVE TEXT 0", "200 result=-1", as: nil) { try await $0.receiveText(within: nil) },
    ]
}
