import Testing

@testable import AGI

extension CommandRow {
    /// Variables, Asterisk's database, applications and subroutines.
    static let variables: [CommandRow] = [
        .reads(.getVariable, "GET VARIABLE \"CALLERID(num)\"", "200 result=1 (15550100)", as: "15550100") {
            try await $0.variable("CALLERID(num)")
        },
        .reads(.getVariable, "GET VARIABLE \"X\"", "200 result=1 ()", as: "") { try await $0.variable("X") },
        .reads(.getVariable, "GET VARIABLE \"X\"", "200 result=0", as: nil) { try await $0.variable("X") },

        .reads(
            .getFullVariable, "GET FULL VARIABLE \"${EPOCH}\"", "200 result=1 (1795221000)", as: "1795221000"
        ) { try await $0.fullVariable("${EPOCH}") },
        .reads(.getFullVariable, "GET FULL VARIABLE \"${X}\" \"gone\"", "200 result=0", as: nil) {
            try await $0.fullVariable("${X}", channel: "gone")
        },

        .does(.setVariable, "SET VARIABLE \"X\" \"a b\"", "200 result=1") { try await $0.setVariable("X", to: "a b") },
        .does(.setVariable, "SET VARIABLE \"X\" \"\"", "200 result=1") { try await $0.setVariable("X", to: "") },

        .reads(.databaseGet, "DATABASE GET \"f\" \"k\"", "200 result=1 (v)", as: "v") {
            try await $0.databaseValue(family: "f", key: "k")
        },
        .reads(.databaseGet, "DATABASE GET \"f\" \"k\"", "200 result=0", as: nil) {
            try await $0.databaseValue(family: "f", key: "k")
        },
        .reads(.databasePut, "DATABASE PUT \"f\" \"k\" \"v\"", "200 result=1", as: true) {
            try await $0.setDatabaseValue("v", family: "f", key: "k")
        },
        .reads(.databasePut, "DATABASE PUT \"f\" \"k\" \"v\"", "200 result=0", as: false) {
            try await $0.setDatabaseValue("v", family: "f", key: "k")
        },
        .reads(.databaseDel, "DATABASE DEL \"f\" \"k\"", "200 result=1", as: true) {
            try await $0.deleteDatabaseValue(family: "f", key: "k")
        },
        .reads(.databaseDel, "DATABASE DEL \"f\" \"k\"", "200 result=0", as: false) {
            try await $0.deleteDatabaseValue(family: "f", key: "k")
        },
        .reads(.databaseDelTree, "DATABASE DELTREE \"f\"", "200 result=0", as: true) {
            try await $0.deleteDatabaseTree(family: "f")
        },
        .reads(.databaseDelTree, "DATABASE DELTREE \"f\" \"k\"", "200 result=1", as: false) {
            try await $0.deleteDatabaseTree(family: "f", keyTree: "k")
        },

        .reads(.exec, "EXEC \"Answer\"", "200 result=0", as: 0) { try await $0.execute("Answer") },
        .reads(.exec, "EXEC \"VoiceMail\" \"1000@support,s\"", "200 result=-1", as: -1) {
            try await $0.execute("VoiceMail", "1000@support,s")
        },
        .fails(.exec, "EXEC \"Nothing\"", "200 result=-2", with: .unknownCommand(command: "EXEC Nothing")) {
            try await $0.execute("Nothing")
        },

        .reads(.gosub, "GOSUB \"c\" \"s\" \"1\"", "100 result=0 Trying...\n200 result=0 Gosub complete", as: true) {
            try await $0.gosub(context: "c", extension: "s")
        },
        .reads(
            .gosub, "GOSUB \"c\" \"s\" \"begin\" \"1,two\"", "100 result=0 Trying...\n200 result=0 Gosub complete",
            as: true
        ) { try await $0.gosub(context: "c", extension: "s", priority: "begin", arguments: "1,two") },
        .reads(.gosub, "GOSUB \"c\" \"s\" \"1\"", "200 result=-1 Gosub label not found", as: false) {
            try await $0.gosub(context: "c", extension: "s")
        },
    ]
}

/// The applications that have a method of their own: several commands each.
struct ApplicationTests {
    @Test func dial_isExec_andAnswersDialstatus() async throws {
        let (status, commands) = try await converse(replies: ["200 result=0\n", "200 result=1 (NOANSWER)\n"]) {
            try await $0.dial("Local/15550101@outbound", ringing: .milliseconds(19_100), options: "g")
        }
        #expect(status == "NOANSWER")
        #expect(commands == ["EXEC \"Dial\" \"Local/15550101@outbound,20,g\"", "GET VARIABLE \"DIALSTATUS\""])
    }

    @Test func voiceMail_forgetsAnOlderMessage_andAnswersWhatItLeft() async throws {
        let replies = [
            "200 result=1\n", "HANGUP\n200 result=-1\n", "200 result=1 (SUCCESS)\n", "200 result=1 (/var/msg0001)\n",
        ]
        let (left, commands) = try await converse(replies: replies) { try await $0.voiceMail("1000@support") }
        #expect(left == VoiceMailResult(status: "SUCCESS", file: "/var/msg0001", callerHungUp: true))
        #expect(
            commands == [
                "SET VARIABLE \"VM_MESSAGEFILE\" \"\"", "EXEC \"VoiceMail\" \"1000@support,s\"",
                "GET VARIABLE \"VMSTATUS\"", "GET VARIABLE \"VM_MESSAGEFILE\"",
            ])
    }

    @Test(arguments: [
        (Duration.zero, "0"), (.seconds(90), "90"), (.milliseconds(2_500), "2.5"), (.milliseconds(2_050), "2.05"),
        (.milliseconds(1), "0.001"), (.seconds(-3), "0"), (.microseconds(100), "0"),
    ])
    func aTimeInSeconds_hasTheDecimalsItNeeds(_ time: Duration, _ text: String) {
        #expect(time.decimalSeconds == text)
    }

    @Test(arguments: [
        (Duration.zero, 0), (.seconds(30), 30), (.milliseconds(30_001), 31), (.seconds(-1), 0),
        (.seconds(Int64.max), 3_200_000_000),
    ])
    func aTimeInWholeSeconds_isRoundedUp(_ time: Duration, _ seconds: Int) {
        #expect(time.wholeSeconds == seconds)
    }
}
