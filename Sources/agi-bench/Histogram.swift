/// Times in nanoseconds, counted in steps of under 1.6 %: 64 for each power of two.
struct Histogram {
    private var counts = [UInt64](repeating: 0, count: 64 * 64)
    private(set) var count: UInt64 = 0

    mutating func add(_ value: UInt64) {
        counts[Self.index(of: value)] += 1
        count += 1
    }

    /// The value below which so many hundredths of all lie, in microseconds; 0 when there are none.
    func percentile(_ hundredths: Double) -> Double {
        guard count > 0 else { return 0 }
        let wanted = min(count - 1, UInt64(Double(count) * hundredths / 100))
        var seen: UInt64 = 0
        for (index, here) in counts.enumerated() {
            seen += here
            if seen > wanted { return Double(Self.lowest(of: index)) / 1_000 }
        }
        return 0
    }

    private static func index(of value: UInt64) -> Int {
        guard value >= 64 else { return Int(value) }
        let exponent = 63 - value.leadingZeroBitCount
        return (exponent - 5) * 64 + Int(value >> UInt64(exponent - 6)) - 64
    }

    private static func lowest(of index: Int) -> UInt64 {
        guard index >= 64 else { return UInt64(index) }
        return UInt64(64 + index % 64) << UInt64(index / 64 - 1)
    }
}
