import Testing

@testable import AGI

/// What generated inputs have found, each as it was found.
@Suite struct ReaderLimitTests {
    @Test(arguments: [[], [100_000], [1, 2, 262_100], Array(stride(from: 60_000, to: 262_145, by: 60_000))])
    func aReplyLongerThanTheLimit_isRefused_howeverItComes(_ cuts: [Int]) {
        let bytes = Array("200 result=1 (\(String(repeating: "x", count: ReplyReader.limit)))\n200 result=0\n".utf8)
        #expect(throws: AGIError.protocolViolation("a reply without end")) { try read(bytes, cuts) }
    }

    @Test func aReplyAsLongAsTheLimit_isRead_howeverItComes() throws {
        let value = String(repeating: "x", count: ReplyReader.limit - "200 result=1 ()\n".utf8.count)
        let whole = [ReplyReader.Token.reply(Reply(code: 200, result: "1", text: value))]
        #expect(try read(Array("200 result=1 (\(value))\n".utf8), []) == whole)
        #expect(try read(Array("200 result=1 (\(value))\n".utf8), [100_000, ReplyReader.limit - 1]) == whole)
    }

    @Test func aReaderThatHasRefused_readsNothingMore() throws {
        var reader = ReplyReader()
        let long = "200 result=1 (" + String(repeating: "x\n", count: ReplyReader.limit)
        for text in [long, "short)\n200 result=0\n", "", "x)\n"] {
            #expect(throws: AGIError.protocolViolation("a reply without end")) { _ = try reader.read(text) }
        }
        #expect(reader.held == 0)
    }

    @Test func aUsageBlockOfLinesWithCarriageReturns_endsWithoutOne() throws {
        #expect(
            try read(Array("520-Usage\r\nx\r\n520 End\r\n520-\r\n520 End\r\n".utf8), []) == [
                .reply(Reply(code: 520, tail: "Usage\r\nx")), .reply(Reply(code: 520, tail: "")),
            ])
    }

    @Test func aSignInAnEscape_isNoRequest() {
        #expect(Request(script: "a?x=%-0") == nil)
        #expect(Request(script: "a?x=%+0") == nil)
        #expect(Request(script: "a?x=%0A")?["x"] == "\n")
    }

    @Test func aSeparatorBeforeACombiningMark_isASeparator() throws {
        let request = try #require(Request(script: "/\u{301}?\u{301}=\u{301}&\u{301}b=1"))
        #expect(request.path == "\u{301}")
        #expect(request["\u{301}"] == "\u{301}")
        #expect(request["\u{301}b"] == "1")
    }

    @Test(arguments: ["HANGUP\n", "HANGUP\r\n", "HANG", ""])
    func aHangUpRightBehindTheEnvironment_isKept(_ rest: String) throws {
        var reader = EnvironmentReader()
        let environment = try Array("agi_network: yes\n\n\(rest)".utf8).withUnsafeBytes { try reader.append($0) }
        #expect(environment?["agi_network"] == "yes")
        #expect(reader.rest == Array(rest.utf8))
        var replies = ReplyReader(behind: reader.rest)
        #expect(try replies.next() == (rest.utf8.last == UInt8(ascii: "\n") ? .hangUp : nil))
    }

    @Test func anEnvironmentLongerThanTheLimit_isRefused_alsoInOnePiece() {
        let long = Array(
            (String(repeating: "agi_x: \(String(repeating: "y", count: 1_000))\n", count: 66) + "\n").utf8)
        var reader = EnvironmentReader()
        #expect(throws: AGIError.protocolViolation("more than 65536 bytes of environment")) {
            _ = try long.withUnsafeBytes { try reader.append($0) }
        }
    }

    private func read(_ bytes: [UInt8], _ cuts: [Int]) throws -> [ReplyReader.Token] {
        var reader = ReplyReader()
        var tokens: [ReplyReader.Token] = []
        var start = 0
        for cut in cuts + [bytes.count] {
            var next = try bytes[start..<cut].withUnsafeBytes { try reader.read($0) }
            while let token = next {
                tokens.append(token)
                next = try reader.next()
            }
            start = cut
        }
        return tokens
    }
}
