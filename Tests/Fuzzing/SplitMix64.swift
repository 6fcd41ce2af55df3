/// A small generator of numbers that gives the same ones for the same seed, on every machine.
///
/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
public struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    /// A generator that begins at this seed.
    public init(seed: UInt64) { state = seed }

    /// A generator whose seed is all of these bytes (FNV-1a), so that an input can choose by itself how it is cut.
    public init(seedFrom bytes: [UInt8]) {
        state = bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension SplitMix64 {
    /// A number from 0 up to, not including, `bound`.
    public mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<max(1, bound), using: &self) }

    /// Whether something that comes once in `times` comes now.
    public mutating func onceIn(_ times: Int) -> Bool { below(times) == 0 }

    /// One of these; there must be one.
    public mutating func one<Choice>(of choices: [Choice]) -> Choice { choices[below(choices.count)] }

    /// Up to `most` pieces, one behind the other.
    public mutating func text(of pieces: [String], atMost most: Int) -> String {
        (0..<below(most + 1)).map { _ in one(of: pieces) }.joined()
    }
}

/// The same bytes in pieces, as a socket may give them.
public enum Cuts {
    /// Cut at a few random places; sometimes not at all, sometimes behind every byte. Never an empty piece.
    public static func pieces(of bytes: [UInt8], _ random: inout SplitMix64) -> [[UInt8]] {
        switch random.below(8) {
        case 0: return bytes.isEmpty ? [] : [bytes]
        case 1 where bytes.count <= 256: return bytes.map { [$0] }
        default: break
        }
        let places = (0..<1 + random.below(4)).map { _ in random.below(bytes.count + 1) }
        return pieces(of: bytes, at: places)
    }

    /// Cut at these places.
    public static func pieces(of bytes: [UInt8], at places: [Int]) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var start = 0
        for place in places.sorted() + [bytes.count] where place > start && place <= bytes.count {
            pieces.append(Array(bytes[start..<place]))
            start = place
        }
        return pieces
    }
}
