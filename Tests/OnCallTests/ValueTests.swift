import Foundation
import OnCall
import Testing

@Suite struct ValueTests {
    @Test(arguments: ["12", "15550100", "+15550100", "123456789012345", "+123456789012345"])
    func numbersHaveTwoToFifteenDigitsAndMaybeAPlus(_ text: String) throws {
        let number = try #require(PhoneNumber(text))
        #expect(number.text == text)
        #expect(number.description == text)
        #expect(number.digits == text.filter { $0 != "+" })
    }

    @Test(
        arguments: [
            "", "+", "1", "+1", "1234567890123456", "++12", "12+", "1 2", " 12", "12\n", "12&SIP/x", "12@evil",
            "555-0100", "١٢٣",
            "１２３", "1\u{301}2",
        ])
    func whatIsNoNumberIsNil(_ text: String) { #expect(PhoneNumber(text) == nil) }

    @Test func aStoredNumberIsCheckedWhenItIsRead() throws {
        let number = try #require(PhoneNumber("+15550100"))
        #expect(try JSONDecoder().decode([PhoneNumber].self, from: try JSONEncoder().encode([number])) == [number])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([PhoneNumber].self, from: Data(#"["12&SIP/x"]"#.utf8))
        }
    }

    @Test(arguments: [nil, "", "unknown", "Anonymous", "555-0100", "15550100\r\nHANGUP"])
    func aCallersNumberThatIsNoneIsNil(_ number: String?) { #expect(Caller(number: number, name: nil).number == nil) }

    @Test(
        arguments: [
            ("Example Caller", "Example Caller"), ("  Example\t", "Example"), ("Ex\r\nam\u{0}ple", "Example"),
            ("Exam\u{202E}ple\u{2028}", "Example"),
            ("Ünsal \u{1F469}\u{200D}\u{1F527}", "Ünsal \u{1F469}\u{200D}\u{1F527}"),
            ("unknown", nil), ("", nil), (" \r\n ", nil), (nil, nil),
        ] as [(String?, String?)])
    func aCallersNameHasNothingThatSteers(_ raw: String?, _ expected: String?) {
        #expect(Caller(number: "15550100", name: raw) == Caller(number: "15550100", name: expected))
        #expect(Caller(number: nil, name: raw).name == expected)
    }

    @Test func aCallersNameHasEightyCharactersAtMost() {
        #expect(Caller(number: nil, name: String(repeating: "ä", count: 200)).name?.count == 80)
    }

    @Test func contractNumbersKeepTheirLeadingZeros() throws {
        #expect(try #require(ContractNumber("0000000000")).digits == "0000000000")
        #expect(ContractNumber("0012") != ContractNumber("12"))
        #expect(ContractNumber(String(repeating: "9", count: 20)) != nil)
    }

    @Test(arguments: ["", "123456789012345678901", "12a", "-1", "+1", "1 2", "١٢", "1\n"])
    func whatIsNoContractNumberIsNil(_ text: String) { #expect(ContractNumber(text) == nil) }

    @Test(arguments: [("1234567890", "*******890"), ("1234", "*234"), ("123", "***"), ("1", "*")])
    func allButTheLastThreeDigitsAreMasked(_ digits: String, _ expected: String) throws {
        #expect(try #require(ContractNumber(digits)).masked == expected)
        #expect(ContractNumber.masked(digits) == expected)
    }

    @Test func nothingTypedIsMaskedAsNothing() { #expect(ContractNumber.masked("") == "") }

    @Test func aMailboxHasANumberAndAContext() throws {
        let mailbox = try #require(Mailbox("1000@sup_port-2"))
        #expect((mailbox.number, mailbox.context) == ("1000", "sup_port-2"))
        #expect(mailbox.text == "1000@sup_port-2")
    }

    @Test(
        arguments: [
            "", "1000", "@", "1000@", "@support", "1@2@3", "1000@a,s", "1000@../x", "1000@a b", "1000&1001@a",
            "1000@" + String(repeating: "a", count: 33), "1000@süd",
        ])
    func whatIsNoMailboxIsNil(_ text: String) { #expect(Mailbox(text) == nil) }

    @Test func namesOfLinesAndEngineersBeginWithALetterOrDigit() {
        let long = String(repeating: "a", count: 32)
        for name in ["a", "0", "support", "line-2", long] {
            #expect(LineName.isValid(name))
            #expect(EngineerID.isValid(name))
        }
        for name in ["", "-a", "A", "a_b", "a b", "ä", "a\n", "../a", long + "a"] {
            #expect(!LineName.isValid(name))
            #expect(!EngineerID.isValid(name))
        }
    }

    @Test func rolesBeginWithALetter() {
        #expect(["a", "on-call", "tier2"].allSatisfy(RoleName.isValid))
        #expect(!["", "2nd", "-a", "On-call", "on call"].contains(where: RoleName.isValid))
    }

    @Test(
        arguments: [
            ("SUCCESS", RingOutcome.noKey), ("BUSY", .busy), ("CONGESTION", .congestion), ("RINGING", .notAnswered),
            ("FAILED", .failed), ("HANGUP", .hungUp), ("", .failed), ("busy", .failed), (nil, .failed),
        ] as [(String?, RingOutcome)])
    func originateStatusSaysHowARingEnded(_ status: String?, _ expected: RingOutcome) {
        #expect(RingOutcome.fromOriginateStatus(status) == expected)
    }

    @Test(arguments: [Entitlement.entitled, .notEntitled, .unknown, .unverified(reason: "timed out")])
    func anEntitlementIsReadBackFromItsName(_ entitlement: Entitlement) {
        #expect(Entitlement(rawName: entitlement.rawName, reason: entitlement.reason) == entitlement)
    }

    @Test func noOtherNameIsAnEntitlement() { #expect(Entitlement(rawName: "maybe") == nil) }

    @Test func aContractSaysWhatItEntitlesTo() throws {
        let number = try #require(ContractNumber("1"))
        let contract = Contract(number: number, customer: "Example Customer", entitled: false, callbackMinutes: 30)
        #expect(
            contract.verification
                == Verification(entitlement: .notEntitled, customer: "Example Customer", callbackMinutes: 30))
    }

    @Test func whatALineLeavesOutHasTheDefaultsOfTheConfiguration() throws {
        let line = try Line.make(name: "support")
        #expect(line.title == "support")
        #expect(line.escalation.steps == [EscalationStep(role: "on-call", seconds: 30)])
        #expect((line.escalation.rounds, line.escalation.pause) == (2, 0))
        #expect((line.contractDigits, line.contractAttempts, line.digitTimeout) == (10, 3, 8))
        #expect((line.minimumMessage, line.messageRetries, line.callbackMinutes) == (4, 1, 60))
        #expect((line.engineerRepeats, line.keyTimeout, line.callback) == (2, 5, true))
        #expect((line.wrongPerCaller, line.wrongPerLine) == (9, 60))
        #expect(line.lookup == .own)
    }
}
