import Configuration
import Sockets
import Testing

@Suite struct ServerTests {
    @Test func whatIsLeftOutHasItsDefault() throws {
        let settings = try settings(Configured.line())
        #expect(settings.listen.description == "127.0.0.1:4573")
        #expect(settings.permit.map(\.description) == ["127.0.0.0/8", "::1/128"])
        #expect(settings.database == "/var/lib/nightbell/nightbell.sqlite")
        #expect(settings.drain == 60)
        #expect("\(settings.log)" == "info")
        #expect(settings.sounds == "nightbell")
        #expect(settings.maxSessions == 1_000)
        #expect(settings.speech == nil)
    }

    @Test func everyKeyIsRead() throws {
        let settings = try settings(
            Configured.general(
                "listen = [::1]:4574", "permit = 192.0.2.0/24", "permit = 2001:db8::/32", "permit = 192.0.2.9",
                "database = /tmp/n.sqlite", "drain = 0", "log = warning", "sounds = custom/night", "max_sessions = 5",
                "speech = espeak-ng -v {voice} -w {file} {text}"))
        #expect(settings.listen.description == "[::1]:4574")
        #expect(settings.permit.map(\.description) == ["192.0.2.0/24", "2001:db8::/32", "192.0.2.9/32"])
        #expect(settings.database == "/tmp/n.sqlite")
        #expect(settings.drain == 0)
        #expect("\(settings.log)" == "warning")
        #expect(settings.sounds == "custom/night")
        #expect(settings.maxSessions == 5)
        #expect(settings.speech == "espeak-ng -v {voice} -w {file} {text}")
    }

    @Test(arguments: [
        "listen = localhost:4573", "listen = 127.0.0.1", "listen = 127.0.0.1:65536", "permit = everyone",
        "permit = 192.0.2.0/33", "permit =", "database = nightbell.sqlite", "drain = 86401", "drain = -1",
        "log = verbose", "log = INFO", "sounds = ../secret", "sounds = night bell", "sounds = night/", "sounds =",
        "max_sessions = 0", "max_sessions = 100001", "speech = espeak-ng {text}", "speech = espeak-ng {file}",
    ])
    func aValueThatIsNoneIsTold(_ line: String) {
        #expect(problems(Configured.general(line)).map { $0.hasPrefix("test.conf:9: ") } == [true])
    }

    // MARK: Web services

    private let url = "url = https://example.com/entitlement?contract={contract}"

    @Test func aWebServiceIsRead() throws {
        let service = try #require(
            try settings(
                Configured.service(
                    url, "timeout = 10", "retries = 0", "when_down = not-entitled", "token = example-token")
            ).webServices.first)
        #expect(service.name == "entitlement")
        #expect(service.url == "https://example.com/entitlement?contract={contract}")
        #expect(service.timeout == 10)
        #expect(service.retries == 0)
        #expect(service.whenDown == .notEntitled)
        #expect(service.token == "example-token")
    }

    @Test func aWebServiceHasDefaults() throws {
        let service = try #require(try settings(Configured.service(url)).webServices.first)
        #expect(service.timeout == 5)
        #expect(service.retries == 1)
        #expect(service.whenDown == .entitled)
        #expect(service.token == nil)
    }

    @Test(arguments: [
        "url = https://example.com/", "url = ftp://example.com/{contract}", "url = example.com/{contract}",
        "url = https:///{contract}", "url = https://{contract}.example.com/", "url = https://example.com:{contract}/",
        "url = https://{contract}@example.com/", "url =",
    ])
    func aURLHasTheContractBehindTheHost(_ line: String) {
        #expect(problems(Configured.service(line)).map { $0.hasPrefix("test.conf:9: ") } == [true])
    }

    @Test func aURLMustBeThere() {
        #expect(
            problems(Configured.service()).map { $0.hasPrefix("test.conf:7: [entitlement] has no url; ") } == [true])
    }

    @Test(arguments: [
        "timeout = 0", "timeout = 31", "retries = 4", "retries = -1", "when_down = unknown", "token = a b", "token =",
    ])
    func aValueOfAWebServiceThatIsNoneIsTold(_ line: String) {
        #expect(problems(Configured.service(url, line)).map { $0.hasPrefix("test.conf:10: ") } == [true])
    }

    @Test func aWebServiceIsNotNamedOwn() {
        let text = Configured.service(url).replacing("[entitlement]", with: "[own]")
        #expect(problems(text).map { $0.hasPrefix("test.conf:7: ") } == [true])
    }

    @Test func theTokenIsNotPartOfAMistake() {
        let found = problems(Configured.service(url, "token = secret token"))
        #expect(found.count == 1)
        #expect(found.first?.contains("secret") == false)
    }
}
