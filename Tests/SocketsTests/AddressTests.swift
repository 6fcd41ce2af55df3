import Sockets
import Testing

struct AddressTests {
    @Test(arguments: ["127.0.0.1:4573", "[::1]:80", "0.0.0.0:0", "192.0.2.7:65535"])
    func socketAddress_isWrittenAsItWasRead(_ text: String) {
        #expect(SocketAddress(text)?.description == text)
    }

    @Test(arguments: ["", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "localhost:1", "::1:80", "1.2.3:4", "[::1]"])
    func socketAddress_refusesWhatIsNoNumericAddressWithPort(_ text: String) {
        #expect(SocketAddress(text) == nil)
    }

    @Test(arguments: [
        ("192.0.2.0/24", "192.0.2.255", true), ("192.0.2.0/24", "192.0.3.0", false),
        ("192.0.2.0/23", "192.0.3.9", true),
        ("127.0.0.1", "127.0.0.1", true), ("127.0.0.1", "127.0.0.2", false), ("0.0.0.0/0", "203.0.113.9", true),
        ("2001:db8::/32", "2001:db8:1::1", true), ("2001:db8::/32", "2001:db9::1", false), ("0.0.0.0/0", "::1", false),
        ("10.0.0.0/9", "10.127.0.1", true), ("10.0.0.0/9", "10.128.0.1", false),
    ])
    func network_containsExactlyItsAddresses(network: String, address: String, expected: Bool) throws {
        let network = try #require(IPNetwork(network))
        #expect(network.contains(try #require(IPAddress(address))) == expected)
    }

    @Test(arguments: ["192.0.2.0/33", "192.0.2.0/-1", "192.0.2.0/", "300.0.0.0/8", "::/129", "x/8"])
    func network_refusesMalformedText(_ text: String) {
        #expect(IPNetwork(text) == nil)
    }

    @Test func mappedIPv4_isTheIPv4AddressItMeans() throws {
        let network = try #require(IPNetwork("127.0.0.0/8"))
        #expect(network.contains(try #require(IPAddress("::ffff:127.0.0.1"))))
    }
}
