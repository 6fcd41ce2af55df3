internal import CLinux
internal import Glibc

/// What the kernel alone allows: one thread, one epoll, the twenty commands as bytes. It keeps no environment and parses
/// no reply, only looks for the empty line that ends the one and for the newline that ends the other.
enum Bound {
    private static let commands: [StaticString] = [
        "ANSWER\n", "GET VARIABLE FOO\n", "GET DATA prompt 5000 10\n", "STREAM FILE hello \"\"\n",
        "SET VARIABLE A \"b\"\n", "EXEC NoOp x\n",
    ]

    private struct Session {
        var isInEnvironment = true
        var sent = 0
        var last: UInt8 = 0
    }

    static func run(port: UInt16) throws {
        let listener = try Wire.listen(port: port)
        let poller = epoll_create1(0)
        Wire.watch(listener, with: poller)
        var sessions = [Session](repeating: Session(), count: 65_536)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4_096, alignment: 16)
        let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: 512)
        while true {
            for index in 0..<max(0, Int(epoll_wait(poller, events, 512, -1))) {
                let descriptor = events[index].data.fd
                if descriptor == listener {
                    while case let accepted = accept4(listener, nil, nil, Int32(SOCK_NONBLOCK.rawValue)), accepted >= 0
                    {
                        guard accepted < sessions.count else {
                            close(accepted)
                            continue
                        }
                        sessions[Int(accepted)] = Session()
                        Wire.watch(accepted, with: poller)
                    }
                } else if !go(on: descriptor, &sessions[Int(descriptor)], buffer) {
                    close(descriptor)
                }
            }
        }
    }

    /// Reads what came and sends the next command; false at the end.
    private static func go(
        on descriptor: Int32, _ session: inout Session, _ buffer: UnsafeMutableRawBufferPointer
    ) -> Bool {
        let count = clinux_recv(descriptor, buffer.baseAddress, buffer.count)
        guard count > 0 else { return false }
        let last = buffer[count - 1]
        let before = count > 1 ? buffer[count - 2] : session.last
        session.last = last
        guard last == 10 else { return true }
        if session.isInEnvironment {
            guard before == 10 else { return true }
            session.isInEnvironment = false
        }
        guard session.sent < 20 else { return false }
        let command = commands[session.sent % commands.count]
        session.sent += 1
        return clinux_send(descriptor, command.utf8Start, command.utf8CodeUnitCount) > 0
    }
}

/// The few socket calls that the bound and the load share.
enum Wire {
    struct Failed: Error, CustomStringConvertible {
        let description: String
        init(_ call: String) { description = "\(call): \(String(cString: strerror(errno)))" }
    }

    static func loopback(_ port: UInt16, host: UInt32 = 0x7F00_0001) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = host.bigEndian
        return address
    }

    static func with<R>(_ address: sockaddr_in, _ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    static func set(_ descriptor: Int32, _ level: Int32, _ name: Int32) {
        var one: Int32 = 1
        setsockopt(descriptor, level, name, &one, socklen_t(MemoryLayout<Int32>.size))
    }

    /// A listening socket whose connections inherit TCP_NODELAY.
    static func listen(port: UInt16) throws(Failed) -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
        set(descriptor, SOL_SOCKET, SO_REUSEADDR)
        set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY)
        guard with(loopback(port), { bind(descriptor, $0, $1) }) == 0, Glibc.listen(descriptor, 4_096) == 0 else {
            throw Failed("bind")
        }
        return descriptor
    }

    static func watch(_ descriptor: Int32, with poller: Int32, for events: UInt32 = clinux_EPOLLIN) {
        var event = epoll_event(events: events, data: epoll_data(fd: descriptor))
        epoll_ctl(poller, EPOLL_CTL_ADD, descriptor, &event)
    }
}
