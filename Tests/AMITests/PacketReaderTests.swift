import Testing

@testable import AMI

struct PacketReaderTests {
    /// What a connection to Asterisk 22 sends: banner, responses, an event between, a list with its extra empty line.
    private static let conversation = """
        Asterisk Call Manager/11.0.0\r
        Response: Success\r
        ActionID: 1\r
        Message: Authentication accepted\r
        \r
        Event: FullyBooted\r
        Privilege: system,all\r
        Status: Fully Booted\r
        \r
        Event: VoicemailUserEntryComplete\r
        EventList: Complete\r
        Empty: \r
        \r
        \r
        Response: Success\r
        Message: Command output follows\r
        Output: one\r
        Output: \r
        Output:   two: indented\r
        \r

        """

    private static let packets = [
        Packet([.init("Response", "Success"), .init("ActionID", "1"), .init("Message", "Authentication accepted")]),
        Packet([.init("Event", "FullyBooted"), .init("Privilege", "system,all"), .init("Status", "Fully Booted")]),
        Packet([.init("Event", "VoicemailUserEntryComplete"), .init("EventList", "Complete"), .init("Empty", "")]),
        Packet([
            .init("Response", "Success"), .init("Message", "Command output follows"), .init("Output", "one"),
            .init("Output", ""), .init("Output", "  two: indented"),
        ]),
    ]

    private func read(_ pieces: [[UInt8]], limits: PacketLimits = PacketLimits()) throws -> [PacketReader.Token] {
        var reader = PacketReader(limits: limits)
        var tokens: [PacketReader.Token] = []
        for piece in pieces {
            reader.append(piece)
            while let token = try reader.next() { tokens.append(token) }
        }
        return tokens
    }

    private var expected: [PacketReader.Token] {
        [.banner(version: "11.0.0")] + Self.packets.map { .packet($0) }
    }

    @Test func cutAtEveryByte_itReadsTheSame() throws {
        let bytes = Array(Self.conversation.utf8)
        for cut in 0...bytes.count {
            #expect(try read([Array(bytes[..<cut]), Array(bytes[cut...])]) == expected, "cut at \(cut)")
        }
    }

    @Test func byteByByte_itReadsTheSame() throws {
        #expect(try read(Self.conversation.utf8.map { [$0] }) == expected)
    }

    @Test func withoutCarriageReturns_itReadsTheSame() throws {
        #expect(try read([Array(Self.conversation.utf8.filter { $0 != 13 })]) == expected)
    }

    @Test func keysAreComparedWithoutCase_andRepeatedOnesKeepTheirOrder() {
        let packet = Packet([.init("response", "success"), .init("VARIABLE", "a=1"), .init("Variable", "b=2")])
        #expect(packet.response == "success")
        #expect(packet["Variable"] == "a=1")
        #expect(packet.all("variable") == ["a=1", "b=2"])
        #expect(packet["Variabl"] == nil)
    }

    @Test func anEventWithALineResponse_isAnEvent() {
        let packet = Packet([.init("Event", "OriginateResponse"), .init("Response", "Failure")])
        #expect(packet.event == "OriginateResponse")
        #expect(packet.response == nil)
    }

    @Test func theRawOutputOfOldCommands_isReadToItsEnd() throws {
        let text = """
            Asterisk Call Manager/2.9.0
            Response: Follows
            Privilege: Command
            ActionID: 7
            Name: not a header

            ActionID: not one either
            --END COMMAND--

            Event: Next


            """
        let packets = try read([Array(text.utf8)]).compactMap { token -> Packet? in
            if case .packet(let packet) = token { packet } else { nil }
        }
        #expect(packets.count == 2)
        #expect(packets.first?["ActionID"] == "7")
        #expect(packets.first?.all("Output") == ["Name: not a header", "", "ActionID: not one either"])
        #expect(packets.last?.event == "Next")
    }

    @Test func aLineWithoutAColon_isPassedOverAndCounted() throws {
        var reader = PacketReader()
        reader.append(
            Array("Asterisk Call Manager/5.0.4\r\nEvent: A\r\nno colon here\r\n: no key\r\nB: 1\r\n\r\n".utf8))
        #expect(try reader.next() == .banner(version: "5.0.4"))
        #expect(try reader.next() == .packet(Packet([.init("Event", "A"), .init("B", "1")])))
        #expect(reader.strayLines == 2)
    }

    @Test func whatBeginsWithoutABanner_isNoManager() {
        #expect(throws: AMIError.notAMI("it begins with 'HTTP/1.1 400 Bad Request'")) {
            try read([Array("HTTP/1.1 400 Bad Request\r\n".utf8)])
        }
    }

    @Test(arguments: [true, false]) func aLineBeyondTheLimit_isRefused_withAndWithoutItsEnd(_ ends: Bool) {
        var limits = PacketLimits()
        limits.lineBytes = 40
        let line = "Asterisk Call Manager/1\nKey: " + String(repeating: "x", count: 36) + (ends ? "\n" : "")
        #expect(throws: AMIError.tooLarge(what: "a line's bytes", limit: 40)) {
            try read([Array(line.utf8)], limits: limits)
        }
    }

    @Test func aLineAtTheLimit_isRead() throws {
        var limits = PacketLimits()
        limits.lineBytes = 40
        let value = String(repeating: "x", count: 35)
        let tokens = try read([Array("Asterisk Call Manager/1\nKey: \(value)\n\n".utf8)], limits: limits)
        #expect(tokens.last == .packet(Packet([.init("Key", value)])))
    }

    @Test func aPacketBeyondTheLimits_isRefused_andManySmallOnesAreNot() throws {
        var limits = PacketLimits()
        limits.packetLines = 3
        limits.packetBytes = 60
        let small = Array(("Asterisk Call Manager/1\n" + String(repeating: "Event: A\n\n", count: 100)).utf8)
        #expect(try read([small], limits: limits).count == 101)
        #expect(throws: AMIError.tooLarge(what: "a packet's lines", limit: 3)) {
            try read([Array("Asterisk Call Manager/1\nA: 1\nB: 2\nC: 3\nD: 4\n".utf8)], limits: limits)
        }
        #expect(throws: AMIError.tooLarge(what: "a packet's bytes", limit: 60)) {
            try read([Array("Asterisk Call Manager/1\nA: \(String(repeating: "x", count: 58))\n".utf8)], limits: limits)
        }
    }
}
