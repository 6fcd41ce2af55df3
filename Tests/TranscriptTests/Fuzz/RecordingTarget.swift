import Fuzzing

@testable import Transcript

/// Whatever two sides say to each other, however it is cut: the recording can be read again, masked or not, and does
/// not depend on the cuts.
///
/// An input is what both say, in turns that the byte FE ends; Asterisk begins.
enum RecordingTarget {
    static let target = Target("recording", generate: generate, check: check)

    static func check(_ input: [UInt8]) throws {
        let turns = input.split(separator: 0xFE, omittingEmptySubsequences: false).map { Array($0) }
        let whole = try record(turns) { [$0] }
        var random = SplitMix64(seedFrom: input)
        let cut = try record(turns) { Cuts.pieces(of: $0, &random) }
        try Broken.unless(cut, is: whole, "what is recorded of the same bytes in pieces")
    }

    private static func record(_ turns: [[UInt8]], _ cut: ([UInt8]) -> [[UInt8]]) throws -> String {
        var tape: Tape?
        var limits = Tape.Limits()
        limits.recordedBytes = 4_096
        let leg = RecordedLeg { time in
            let new = Tape(began: 0, start: time, limits: limits)
            tape = new
            return new
        }
        for (number, turn) in turns.enumerated() {
            for piece in cut(turn) { leg.hear(piece, from: number % 2 == 0 ? .asterisk : .server, at: 1) }
        }
        leg.end(turns.count % 2 == 0 ? .asterisk : .server, at: 1)
        leg.close()
        guard let tape else { return "" }
        do {
            _ = try tape.transcript(masked: true)
            return try tape.transcript(masked: false).text
        } catch {
            throw Broken("a recording that is no transcript: \(error)")
        }
    }

    private static func generate(_ random: inout SplitMix64) -> [UInt8] {
        let values = [
            "15550142", "a", " ", "é", "\"", "%{A}", "%", "{", "(", ")", "\r", "\u{1}", "\\", "1234567890", "HANGUP",
            "= x", "> y",
            "enter-contract", "\u{301}",
        ]
        var text: [UInt8] = []
        for name in ["agi_network_script", "agi_version", "agi_uniqueid", "agi_callerid", "agi_calleridname"]
        where !random.onceIn(3) {
            text += "\(name): \(random.text(of: values, atMost: 3))\n".utf8
        }
        text.append(UInt8(ascii: "\n"))
        for _ in 0..<random.below(8) {
            text.append(0xFE)
            text +=
                random.one(of: ["ANSWER", "GET DATA ", "GET VARIABLE ", "EXEC Read X,", "WAIT FOR DIGIT ", ""]).utf8
            text += random.text(of: values, atMost: random.onceIn(2_000) ? 3_000 : 4).utf8
            text += (random.onceIn(20) ? "" : "\n").utf8
            text.append(0xFE)
            text += random.one(of: ["200 result=", "200 result=1 (", "HANGUP\n200 result=0 ", ""]).utf8
            text += random.text(of: values, atMost: 4).utf8
            text += (random.onceIn(20) ? "" : "\n").utf8
        }
        return text
    }
}
