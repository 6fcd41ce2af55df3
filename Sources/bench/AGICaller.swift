import Foundation
import Lab

/// Plays Asterisk's part of one call over a blocking socket.
final class AGICaller {
    private let descriptor: Int32
    private var received: [UInt8] = []

    /// Connects to a server on 127.0.0.1 and sends the environment of an after-hours call.
    init(port: Int, number: Int = 0) throws {
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
        guard result == 0 else {
            let code = errno
            close(descriptor)
            throw LabError.notReady("the connection", output: String(cString: strerror(code)))
        }
        try send(
            """
            agi_network: yes
            agi_network_script: after-hours?line=support
            agi_request: agi://127.0.0.1:\(port)/after-hours?line=support
            agi_channel: PJSIP/trunk-\(number)
            agi_language: en
            agi_type: PJSIP
            agi_uniqueid: 1754000000.\(number)
            agi_version: 22.10.0
            agi_callerid: 15550123
            agi_calleridname: unknown
            agi_context: nightbell-after-hours
            agi_extension: s
            agi_priority: 3


            """)
    }

    deinit { close(descriptor) }

    /// Answers commands until one begins like this, which stays unanswered.
    func answerUntil(_ verb: String) throws {
        while true {
            let command = try readCommand()
            if command.hasPrefix(verb) { return }
            try send(command.hasPrefix("SET VARIABLE") ? "200 result=1\n" : "200 result=0 endpos=0\n")
        }
    }

    /// The next command line.
    func readCommand() throws -> String {
        while true {
            if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
                defer { received.removeSubrange(...end) }
                return String(decoding: received[..<end], as: UTF8.self)
            }
            var buffer = [UInt8](repeating: 0, count: 2_048)
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { throw LabError.notReady("a command", output: "the server closed the connection") }
            received += buffer[..<count]
        }
    }

    private func send(_ text: String) throws {
        let bytes = Array(text.utf8)
        guard write(descriptor, bytes, bytes.count) == bytes.count else {
            throw LabError.notReady("sending", output: String(cString: strerror(errno)))
        }
    }
}
