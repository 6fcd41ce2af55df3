import Fuzzing

@testable import AGI

/// After every piece the reader says what the model says of all that has come so far.
enum EnvironmentTarget {
    static let target = Target("environment", generate: generate, check: check)

    static func check(_ input: [UInt8]) throws {
        var random = SplitMix64(seedFrom: input)
        try check(Cuts.pieces(of: input, at: []))
        try check(Cuts.pieces(of: input, &random))
        try check(Cuts.pieces(of: input, at: [random.below(input.count + 1)]))
    }

    private static func check(_ pieces: [[UInt8]]) throws {
        var reader = EnvironmentReader()
        var sofar: [UInt8] = []
        for piece in pieces {
            sofar += piece
            let model = EnvironmentModel(sofar)
            let found: Environment?
            do {
                found = try piece.withUnsafeBytes { try reader.append($0) }
            } catch {
                try Broken.unless(model.verdict, is: .refused, "the reader: \(error); the model's verdict")
                return
            }
            guard let found else {
                try Broken.unless(model.verdict, is: .unfinished, "the reader waits for more; the model's verdict")
                guard reader.held <= EnvironmentModel.mostBytes else { throw Broken("\(reader.held) bytes are kept") }
                continue
            }
            try Broken.unless(model.verdict, is: .whole, "the reader has an environment; the model's verdict")
            try Broken.unless(reader.rest, is: model.rest, "what came behind the environment")
            return try check(found, model)
        }
    }

    /// Every name has the value that the model found first, byte by byte.
    private static func check(_ environment: Environment, _ model: EnvironmentModel) throws {
        var values: [[UInt8]: [UInt8]] = [:]
        for (name, value) in model.fields where values[name] == nil { values[name] = value }
        for (bytes, value) in values {
            // Names are asked for as text; what is none cannot be asked for.
            guard let name = String(validating: bytes, as: UTF8.self) else { continue }
            try Broken.unless(environment[name], is: String(decoding: value, as: UTF8.self), "the value of \(name)")
        }
        for (index, argument) in environment.arguments.enumerated() {
            try Broken.unless(
                Optional(argument),
                is: values[Array("agi_arg_\(index + 1)".utf8)].map { String(decoding: $0, as: UTF8.self) },
                "argument \(index + 1)")
        }
        // libFuzzer finds even this name, so it may be there.
        let absent = "agi_none_such"
        guard values[Array(absent.utf8)] == nil else { return }
        try Broken.unless(environment[absent], is: nil, "the value of a name that is not there")
    }

    private static func generate(_ random: inout SplitMix64) -> [UInt8] {
        let names = [
            "agi_network", "agi_network_script", "agi_callerid", "agi_calleridname", "agi_x", "agi_", "agi_arg_0",
        ]
        let values = [
            "yes", "unknown", "", "15550142", "after-hours?line=support", " ", ":", "a: b", "\"", "\\", "é", "\u{1}",
            "(", "\r",
            "agi_x: 1", "HANGUP",
        ]
        let end = random.onceIn(8) ? "\r\n" : "\n"
        var text = ""
        for number in 0..<random.below(random.onceIn(500) ? 300 : 12) {
            let name = random.onceIn(3) ? "agi_arg_\(number)" : random.one(of: names)
            text += name + (random.onceIn(50) ? "" : random.onceIn(10) ? ":" : ": ")
            text += random.text(of: values, atMost: random.onceIn(10_000) ? 40_000 : 4) + end
        }
        if !random.onceIn(10) { text += end }
        if random.onceIn(4) {
            text += random.one(of: ["HANGUP\n", "HANG", "HANGUP\r\n", "GET VARIABLE\n", "200 result=0\n"])
        }
        return Array(text.utf8)
    }
}
