import Testing

@testable import AMI

struct ActionTests {
    @Test func anAction_isWrittenWithItsIDAndAnEmptyLine() throws {
        var action = Action("Originate", ["Channel": "Local/1@x/n", "Variable": "A=1"])
        action.add("Variable", "B=2")
        let text = String(decoding: try PacketWriter.bytes(of: action, id: "nightbell-1"), as: UTF8.self)
        #expect(
            text == "Action: Originate\r\nActionID: nightbell-1\r\nChannel: Local/1@x/n\r\nVariable: A=1\r\n"
                + "Variable: B=2\r\n\r\n")
    }

    @Test(arguments: ["a\rb", "a\nb", "a\u{0}b", "\r\n"]) func aLineEndOrNUL_isNeverSent(_ text: String) {
        #expect(throws: AMIError.forbiddenCharacter(action: "Ping", key: "Key")) {
            try PacketWriter.bytes(of: Action("Ping", ["Key": text]), id: "1")
        }
        #expect(throws: AMIError.self) { try PacketWriter.bytes(of: Action("Ping", [text: "value"]), id: "1") }
        #expect(throws: AMIError.self) { try PacketWriter.bytes(of: Action("Ping\(text)"), id: "1") }
        #expect(throws: AMIError.self) { try PacketWriter.bytes(of: Action("Ping"), id: text) }
    }

    @Test(arguments: ["", "Variable: A", ":"]) func aKeyThatIsEmptyOrHoldsAColon_isNeverSent(_ key: String) {
        #expect(throws: AMIError.self) { try PacketWriter.bytes(of: Action("Ping", [key: "value"]), id: "1") }
    }

    @Test func aLineIsAsLongAsAsteriskReads_andNoLonger() throws {
        let longest = String(repeating: "x", count: 1_024 - "Key: \r\n".utf8.count)
        #expect(try PacketWriter.bytes(of: Action("Ping", ["Key": longest]), id: "1").count > 1_024)
        #expect(throws: AMIError.lineTooLong(action: "Ping", key: "Key", bytes: 1_025, limit: 1_024)) {
            try PacketWriter.bytes(of: Action("Ping", ["Key": longest + "x"]), id: "1")
        }
    }

    @Test func anActionHasAsManyLinesAsAsteriskReads_andNoMore() throws {
        var action = Action("Ping")
        for number in 1...126 { action.add("Variable", "A=\(number)") }
        #expect(try !PacketWriter.bytes(of: action, id: "1").isEmpty)
        action.add("Variable", "A=127")
        #expect(throws: AMIError.tooManyLines(action: "Ping", lines: 129, limit: 128)) {
            try PacketWriter.bytes(of: action, id: "1")
        }
    }

    @Test func anOrigination_isWrittenAsAsteriskReadsIt() throws {
        let dialled = try Origination.Place(context: "nightbell-outbound", exten: "+15550101")
        let answered = try Origination.Place(context: "nightbell-engineer", exten: "17")
        var origination = Origination(
            dialled: dialled, answered: answered, timeout: .milliseconds(2_500), channelID: try ChannelID("id-1"))
        try origination.setCallerID(number: "15550100", name: "Support")
        try origination.setVariable("__NIGHTBELL_RING", "17")
        #expect(
            origination.action
                == Action(
                    "Originate",
                    [
                        "Channel": "Local/+15550101@nightbell-outbound/n", "Context": "nightbell-engineer",
                        "Exten": "17", "Priority": "1", "Timeout": "2500", "Async": "true", "ChannelId": "id-1",
                        "CallerID": "\"Support\" <15550100>", "Variable": "__NIGHTBELL_RING=17",
                    ]))
    }

    @Test(arguments: ["", "1/n@other", "1@x", "1&PJSIP/2", "${EXTEN}", "1,2", "1 2", "ü", "1\n"])
    func anExtensionThatCouldBeMore_isRefused(_ exten: String) {
        #expect(throws: AMIError.self) { try Origination.Place(context: "nightbell-outbound", exten: exten) }
        #expect(throws: AMIError.self) { try Origination.Place(context: exten, exten: "1") }
        #expect(throws: AMIError.self) { try ChannelID(exten) }
    }

    @Test func aChannelIDThatIsAPattern_isRefused() {
        #expect(throws: AMIError.self) { try ChannelID("/.*/") }
    }

    @Test func callerIDsAndVariablesThatCouldBeMore_areRefused() throws {
        let place = try Origination.Place(context: "c", exten: "1")
        var origination = Origination(
            dialled: place, answered: place, timeout: .seconds(1), channelID: try ChannelID("1"))
        for number in ["", "1>", "+", "abc", "1 2"] {
            #expect(throws: AMIError.self) { try origination.setCallerID(number: number) }
        }
        for name in ["a\"b", "<1>", "a\r\nAction: Ping", "\\"] {
            #expect(throws: AMIError.self) { try origination.setCallerID(number: "15550100", name: name) }
        }
        for (name, value) in [
            ("SHELL(x)", "1"), ("", "1"), ("A", "1,B=2"), ("A", "\"1"), ("A", "a\\"), ("A", "(1"), ("A", "x\ny"),
        ] {
            #expect(throws: AMIError.self) { try origination.setVariable(name, value) }
        }
    }

    @Test(arguments: [
        ("", "d41d8cd98f00b204e9800998ecf8427e"), ("abc", "900150983cd24fb0d6963f7d28e17f72"),
        ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
    ]) func theDigest_isThatOfRFC1321(_ text: String, _ digest: String) throws {
        #expect(try MD5.hexadecimal(text) == digest)
    }

    @Test func aSecret_isNeverPrinted() {
        let secret = Secret("hunter2")
        var dumped = ""
        dump(secret, to: &dumped)
        #expect(!"\(secret) \(String(reflecting: secret)) \(dumped)".contains("hunter2"))
    }
}
