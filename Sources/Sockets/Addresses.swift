import Glibc

/// An IPv4 or IPv6 address, in network order: 4 or 16 bytes.
public struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    /// The bytes of the address; an IPv4 address mapped into IPv6 (`::ffff:192.0.2.1`) is kept as the IPv4 address it is.
    public let bytes: [UInt8]

    /// 127.0.0.1.
    public static let loopback = IPAddress(checked: [127, 0, 0, 1])

    private init(checked bytes: [UInt8]) { self.bytes = bytes }

    /// Takes 4 or 16 bytes in network order, nothing else.
    public init?(bytes: [UInt8]) {
        switch bytes.count {
        case 4: self.bytes = bytes
        case 16: self.bytes = bytes.starts(with: Self.mappedPrefix) ? Array(bytes[12...]) : bytes
        default: return nil
        }
    }

    /// Reads a numeric address, such as `127.0.0.1` or `::1`. The corresponding C function is `inet_pton`.
    public init?(_ text: String) {
        var storage = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &storage) == 1 {
            self.init(bytes: Array(storage[..<4]))
        } else if inet_pton(AF_INET6, text, &storage) == 1 {
            self.init(bytes: storage)
        } else {
            return nil
        }
    }

    /// The numeric text of the address. The corresponding C function is `inet_ntop`.
    public var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return "?" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static let mappedPrefix: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
}

/// An address and a TCP port, written `127.0.0.1:4573` or `[::1]:4573`.
public struct SocketAddress: Sendable, Hashable, CustomStringConvertible {
    /// The numeric address.
    public let ip: IPAddress
    /// The port in host order; 0 asks the kernel for a free one when listening.
    public let port: UInt16

    /// An address and a port in host order.
    public init(ip: IPAddress, port: UInt16) {
        self.ip = ip
        self.port = port
    }

    /// Reads `ADDRESS:PORT`; an IPv6 address stands in brackets. Names are not looked up.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        guard let port = UInt16(text[text.index(after: colon)...]) else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard let ip = IPAddress(String(host)) else { return nil }
        self.init(ip: ip, port: port)
    }

    /// `ADDRESS:PORT`, an IPv6 address in brackets.
    public var description: String { ip.bytes.count == 4 ? "\(ip):\(port)" : "[\(ip)]:\(port)" }

    /// Calls `body` with the address as the kernel takes it (`sockaddr_in` or `sockaddr_in6`).
    func withSockaddr<R>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
        var storage = sockaddr_storage()
        let length = withUnsafeMutableBytes(of: &storage) { raw -> Int in
            if ip.bytes.count == 4 {
                var address = sockaddr_in()
                address.sin_family = sa_family_t(AF_INET)
                address.sin_port = port.bigEndian
                withUnsafeMutableBytes(of: &address.sin_addr) { $0.copyBytes(from: ip.bytes) }
                withUnsafeBytes(of: address) { raw.copyMemory(from: $0) }
                return MemoryLayout<sockaddr_in>.size
            }
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            withUnsafeMutableBytes(of: &address.sin6_addr) { $0.copyBytes(from: ip.bytes) }
            withUnsafeBytes(of: address) { raw.copyMemory(from: $0) }
            return MemoryLayout<sockaddr_in6>.size
        }
        return withUnsafePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(length)) }
        }
    }

    /// Reads what the kernel wrote; nil for a family that is neither IPv4 nor IPv6.
    init?(_ storage: sockaddr_storage) {
        let parts: (address: [UInt8], port: UInt16)? = withUnsafeBytes(of: storage) { raw in
            switch Int32(storage.ss_family) {
            case AF_INET:
                let address = raw.loadUnaligned(as: sockaddr_in.self)
                return (withUnsafeBytes(of: address.sin_addr) { Array($0) }, UInt16(bigEndian: address.sin_port))
            case AF_INET6:
                let address = raw.loadUnaligned(as: sockaddr_in6.self)
                return (withUnsafeBytes(of: address.sin6_addr) { Array($0) }, UInt16(bigEndian: address.sin6_port))
            default:
                return nil
            }
        }
        guard let parts, let ip = IPAddress(bytes: parts.address) else { return nil }
        self.init(ip: ip, port: parts.port)
    }
}

/// A network in CIDR form, such as `192.0.2.0/24`; a bare address is a network of one.
public struct IPNetwork: Sendable, Hashable, CustomStringConvertible {
    /// The first address of the network.
    public let base: IPAddress
    /// How many leading bits an address must share with `base`.
    public let prefixLength: Int

    /// Reads `ADDRESS` or `ADDRESS/BITS`; nil when either part is malformed or the bits exceed the address's.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let base = IPAddress(String(first)) else { return nil }
        let width = base.bytes.count * 8
        guard parts.count == 2 else {
            self.init(base: base, prefixLength: width)
            return
        }
        guard let bits = Int(parts[1]), (0...width).contains(bits) else { return nil }
        self.init(base: base, prefixLength: bits)
    }

    private init(base: IPAddress, prefixLength: Int) {
        self.base = base
        self.prefixLength = prefixLength
    }

    /// Whether the address belongs to the network; IPv4 and IPv6 never mix.
    public func contains(_ address: IPAddress) -> Bool {
        guard address.bytes.count == base.bytes.count else { return false }
        var bits = prefixLength
        for (own, other) in zip(base.bytes, address.bytes) {
            if bits <= 0 { return true }
            let mask: UInt8 = bits >= 8 ? 0xFF : ~(0xFF >> UInt8(bits))
            if own & mask != other & mask { return false }
            bits -= 8
        }
        return true
    }

    /// `ADDRESS/BITS`.
    public var description: String { "\(base)/\(prefixLength)" }
}
