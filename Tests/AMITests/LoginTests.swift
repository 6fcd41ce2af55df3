import Sockets
import Synchronization
import Testing

@testable import AMI

@Suite(.timeLimit(.minutes(1))) struct LoginTests {
    @Test func aChallenge_isAnsweredWithTheKey_andTheSecretIsNotSent() async throws {
        let login = Mutex<Packet?>(nil)
        try await withClient({ $0.allowsPlainOnLoopback = false }) { talk in
            await talk.says("Asterisk Call Manager/11.0.0\n")
            await talk.answers(await talk.hears(), "Challenge: 160345722")
            let heard = await talk.hears()
            login.withLock { $0 = heard }
            await talk.answers(heard, "Message: Authentication accepted")
            await talk.says("Event: FullyBooted\nStatus: Fully Booted\n\n")
        } _: { client, states in
            try await states.up()
            #expect(states.seen == [.connecting, .up(version: "11.0.0")])
            #expect(client.isUp)
        }
        let sent = try #require(login.withLock { $0 })
        #expect(sent["AuthType"] == "MD5")
        let key = try MD5.hexadecimal("160345722hunter2")
        #expect(sent["Key"] == key)
        #expect(!sent.description.contains("hunter2"))
    }

    @Test func theSecretItself_isSentToLoopbackOnly() throws {
        let far = try #require(SocketAddress("192.0.2.1:5038"))
        let near = try #require(SocketAddress("[::1]:5038"))
        var options = ClientOptions(address: far, user: "nightbell", secret: Secret("hunter2"))
        options.allowsPlainOnLoopback = true
        #expect(!options.isPlain)
        options.address = near
        #expect(options.isPlain)
        options.allowsPlainOnLoopback = false
        #expect(!options.isPlain)
    }

    @Test(arguments: ["Authentication failed", "Permission denied"])
    func aRefusedLogin_saysWhatToMend_andIsTriedAgainSlowly(_ message: String) async throws {
        let trouble = try await withClient({ $0.refusedRetry = .seconds(100) }) { talk in
            await talk.says("Asterisk Call Manager/11.0.0\n")
            await talk.answers(await talk.hears(), "Message: \(message)", status: "Error")
        } _: { _, states in
            try await states.trouble()
        }
        guard case .loginRefused("nightbell", _, message) = trouble.error else {
            Issue.record("\(trouble.error)")
            return
        }
        #expect("\(trouble.error)".contains("manager.conf"))
        #expect((Duration.seconds(50)...Duration.seconds(100)).contains(trouble.retryIn))
    }

    @Test func whatIsNoManager_isRefused() async throws {
        let trouble = try await withClient { talk in
            await talk.says("SSH-2.0-example\n")
        } _: { _, states in
            try await states.trouble()
        }
        #expect(trouble.error == .notAMI("it begins with 'SSH-2.0-example'"))
    }

    @Test func aPeerWithoutABanner_isGivenUpInTime() async throws {
        let trouble = try await withClient({ $0.reply = .milliseconds(20) }) { _ in
        } _: { _, states in
            try await states.trouble()
        }
        #expect(trouble.error == .notAMI("no banner within 0.02 seconds"))
    }

    @Test func withoutFullyBooted_itIsNotUp() async throws {
        let trouble = try await withClient({ $0.booting = .milliseconds(20) }) { talk in
            await talk.says("Asterisk Call Manager/11.0.0\n")
            await talk.answers(await talk.hears(), "Message: Authentication accepted")
        } _: { client, states in
            let trouble = try await states.trouble()
            #expect(!states.seen.contains(.up(version: "11.0.0")))
            return trouble
        }
        guard case .notBooted = trouble.error else {
            Issue.record("\(trouble.error)")
            return
        }
        #expect("\(trouble.error)".contains("add 'system' to the read line"))
    }

    @Test func beforeItIsUp_anActionIsNotSent() async throws {
        try await withClient { talk in
            await talk.says("Asterisk Call Manager/11.0.0\n")
        } _: { client, states in
            let first = try await states.next()
            #expect(first == .connecting)
            await #expect(throws: AMIError.notConnected(action: "Ping")) { try await client.perform(Action("Ping")) }
        }
    }

    @Test func whenNobodyListens_theWaitsGrowToTheLimit() async throws {
        let waits = Mutex<[Duration]>([])
        try await withClient({ options in
            options.address = SocketAddress(ip: .loopback, port: 1)
            options.firstRetry = .seconds(1)
            options.retryLimit = .seconds(5)
            options.random = { 0.5 }
            options.schedule = { loop, duration, action in
                waits.withLock { $0.append(duration) }
                loop.schedule(at: loop.now, action)
            }
        }) { _ in
        } _: { _, states in
            for _ in 0..<5 {
                let error = try await states.trouble().error
                #expect("\(error)" == "connect: Connection refused")
            }
        }
        let expected: [Duration] = [.milliseconds(500), .seconds(1), .seconds(2), .milliseconds(2_500)]
        #expect(Array(waits.withLock { $0 }.prefix(4)) == expected)
    }

    @Test func stoppedInALongWait_itEndsAtOnce() async throws {
        try await withClient({ options in
            options.address = SocketAddress(ip: .loopback, port: 1)
            options.firstRetry = .seconds(86_400)
            options.random = { 1 }
        }) { _ in
        } _: { client, states in
            _ = try await states.trouble()
            client.stop()
            #expect(try await states.next() == .stopped)
        }
    }
}
