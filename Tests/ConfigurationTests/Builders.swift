import Configuration
import Testing

/// The text of a nightbell.conf with one line, to which a test adds or from which it takes.
enum Configured {
    static let file = "test.conf"

    /// Lines 1 to 6; what is added to the section begins with line 7.
    static func line(_ added: String..., without key: String? = nil) -> String {
        let keys = [
            "number = 15550100", "time_zone = America/Chicago", "mailbox = 1000@support", "step = on-call, 30",
        ]
        let kept = keys.filter { key == nil || !$0.hasPrefix((key ?? "") + " ") }
        return (["[support]", "type = line"] + kept + added).joined(separator: "\n")
    }

    /// A general section behind the line; its keys begin with line 9.
    static func general(_ added: String...) -> String {
        ([line(), "[general]", "type = server"] + added).joined(separator: "\n")
    }

    /// A web service behind the line; its keys begin with line 9.
    static func service(_ added: String...) -> String {
        ([line(), "[entitlement]", "type = web-service"] + added).joined(separator: "\n")
    }
}

/// The settings of a text without mistakes.
func settings(_ text: String) throws -> Settings { try ConfigurationFile.parse(text, file: Configured.file) }

/// The mistakes of a text, one line each.
func problems(_ text: String) -> [String] {
    do throws(ConfigurationProblems) {
        _ = try ConfigurationFile.parse(text, file: Configured.file)
        return []
    } catch {
        return error.problems.map(\.description)
    }
}
