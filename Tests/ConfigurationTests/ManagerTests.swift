import Configuration
import Sockets
import Testing

@Suite struct ManagerTests {
    @Test func anAccountIsRead() throws {
        let account = try #require(
            try settings(section("address = [::1]:5039", "user = night-bell", "secret = example-secret")).manager)
        #expect(account.address.description == "[::1]:5039")
        #expect(account.user == "night-bell")
        #expect(account.secret == "example-secret")
    }

    @Test func theAddressHasADefault_andWithoutASectionThereIsNoAccount() throws {
        let account = try settings(section("user = nightbell", "secret = example-secret")).manager
        #expect(account?.address.description == "127.0.0.1:5038")
        #expect(try settings(Configured.line()).manager == nil)
    }

    @Test(arguments: ["user = a b", "user = a\"", "address = localhost:5038", "user ="])
    func aValueThatIsNoneIsTold(_ line: String) {
        let rest = line.hasPrefix("user") ? "address = 127.0.0.1:5038" : "user = nightbell"
        #expect(problems(section(line, rest, "secret = x")).count == 1)
    }

    @Test(arguments: ["secret = two words", "secret =", "secret = g\u{00FC}nther"])
    func aSecretThatIsNoneIsToldWithoutSayingIt(_ line: String) throws {
        let told = problems(section("user = nightbell", line))
        #expect(told.count == 1)
        #expect(told.allSatisfy { !$0.contains("words") && !$0.contains("nther") })
    }

    @Test func aSecondAccountIsRefused() {
        let text = section("user = a", "secret = b") + "\n[other]\ntype = manager\nuser = c\nsecret = d\n"
        #expect(problems(text).contains { $0.contains("second section with type = manager") })
    }

    private func section(_ lines: String...) -> String {
        Configured.line() + "\n[pbx]\ntype = manager\n" + lines.joined(separator: "\n") + "\n"
    }
}
