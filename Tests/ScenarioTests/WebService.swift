import Foundation
import Synchronization

/// A web service that knows contracts: real HTTP on 127.0.0.1, one thread, one answer for every request.
final class WebService: Sendable {
    /// What it answers.
    enum Answer: Sendable {
        /// A status and a body.
        case reply(Int, String)
        /// It takes the connection and never answers.
        case silence
        /// It begins a body and sends a byte of it every tenth of a second, for as long as the client stays.
        case trickle
        /// It sends a body without end as fast as the client takes it.
        case flood
    }

    let port: UInt16
    private let descriptor: Int32
    private let count = Atomic<Int>(0)
    private let bodyBytes = Atomic<Int>(0)

    /// How many requests have come.
    var requests: Int { count.load(ordering: .relaxed) }

    /// How many bytes of bodies without end were taken.
    var takenBytes: Int { bodyBytes.load(ordering: .relaxed) }

    /// Its section of nightbell.conf.
    func section(_ more: String = "") -> String {
        "[contracts-web]\ntype = web-service\nurl = http://127.0.0.1:\(port)/entitlement?contract={contract}\ntimeout = 1\n\(more)\n"
    }

    init(_ answer: Answer) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 64) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard bound else { throw POSIXError(.EADDRNOTAVAIL) }
        descriptor = listener
        port = UInt16(bigEndian: address.sin_port)
        let thread = Thread { [weak self] in
            while case let connection = accept(listener, nil, nil), connection >= 0 {
                self?.count.add(1, ordering: .relaxed)
                self?.serve(connection, answer)
            }
        }
        thread.start()
    }

    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }

    private func serve(_ connection: Int32, _ answer: Answer) {
        var request = ""
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while !request.contains("\r\n\r\n"), case let count = recv(connection, &buffer, buffer.count, 0), count > 0 {
            request += String(decoding: buffer[..<count], as: UTF8.self)
        }
        switch answer {
        case .reply(let status, let body):
            say("HTTP/1.1 \(status) OK\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)")
        case .silence:
            // Left open: the client's time limit ends it.
            return
        case .trickle:
            say("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
            while say(" ") { usleep(100_000) }
        case .flood:
            say("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
            let block = String(repeating: "x", count: 16_384)
            while say(block) { bodyBytes.add(block.utf8.count, ordering: .relaxed) }
        }
        close(connection)

        @discardableResult func say(_ text: String) -> Bool {
            send(connection, text, text.utf8.count, Int32(MSG_NOSIGNAL)) == text.utf8.count
        }
    }
}
