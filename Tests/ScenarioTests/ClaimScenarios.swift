import Foundation
import Lab
import Testing

/// Two engineers want one page.
struct ClaimScenarios {
    @Test func whoComesSecond_hearsWhoHasIt_andNotTheMessage() async throws {
        let night = try await Night.start(onCall: [.mailbox, .accepts], settings: ["key_timeout": ["1"]])
        let caller = try await night.leaveMessage()
        #expect(try await caller.outcome().status == "PAGED")
        #expect(night.rung == ["e1", "e2"])
        // The first engineer listens to the mailbox's recording later: ring 1 comes back, and 1 is pressed.
        let second = try Leg(port: night.server.port, ring: 1)
        let commands = try second.answer { command in
            if command.hasPrefix("STREAM FILE \"nightbell/page-menu\"") { return "200 result=49 endpos=800\n" }
            if command.hasPrefix("STREAM FILE \"nightbell/engineer-e2\"") { return "200 result=-1 endpos=0\n" }
            return command.hasPrefix("CHANNEL STATUS") ? "200 result=6\n" : "200 result=0 endpos=8000\n"
        }
        #expect(commands.contains { $0.contains("nightbell/engineer-e2") })
        #expect(commands.contains { $0.contains("nightbell/page-taken") })
        #expect(!commands.contains { $0.hasPrefix("CONTROL STREAM FILE") })
        #expect(try await night.pages().contains("accepted by e2"))
    }
}

/// An engineer's leg played over AGI from outside Asterisk: for what two phones would have to do at one moment.
private final class Leg {
    private let descriptor: Int32

    init(port: Int, ring: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(result == 0)
        send("agi_network: yes\nagi_network_script: engineer?ring=\(ring)\nagi_channel: Local/x\nagi_language: en\n\n")
    }

    deinit { close(descriptor) }

    /// Answers every command until the server has done; gives back the commands.
    func answer(_ reply: (String) -> String) throws -> [String] {
        var received: [UInt8] = []
        var commands: [String] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 {
            received += buffer[..<count]
            while let end = received.firstIndex(of: UInt8(ascii: "\n")) {
                let command = String(decoding: received[..<end], as: UTF8.self)
                received.removeSubrange(...end)
                commands.append(command)
                send(reply(command))
            }
        }
        return commands
    }

    private func send(_ text: String) {
        _ = Foundation.send(descriptor, text, text.utf8.count, Int32(MSG_NOSIGNAL))
    }
}
