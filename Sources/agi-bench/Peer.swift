internal import CLinux
internal import Glibc

/// One connection to a server, blocking, for what a well-behaved Asterisk never does.
final class Peer {
    private var descriptor: Int32
    private var heard: [UInt8] = []

    init(_ port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        Wire.set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY)
        guard Wire.with(Wire.loopback(port), { connect(descriptor, $0, $1) }) == 0 else { throw Wire.Failed("connect") }
    }

    deinit { close() }

    var isClosed: Bool { descriptor < 0 }

    func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }

    /// Whether all of it was taken; a second is given.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            var poller = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            guard poll(&poller, 1, 1_000) == 1 else { return false }
            let sent = rest.withUnsafeBytes { clinux_send(descriptor, $0.baseAddress, $0.count) }
            guard sent > 0 else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }

    /// Whether the server says something that begins so, within milliseconds.
    func hears(_ text: String, within milliseconds: Int32) -> Bool {
        let end = Load.now() + UInt64(milliseconds) * 1_000_000
        while !heard.contains(10) {
            let now = Load.now()
            var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard now < end, poll(&poller, 1, Int32((end - now) / 1_000_000 + 1)) == 1 else { return false }
            var bytes = [UInt8](repeating: 0, count: 4_096)
            let count = clinux_recv(descriptor, &bytes, bytes.count)
            guard count > 0 else { return false }
            heard += bytes[..<count]
        }
        let line = heard.prefix { $0 != 10 }
        heard.removeFirst(line.count + 1)
        return line.starts(with: text.utf8)
    }

    /// Goes without FIN or RST, as a machine does that loses its power (tcp(7): TCP_REPAIR); false without the right to.
    func vanish() -> Bool {
        var on: Int32 = 1
        let code = setsockopt(descriptor, Int32(IPPROTO_TCP), 19, &on, socklen_t(MemoryLayout<Int32>.size))
        guard code == 0 else { return false }
        close()
        return true
    }
}

/// What a peer that means harm sends; each answers how many bytes the server took until it closed.
enum Hostile {
    /// Where it is given up to wait for the server's end.
    static let most = 32 << 20

    static func endlessEnvironment(_ peer: Peer) -> Int {
        pour(peer, first: "agi_network: yes\nagi_network_script: ")
    }

    static func endlessLine(_ peer: Peer) -> Int {
        peer.send(Array(Load.environment("bench").utf8))
        guard peer.hears("ANSWER", within: 2_000) else { return most }
        return pour(peer, first: "200 result=1 (")
    }

    private static func pour(_ peer: Peer, first: String) -> Int {
        var taken = 0
        guard peer.send(Array(first.utf8)) else { return 0 }
        let block = [UInt8](repeating: UInt8(ascii: "x"), count: 16_384)
        while taken < most, peer.send(block) { taken += block.count }
        return taken
    }
}
