import Testing

@testable import AGI

struct EnvironmentTests {
    static let block = """
        agi_network: yes
        agi_network_script: after-hours?line=support
        agi_channel: PJSIP/trunk-0000002a
        agi_callerid: 15550123
        agi_calleridname: unknown
        agi_accountcode:\u{20}
        agi_arg_1: first
        agi_arg_2: a: b


        """

    @Test func everyValue_isFoundUnderItsName() throws {
        let environment = try #require(try read([Self.block]))
        #expect(environment["agi_network_script"] == "after-hours?line=support")
        #expect(environment["agi_accountcode"] == "")
        #expect(environment["agi_missing"] == nil)
        #expect(environment.callerNumber == "15550123")
        #expect(environment.callerName == nil)
        #expect(environment.arguments == ["first", "a: b"])
    }

    @Test func anEnvironmentCutAtAnyByte_isTheSame() throws {
        let whole = try #require(try read([Self.block]))
        let characters = Array(Self.block)
        for cut in 1..<characters.count {
            #expect(try read([String(characters[..<cut]), String(characters[cut...])]) == whole)
        }
    }

    @Test func anEnvironmentThatHasNotEnded_isNone() throws {
        #expect(try read([String(Self.block.dropLast())]) == nil)
    }

    @Test(arguments: [
        "GET / HTTP/1.1\nHost: x\n\n", "agi_network: yes\nx\n\n", "agi_a: \0\n\n", "agi_a: b\n\nGET VARIABLE\n",
    ])
    func whatIsNoAGI_isRefused(_ text: String) {
        #expect(throws: AGIError.self) { try read([text]) }
    }

    @Test func anEnvironmentWithoutEnd_isRefusedAtItsLimits() {
        #expect(throws: AGIError.self) { try read([String](repeating: "agi_x: y\n", count: 300)) }
        #expect(throws: AGIError.self) { try read(["agi_x: "] + [String](repeating: "yyyyyyyyyy", count: 7_000)) }
    }

    @Test func pathAndQuery_arePercentDecoded() throws {
        let request = try #require(Request(script: "after-hours?line=sup%2Dport&x=%C3%A4%20b&empty=&line=second"))
        #expect(request.path == "after-hours")
        #expect(request["line"] == "sup-port")
        #expect(request["x"] == "ä b")
        #expect(request["empty"] == "")
        #expect(request["none"] == nil)
    }

    @Test(arguments: ["a%2", "a%zz", "a?x=%FF", "a%+1", "a?%=1"])
    func aMalformedEscape_isNoRequest(_ script: String) {
        #expect(Request(script: script) == nil)
    }

    private func read(_ parts: [String]) throws -> Environment? {
        var reader = EnvironmentReader()
        for part in parts {
            let environment = try Array(part.utf8).withUnsafeBytes { bytes in try reader.append(bytes) }
            if let environment { return environment }
        }
        return nil
    }
}
