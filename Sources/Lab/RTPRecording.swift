import Foundation

/// Digits of RFC 4733 as a pcap file, for SIPp to play.
///
/// The files of sip-tester won't do for more than one key: each begins at a timestamp of its own, and Asterisk rightly
/// takes an event for the last one repeated, or an old one, when its timestamp is not later.
struct RTPRecording {
    /// Milliseconds from one key to the next.
    static let spacing = 250

    /// The payload type that the scenario offers telephone-event as.
    static let payloadType: UInt8 = 101

    private var packets: [(milliseconds: Int, bytes: [UInt8])] = []

    /// Records keys.
    ///
    /// - Parameters:
    ///   - keys: digits, `*`, `#`.
    ///   - before: how many keys of the same call were recorded before.
    /// - Throws: `LabError.file` when a telephone has no such key.
    init(keys: String, before: Int) throws {
        for (index, key) in keys.enumerated() {
            guard let event = Array("0123456789*#").firstIndex(of: key) else {
                throw LabError.file("no telephone has a key '\(key)'")
            }
            press(UInt8(event), number: before + index, at: index * Self.spacing)
        }
    }

    /// One key: 100 ms in packets of 20 ms, all with the timestamp of its beginning, and the end said three times.
    private mutating func press(_ event: UInt8, number: Int, at start: Int) {
        let timestamp = 8000 + number * Self.spacing * 8
        for packet in 0..<8 {
            let isEnd = packet >= 5
            let sequence = 1000 + number * 8 + packet
            let duration = min(packet + 1, 6) * 160
            let rtp: [UInt8] =
                [0x80, Self.payloadType | (packet == 0 ? 0x80 : 0)] + two(sequence) + four(timestamp)
                + four(0x4E42_4C31)
            let payload: [UInt8] = [event, (isEnd ? 0x80 : 0) | 10] + two(duration)
            packets.append((start + min(packet, 5) * 20, rtp + payload))
        }
    }

    /// The pcap file: Ethernet, IPv4, UDP around each packet. SIPp puts in its own addresses and ports.
    var data: Data {
        var bytes: [UInt8] = [0xA1, 0xB2, 0xC3, 0xD4] + two(2) + two(4) + four(0) + four(0) + four(65_535) + four(1)
        for packet in packets {
            let udp = two(6000) + two(6000) + two(8 + packet.bytes.count) + two(0) + packet.bytes
            let address: [UInt8] = [127, 0, 0, 1]
            let ip: [UInt8] = [0x45, 0] + two(20 + udp.count) + four(0) + [64, 17, 0, 0] + address + address
            let frame = [UInt8](repeating: 0, count: 12) + [8, 0] + ip + udp
            let (seconds, rest) = packet.milliseconds.quotientAndRemainder(dividingBy: 1000)
            bytes += four(seconds) + four(rest * 1000) + four(frame.count) + four(frame.count) + frame
        }
        return Data(bytes)
    }

    private func two(_ value: Int) -> [UInt8] {
        [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
    }

    private func four(_ value: Int) -> [UInt8] { two(value >> 16) + two(value) }
}
