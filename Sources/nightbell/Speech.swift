internal import Foundation

/// Speaks texts into sound files, with a program of the system.
struct Speech {
    private let words: [String]

    /// - Parameter template: a command with `{voice}`, `{file}` and `{text}`; nil for espeak-ng. No shell sees it.
    init(template: String?) throws {
        words = (template ?? "espeak-ng -v {voice} -s 150 -w {file} {text}").split(separator: " ").map(String.init)
        guard template == nil || ["{file}", "{text}"].allSatisfy({ place in words.contains { $0.contains(place) } })
        else {
            throw UsageError("'speech' must hold {file} and {text}")
        }
    }

    /// Makes a WAV file as Asterisk plays it on every channel: 8 kHz, mono, 16 bits.
    func say(_ text: String, language: String, to file: String) throws {
        let raw = file + ".spoken.wav"
        defer { try? FileManager.default.removeItem(atPath: raw) }
        let voice = language == "en" ? "en-us" : language
        try run(
            words.map {
                $0.replacing("{voice}", with: voice).replacing("{file}", with: raw).replacing("{text}", with: text)
            })
        // Written aside and moved: a PBX that looks now finds the old prompt or the new one, never half of it.
        let finished = file + ".part.wav"
        try run(["sox", raw, "-r", "8000", "-c", "1", "-b", "16", finished, "norm", "-3"])
        guard rename(finished, file) == 0 else {
            throw UsageError("\(file) can't be written: \(String(cString: strerror(errno)))")
        }
    }

    private func run(_ command: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        let errors = Pipe()
        process.standardError = errors
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let said = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let reason = String(decoding: said, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
            throw UsageError("\(command[0]) failed: \(reason.isEmpty ? "exit \(process.terminationStatus)" : reason)")
        }
    }
}
