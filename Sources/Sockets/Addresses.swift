import Glibc

/// An IPv4 or IPv6 address.
public struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    /// Whether it has 32 bits; an IPv4 address mapped into IPv6 (`::ffff:192.0.2.1`) is the IPv4 address it means.
    public let isIPv4: Bool
    // Two halves, without an allocation: every connection has an address. A stored UInt128 would do, but in a debug build
    // an async function that captures one runs into the compiler's own mistake (Swift 6.3.1).
    private let high: UInt64
    private let low: UInt64

    /// The address as a number.
    var value: UInt128 { UInt128(high) << 64 | UInt128(low) }

    /// 127.0.0.1.
    public static let loopback = IPAddress(ipv4: 0x7F00_0001)

    init(ipv4: UInt32) {
        isIPv4 = true
        high = 0
        low = UInt64(ipv4)
    }

    init(ipv6: UInt128) {
        isIPv4 = ipv6 >> 32 == 0xFFFF
        high = isIPv4 ? 0 : UInt64(truncatingIfNeeded: ipv6 >> 64)
        low = UInt64(truncatingIfNeeded: isIPv4 ? ipv6 & 0xFFFF_FFFF : ipv6)
    }

    /// How many bits it has.
    var width: Int { isIPv4 ? 32 : 128 }

    /// Reads a numeric address, such as `127.0.0.1` or `::1`. The corresponding C function is `inet_pton`.
    public init?(_ text: String) {
        var ipv4 = in_addr()
        var ipv6: UInt128 = 0
        if inet_pton(AF_INET, text, &ipv4) == 1 {
            self.init(ipv4: UInt32(bigEndian: ipv4.s_addr))
        } else if inet_pton(AF_INET6, text, &ipv6) == 1 {
            self.init(ipv6: UInt128(bigEndian: ipv6))
        } else {
            return nil
        }
    }

    /// The numeric text of the address. The corresponding C function is `inet_ntop`.
    public var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        var ipv4 = UInt32(truncatingIfNeeded: value).bigEndian
        var ipv6 = value.bigEndian
        let written =
            isIPv4
            ? inet_ntop(AF_INET, &ipv4, &text, socklen_t(text.count))
            : inet_ntop(AF_INET6, &ipv6, &text, socklen_t(text.count))
        guard written != nil else { return "?" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
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
    public var description: String { ip.isIPv4 ? "\(ip):\(port)" : "[\(ip)]:\(port)" }

    /// Calls `body` with the address as the kernel takes it (`sockaddr_in` or `sockaddr_in6`).
    func withSockaddr<R>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
        var storage = sockaddr_storage()
        let length = withUnsafeMutableBytes(of: &storage) { raw -> Int in
            if ip.isIPv4 {
                var address = sockaddr_in()
                address.sin_family = sa_family_t(AF_INET)
                address.sin_port = port.bigEndian
                address.sin_addr.s_addr = UInt32(truncatingIfNeeded: ip.value).bigEndian
                withUnsafeBytes(of: address) { raw.copyMemory(from: $0) }
                return MemoryLayout<sockaddr_in>.size
            }
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            withUnsafeMutableBytes(of: &address.sin6_addr) { $0.storeBytes(of: ip.value.bigEndian, as: UInt128.self) }
            withUnsafeBytes(of: address) { raw.copyMemory(from: $0) }
            return MemoryLayout<sockaddr_in6>.size
        }
        return withUnsafePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(length)) }
        }
    }

    /// Reads what the kernel wrote; nil for a family that is neither IPv4 nor IPv6.
    init?(_ storage: sockaddr_storage) {
        switch Int32(storage.ss_family) {
        case AF_INET:
            let address = withUnsafeBytes(of: storage) { $0.loadUnaligned(as: sockaddr_in.self) }
            self.init(
                ip: IPAddress(ipv4: UInt32(bigEndian: address.sin_addr.s_addr)),
                port: UInt16(bigEndian: address.sin_port))
        case AF_INET6:
            let address = withUnsafeBytes(of: storage) { $0.loadUnaligned(as: sockaddr_in6.self) }
            let value = withUnsafeBytes(of: address.sin6_addr) { $0.loadUnaligned(as: UInt128.self) }
            self.init(ip: IPAddress(ipv6: UInt128(bigEndian: value)), port: UInt16(bigEndian: address.sin6_port))
        default:
            return nil
        }
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
        let width = base.width
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
        // A shift by the whole width leaves 0: a prefix of no bits contains everything of its family.
        address.isIPv4 == base.isIPv4 && (address.value ^ base.value) >> UInt128(base.width - prefixLength) == 0
    }

    /// `ADDRESS/BITS`.
    public var description: String { "\(base)/\(prefixLength)" }
}
