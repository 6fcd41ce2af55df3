import Configuration
import Foundation
import OnCall
import Testing

@Suite struct LineTests {
    @Test func whatIsLeftOutHasItsDefault() throws {
        let line = try #require(try settings(Configured.line()).lines.first)
        let expected = Line(
            name: "support", number: try #require(PhoneNumber("15550100")),
            timeZone: try #require(TimeZone(identifier: "America/Chicago")),
            mailbox: try #require(Mailbox("1000@support")))
        #expect(line == expected)
        #expect(line.title == "support")
    }

    @Test func everyKeyIsRead() throws {
        let line = try #require(
            try settings(
                Configured.line(
                    "title = Zoë's night-line No. 1", "open = 09:00-17:00,mon-fri,*,*", "open = 10:00-12:00,sat,*,*",
                    "closed = *,*,24,dec", "holiday = 2026-12-25, Christmas Day", "holiday = 2027-01-01",
                    "language = de", "contract_digits = 6", "contract_attempts = 2", "digit_timeout = 5",
                    "minimum_message = 3.5", "message_retries = 0", "callback_minutes = 90", "step = manager, 45",
                    "rounds = 3", "round_pause = 120", "engineer_repeats = 1", "key_timeout = 7", "callback = no",
                    "outbound_context = out", "engineer_context = leg", "callback_context = back",
                    "wrong_per_caller = 5", "wrong_per_line = 50", "lookup = own")
            ).lines.first)
        #expect(line.title == "Zoë's night-line No. 1")
        #expect(line.hours.open.map(\.text) == ["09:00-17:00,mon-fri,*,*", "10:00-12:00,sat,*,*"])
        #expect(line.hours.closed.count == 1)
        #expect(line.hours.holidays.map(\.name) == ["Christmas Day", nil])
        #expect(line.language == "de")
        #expect(line.contractDigits == 6)
        #expect(line.contractAttempts == 2)
        #expect(line.digitTimeout == 5)
        #expect(line.minimumMessage == 3.5)
        #expect(line.messageRetries == 0)
        #expect(line.callbackMinutes == 90)
        let steps = [EscalationStep(role: "on-call", seconds: 30), EscalationStep(role: "manager", seconds: 45)]
        #expect(line.escalation == EscalationPlan(steps: steps, rounds: 3, pause: 120))
        #expect(line.engineerRepeats == 1)
        #expect(line.keyTimeout == 7)
        #expect(!line.callback)
        #expect(line.outboundContext == "out")
        #expect(line.engineerContext == "leg")
        #expect(line.callbackContext == "back")
        #expect(line.wrongPerCaller == 5)
        #expect(line.wrongPerLine == 50)
        #expect(line.lookup == .own)
    }

    @Test(arguments: ["number", "time_zone", "mailbox", "step"])
    func whatALineNeedsIsToldAtItsHeader(_ key: String) {
        let found = problems(Configured.line(without: key))
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("test.conf:1: [support] has no \(key); write ") == true)
    }

    @Test func mistakesBehindAMissingKeyAreToldToo() {
        #expect(problems(Configured.line("rounds = 99", "title = a(b)", without: "number")).count == 3)
    }

    @Test(arguments: [
        ("number", "1 555 0100"), ("number", "5550100&x"), ("time_zone", "Chicago"), ("time_zone", ""),
        ("time_zone", "../../etc/passwd"), ("mailbox", "1000"), ("mailbox", "1000@"), ("mailbox", "1000@a,s"),
        ("step", "on-call"), ("step", "on-call, 0"), ("step", "on-call, 601"), ("step", "on-call, +30"),
        ("step", "on call, 30"), ("step", "On-Call, 30"), ("step", "on-call, 30, 2"), ("step", "on-call,, 30"),
    ])
    func aRequiredValueThatIsNoneIsTold(_ key: String, _ value: String) {
        let found = problems(Configured.line("\(key) = \(value)", without: key))
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.hasPrefix("test.conf:6: ") == true)
        #expect(found.first?.contains("; write ") == true)
    }

    @Test(arguments: [
        ("contract_digits", 1, 20), ("contract_attempts", 1, 9), ("digit_timeout", 1, 60), ("minimum_message", 0, 60),
        ("message_retries", 0, 5), ("callback_minutes", 1, 10_080), ("rounds", 1, 10), ("round_pause", 0, 3_600),
        ("engineer_repeats", 1, 9), ("key_timeout", 1, 60), ("wrong_per_caller", 1, 1_000),
        ("wrong_per_line", 1, 100_000),
    ])
    func numbersHaveTheirRange(_ key: String, _ lowest: Int, _ highest: Int) {
        for good in [lowest, highest] { #expect(problems(Configured.line("\(key) = \(good)")) == []) }
        for bad in [
            "\(lowest - 1)", "\(highest + 1)", "many", "", "+1", "-1", "0x1", "1e0", "nan", "99999999999999999999",
        ] {
            let found = problems(Configured.line("\(key) = \(bad)"))
            #expect(found.count == 1, "\(key) = \(bad)")
            #expect(found.first?.hasPrefix("test.conf:7: ") == true)
            #expect(found.first?.contains("from \(lowest) to \(highest)") == true)
        }
    }

    @Test(arguments: [
        "a,b", "a(b)", "a)b", "${x}", "a:b", "a/b", "a\"b", "a&b", "a^b", "½", "😀", "",
        String(repeating: "a", count: 61),
    ])
    func aTitleCanNotSteerTheDialplan(_ title: String) {
        #expect(problems(Configured.line("title = \(title)")).map { $0.hasPrefix("test.conf:7: ") } == [true])
    }

    @Test(arguments: ["Support", "Zoë's", "山田", "No. 1_a-b", String(repeating: "a", count: 60), "e\u{301}"])
    func aTitleHasLettersOfAnyLanguage(_ title: String) throws {
        #expect(try settings(Configured.line("title = \(title)")).lines.first?.title == title)
    }

    @Test(arguments: [
        ("open = 9-17,*,*,*", "the times field has '9', which is no time"),
        ("closed = *,monday,*,*", "the weekdays field has 'monday'"),
        ("holiday = 2026-02-30, Nothing", "'2026-02-30' is no day"), ("holiday =", "'' is no day"),
        ("callback = maybe", "'maybe' is no callback"), ("language = e", "'e' is no language"),
        ("language = en,x", "'en,x' is no language"), ("outbound_context = a b", "'a b' is no outbound_context"),
        ("engineer_context =", "'engineer_context' has no value"),
        ("callback_context = a,b", "'a,b' is no callback_context"),
        ("lookup = elsewhere", "no web service 'elsewhere'"), ("lookup =", "'lookup' has no value"),
    ])
    func anyOtherValueThatIsNoneIsTold(_ line: String, _ what: String) {
        #expect(problems(Configured.line(line)).map { $0.hasPrefix("test.conf:7: \(what); ") } == [true])
    }

    @Test func aLookupNamesAWebServiceThatMayStandBehindIt() throws {
        let text = Configured.line("lookup = entitlement", "[entitlement]", "type = web-service")
        let url = "\nurl = https://example.com/{contract}"
        #expect(try settings(text + url).lines.first?.lookup == .webService("entitlement"))
        #expect(problems(text).count == 1)
        #expect(problems(Configured.line("lookup = support")).first?.contains("no web service 'support'") == true)
    }
}
