extension Session {
    /// Says digits one by one, keeping leading zeros. Sends `SAY DIGITS`.
    public func sayDigits(_ digits: String, escapeDigits: String = "") async throws(AGIError) -> Playback {
        try await say(.sayDigits, digits, escapeDigits)
    }

    /// Says a whole number as the channel's language does. Sends `SAY NUMBER`.
    public func sayNumber(_ number: Int, escapeDigits: String = "") async throws(AGIError) -> Playback {
        try await say(.sayNumber, String(number), escapeDigits)
    }

    /// Spells letters and digits. Sends `SAY ALPHA`.
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
    ///   - format: what to say, in the letters of voicemail.conf's time zones (`ABdY 'digits/at' IMp` is the default).
    ///   - timeZone: the zone's name, such as `America/Chicago`; nil for the PBX's own.
    public func sayDateTime(
        secondsSince1970 seconds: Int64, escapeDigits: String = "", format: String? = nil, timeZone: String? = nil
    ) async throws(AGIError) -> Playback {
        Playback(
            try await perform(.sayDateTime) {
                $0.argument(String(seconds))
                $0.argument(escapeDigits)
                // The zone comes after the format, so that a zone needs a format.
                if format != nil || timeZone != nil { $0.argument(format ?? "ABdY 'digits/at' IMp") }
                if let timeZone { $0.argument(timeZone) }
            })
    }

    private func say(_ command: Command, _ what: String, _ escapeDigits: String) async throws(AGIError) -> Playback {
        Playback(
            try await perform(command) {
                $0.argument(what)
                $0.argument(escapeDigits)
            })
    }
}
