extension Duration {
    /// Whole milliseconds, as most of AGI's time arguments are; never negative, and a day more than a century at most.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        return max(0, Int(min(seconds, 3_200_000_000)) * 1_000 + Int(attoseconds / 1_000_000_000_000_000))
    }

    /// Whole seconds, rounded up so that a short time is not none; never negative.
    var wholeSeconds: Int { (milliseconds + 999) / 1_000 }

    /// Seconds with as many of three decimals as are needed, such as `2.5`.
    var decimalSeconds: String {
        let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1_000)
        guard rest > 0 else { return String(seconds) }
        let decimals = String(String(rest + 1_000).dropFirst())
        return "\(seconds)." + decimals.prefix(through: decimals.lastIndex { $0 != "0" } ?? decimals.startIndex)
    }
}
