/// A reader under test: what is true of it for any input whatever, and inputs that get far into it.
public struct Target: Sendable {
    /// The name in messages, and of the folder of its corpus.
    public let name: String
    /// Makes an input that is right, or nearly.
    public let generate: @Sendable (inout SplitMix64) -> [UInt8]
    /// Throws when something is not true.
    public let check: @Sendable ([UInt8]) throws -> Void

    /// A target from its parts.
    public init(
        _ name: String, generate: @escaping @Sendable (inout SplitMix64) -> [UInt8],
        check: @escaping @Sendable ([UInt8]) throws -> Void
    ) {
        self.name = name
        self.generate = generate
        self.check = check
    }

    /// Checks `count` generated inputs, of which every eighth is damaged; the first is that of `seed`, the second that
    /// of `seed + 1` and so on.
    ///
    /// - Throws: `Broken`, which names the seed and the input.
    public func run(_ count: Int, seed: UInt64) throws {
        for number in 0..<UInt64(max(0, count)) {
            var random = SplitMix64(seed: seed &+ number)
            var input = generate(&random)
            if random.onceIn(8) { Self.damage(&input, &random) }
            do {
                try check(input)
            } catch {
                throw Broken(
                    "\(name): seed \(seed &+ number): \(error)\ninput: \(Broken.shown(input))\n"
                        + "to see it again: NIGHTBELL_FUZZ_SEED=\(seed &+ number) NIGHTBELL_FUZZ_INPUTS=1")
            }
        }
    }

    /// Changes, takes out or doubles something.
    private static func damage(_ bytes: inout [UInt8], _ random: inout SplitMix64) {
        let notable: [UInt8] = [0, 10, 13, 32, 34, 37, 40, 41, 45, 92, 123, 125, 128, 195, 255]
        for _ in 0..<1 + random.below(3) {
            let place = random.below(bytes.count + 1)
            switch random.below(4) {
            case 0: bytes.insert(random.one(of: notable), at: place)
            case 1 where place < bytes.count:
                bytes[place] = random.onceIn(2) ? random.one(of: notable) : UInt8(random.below(256))
            case 2 where place < bytes.count:
                bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.below(8)))
            default: bytes.insert(contentsOf: bytes.suffix(random.below(16)), at: place)
            }
        }
    }
}

/// Something that must be true of a reader is not.
public struct Broken: Error, CustomStringConvertible {
    /// What is not true, and of what.
    public let description: String

    /// A failure in these words.
    public init(_ description: String) { self.description = description }

    /// Bytes so that they can be read and copied: what is not printable as `\xHH`.
    public static func shown(_ bytes: [UInt8]) -> String {
        let shown = bytes.prefix(4_096).map { byte in
            switch byte {
            case UInt8(ascii: "\n"): "\\n"
            case UInt8(ascii: "\\"): "\\\\"
            case 32...126: String(UnicodeScalar(byte))
            default: "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }.joined()
        return bytes.count > 4_096 ? "\(shown)… (\(bytes.count) bytes)" : shown
    }

    /// Throws unless the two are equal.
    public static func unless<Value: Equatable>(
        _ found: @autoclosure () -> Value, is expected: @autoclosure () -> Value, _ what: @autoclosure () -> String
    ) throws {
        let (found, expected) = (found(), expected())
        guard found == expected else { throw Broken("\(what())\n   found: \(found)\nexpected: \(expected)") }
    }
}
