extension Session {
    /// Says digits one by one, keeping leading zeros. Sends `SAY DIGITS`.
    ///
    /// - Parameters:
    ///   - digits: `0`–`9`, `*` and `#`, of which the first must be a digit or a minus.
    ///   - escapeDigits: the keys that stop it.
    /// - Throws: `AGIError.syntax` for anything that does not begin so, an empty text too; `sayAlpha` takes all.
    public func sayDigits(_ digits: String, escapeDigits: String = "") async throws(AGIError) -> Playback {
        try await say(.sayDigits, digits, escapeDigits)
    }

    /// Says a whole number as the channel's language does. Sends `SAY NUMBER`.
    ///
    /// - Parameters:
    ///   - number: what fits into 32 bits with a sign; Asterisk takes no more.
    ///   - escapeDigits: the keys that stop it.
    ///   - gender: of the thing counted, in languages where the words for numbers have one; nil for the language's own.
    public func sayNumber(
        _ number: Int, escapeDigits: String = "", gender: Gender? = nil
    ) async throws(AGIError) -> Playback {
        Playback(
            try await perform(.sayNumber) {
                $0.argument(String(number))
                $0.argument(escapeDigits)
                if let gender { $0.argument(gender.rawValue) }
            })
    }

    /// What `SAY NUMBER` takes as the gender of the thing counted.
    public enum Gender: String, Sendable, CaseIterable {
        /// Feminine.
        case feminine = "f"
        /// Masculine.
        case masculine = "m"
        /// Common gender, in Danish and its neighbours.
        case common = "c"
        /// Neuter.
        case neuter = "n"
    }

    /// Spells letters, digits and signs, upper and lower case alike. Sends `SAY ALPHA`.
    ///
    /// The application SayAlphaCase() tells the case: `execute("SayAlphaCase", "a,Abc")`.
    public func sayAlpha(_ text: String, escapeDigits: String = "") async throws(AGIError) -> Playback {
        try await say(.sayAlpha, text, escapeDigits)
    }

    /// Spells with the words of the phonetic alphabet. Sends `SAY PHONETIC`.
    public func sayPhonetic(_ text: String, escapeDigits: String = "") async throws(AGIError) -> Playback {
        try await say(.sayPhonetic, text, escapeDigits)
    }

    /// Says the day, in the PBX's own time zone. Sends `SAY DATE`.
    public func sayDate(secondsSince1970 seconds: Int64, escapeDigits: String = "") async throws(AGIError) -> Playback {
        try await say(.sayDate, String(seconds), escapeDigits)
    }

    /// Says the time of day, in the PBX's own time zone. Sends `SAY TIME`.
    public func sayTime(secondsSince1970 seconds: Int64, escapeDigits: String = "") async throws(AGIError) -> Playback {
        try await say(.sayTime, String(seconds), escapeDigits)
    }

    /// Says a date and time. Sends `SAY DATETIME`.
    ///
    /// - Parameters:
    ///   - seconds: the moment, in seconds since the beginning of 1970 in UTC.
    ///   - escapeDigits: the keys that stop it.
    ///   - format: what to say, in the letters of voicemail.conf's time zones; nil for the
    ///     language's own, which is `ABdY 'digits/at' IMp` but in German.
    ///   - timeZone: the zone's name, such as `America/Chicago`; nil for the PBX's own.
    public func sayDateTime(
        secondsSince1970 seconds: Int64, escapeDigits: String = "", format: String? = nil, timeZone: String? = nil
    ) async throws(AGIError) -> Playback {
        Playback(
            try await perform(.sayDateTime) {
                $0.argument(String(seconds))
                $0.argument(escapeDigits)
                // The zone comes after the format, so that a zone needs one: what Asterisk itself would take.
                if format != nil || timeZone != nil { $0.argument(format ?? usualFormat) }
                if let timeZone { $0.argument(timeZone) }
            })
    }

    private var usualFormat: String {
        environment.language == "de" ? "A dBY HMS" : "ABdY 'digits/at' IMp"
    }

    private func say(_ command: Command, _ what: String, _ escapeDigits: String) async throws(AGIError) -> Playback {
        Playback(
            try await perform(command) {
                $0.argument(what)
                $0.argument(escapeDigits)
            })
    }
}
