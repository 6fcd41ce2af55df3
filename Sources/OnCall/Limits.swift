/// Whether a caller may still be asked for a contract number: contract numbers must not be guessed by trying.
public enum GuessLimit {
    /// Whether both counts of wrong numbers of the last hour are below the line's limits.
    ///
    /// - Parameters:
    ///   - wrongByCaller: Wrong numbers from this caller's number; 0 when the caller has none.
    ///   - wrongOnLine: Wrong numbers on the line from anyone.
    public static func allows(wrongByCaller: Int, wrongOnLine: Int, line: Line) -> Bool {
        wrongByCaller < line.wrongPerCaller && wrongOnLine < line.wrongPerLine
    }
}

/// Whether a message is long enough to ring an engineer for.
public enum MessageLength: Sendable, Equatable {
    /// At least the threshold.
    case longEnough
    /// Below the threshold.
    case tooShort

    /// Compares a message's length in milliseconds to the threshold in seconds; one exactly as long is long enough.
    public static func decide(milliseconds: Int, minimum: Double) -> MessageLength {
        Double(milliseconds) >= (minimum * 1000).rounded() ? .longEnough : .tooShort
    }
}
