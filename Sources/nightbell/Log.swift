internal import Calls
internal import Foundation
internal import Synchronization

/// Writes the log: a line an event, in logfmt, to standard error.
///
/// Under systemd the time is left to the journal and the level is said in its way (sd-daemon(3)).
struct Log: Sendable {
    let level: LogLevel
    let isJournal: Bool

    init(level: LogLevel) {
        self.level = level
        isJournal = ProcessInfo.processInfo.environment["JOURNAL_STREAM"] != nil
    }

    func write(_ level: LogLevel, _ event: String, _ fields: [(name: String, value: String)] = []) {
        guard level >= self.level else { return }
        var line = isJournal ? level.journalPrefix : "time=\(Self.time(Date())) "
        line += "level=\(level) event=\(event)"
        for field in fields { line += " \(field.name)=\(Self.quote(field.value))" }
        // One write a line, so that lines of different threads never mix.
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }

    static func time(_ date: Date) -> String {
        date.ISO8601Format(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    /// A value with anything but plain characters in quotes; control characters never reach the terminal.
    static func quote(_ value: String) -> String {
        let isPlain = !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x3D }
        if isPlain { return value }
        var quoted = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F || (0x80..<0xA0).contains(scalar.value):
                quoted += "\\x" + String(scalar.value, radix: 16)
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

extension LogLevel {
    fileprivate var journalPrefix: String {
        switch self {
        case .debug: "<7>"
        case .info: "<6>"
        case .warning: "<4>"
        case .error: "<3>"
        }
    }
}
