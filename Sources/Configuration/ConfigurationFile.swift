internal import Calls
internal import Foundation
internal import OnCall
internal import Sockets

/// Reads nightbell.conf.
public enum ConfigurationFile {
    private static let limit = 1 << 20

    /// Reads and checks a file.
    ///
    /// - Throws: `ConfigurationProblems` with every mistake.
    public static func read(path: String) throws(ConfigurationProblems) -> Settings {
        let data: Data
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            // One byte more than allowed tells a file that is too long, however long it is.
            data = try file.read(upToCount: limit + 1) ?? Data()
        } catch {
            throw one(path, "it can't be read: \(reason(error))", "name the file with --config")
        }
        guard data.count <= limit else { throw one(path, "it has more than 1 MiB", "this is no nightbell.conf") }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw one(path, "it is not UTF-8", "save it as UTF-8")
        }
        return try parse(text, file: path)
    }

    /// Reads and checks a text that `file` names in the problems.
    public static func parse(_ text: String, file: String) throws(ConfigurationProblems) -> Settings {
        let reader = SectionReader(text)
        var problems = reader.problems.map {
            ConfigurationProblem(file: file, line: $0.line, what: $0.what, hint: $0.hint)
        }
        var settings = Settings()
        var lookups: [(line: Int, name: String)] = []
        var server: Section?
        var manager: Section?
        for section in reader.sections {
            let check = SectionCheck(section, file: file)
            switch section.type {
            case "server":
                if let server {
                    check.problem(
                        section.line, "[\(section.name)] is a second section with type = server",
                        "write its keys into [\(server.name)] in line \(server.line)")
                }
                server = server ?? section
                GeneralSection.read(check, into: &settings)
            case "line":
                if let line = LineSection.read(check) { settings.lines.append(line) }
                lookups += check.all("lookup").map { ($0.line, $0.value) }
            case "web-service":
                if let service = WebServiceSection.read(check) { settings.webServices.append(service) }
            case "manager":
                if let manager {
                    check.problem(
                        section.line, "[\(section.name)] is a second section with type = manager",
                        "the first is [\(manager.name)] in line \(manager.line)")
                }
                manager = manager ?? section
                settings.manager = ManagerSection.read(check)
            case let type:
                check.problem(
                    check.all("type").first?.line ?? section.line,
                    type.map { "no type '\($0)'" } ?? "[\(section.name)] has no type",
                    type.flatMap { Suggestion.nearest(to: $0, among: types) }.map { "did you mean '\($0)'?" }
                        ?? "write type = server, line, web-service or manager")
            }
            problems += check.problems
        }
        let services = reader.sections.filter { $0.type == "web-service" }.map(\.name)
        for lookup in lookups where !lookup.name.isEmpty && lookup.name != "own" && !services.contains(lookup.name) {
            let near = Suggestion.nearest(to: lookup.name, among: services + ["own"]).map { "did you mean '\($0)'?" }
            let hint = near ?? "write lookup = own, or add a section [\(lookup.name)] with type = web-service"
            problems.append(
                ConfigurationProblem(
                    file: file, line: lookup.line, what: "no web service '\(lookup.name)'", hint: hint))
        }
        if !reader.sections.contains(where: { $0.type == "line" }) {
            problems.append(
                ConfigurationProblem(
                    file: file, line: 0, what: "there is no line", hint: "add a section with type = line"))
        }
        guard problems.isEmpty else { throw ConfigurationProblems(problems: problems.sorted { $0.line < $1.line }) }
        return settings
    }

    private static let types = ["server", "line", "web-service", "manager"]

    /// What the system says; Foundation's own words for it are about documents and folders.
    private static func reason(_ error: any Error) -> String {
        let inner = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
        return inner.domain == NSPOSIXErrorDomain
            ? String(cString: strerror(Int32(inner.code))) : error.localizedDescription
    }

    private static func one(_ file: String, _ what: String, _ hint: String) -> ConfigurationProblems {
        ConfigurationProblems(problems: [ConfigurationProblem(file: file, line: 0, what: what, hint: hint)])
    }
}

/// `[general]`, `type = server`.
enum GeneralSection {
    static func read(_ check: SectionCheck, into settings: inout Settings) {
        check.checkKeys(
            single: ["listen", "database", "drain", "log", "sounds", "max_sessions", "speech", "page_hours"],
            repeated: ["permit"])
        settings.listen = check.value(
            "listen", default: settings.listen, "write ADDRESS:PORT, such as 127.0.0.1:4573", { SocketAddress($0) })
        let permits = check.all("permit")
        if !permits.isEmpty {
            settings.permit = permits.compactMap { entry in
                let network = IPNetwork(entry.value)
                if network == nil {
                    check.problem(
                        entry.line, "'\(entry.value)' is no network", "write ADDRESS/BITS, such as 192.0.2.0/24")
                }
                return network
            }
        }
        settings.database = check.value("database", default: settings.database, "write an absolute path") {
            $0.hasPrefix("/") ? $0 : nil
        }
        settings.drain = check.number("drain", default: settings.drain, in: 0...86_400)
        settings.pageHours = check.number("page_hours", default: settings.pageHours, in: 1...168)
        settings.maxSessions = check.number("max_sessions", default: settings.maxSessions, in: 1...100_000)
        let levels: [String: LogLevel] = ["debug": .debug, "info": .info, "warning": .warning, "error": .error]
        settings.log = check.value("log", default: settings.log, "write debug, info, warning or error") { levels[$0] }
        settings.sounds = check.value(
            "sounds", default: settings.sounds, "letters, digits, / _ . - and no .., such as nightbell"
        ) { text in
            let allowed = text.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (97...122).contains(byte | 0x20) || "/_.-".utf8.contains(byte)
            }
            let isPlain = !text.contains("..") && !text.hasSuffix("/")
            return allowed && isPlain && (1...200).contains(text.count) ? text : nil
        }
        settings.speech = check.value("speech", default: nil, "a command with {file} and {text} in it") {
            text -> String?? in
            text.contains("{file}") && text.contains("{text}") ? .some(text) : nil
        }
    }
}

/// `type = web-service`.
enum WebServiceSection {
    static func read(_ check: SectionCheck) -> WebService? {
        check.checkKeys(single: ["url", "timeout", "retries", "when_down", "token"])
        if check.section.name == "own" {
            check.problem(check.section.line, "a web service can't be named own", "lookup = own means the own table")
        }
        let hint = "write an http or https URL with {contract} in its path or query"
        let url = check.required("url", hint) { isTemplate($0) ? $0 : nil }
        var service = WebService(name: check.section.name, url: url ?? "")
        service.timeout = check.number("timeout", default: service.timeout, in: 1...30)
        service.retries = check.number("retries", default: service.retries, in: 0...3)
        service.whenDown = check.value(
            "when_down", default: service.whenDown, "write entitled or not-entitled",
            { WebService.WhenDown(rawValue: $0) })
        service.token = token(check)
        return check.problems.isEmpty ? service : nil
    }

    /// The token; a mistake is told without it, since what is told ends up in logs.
    private static func token(_ check: SectionCheck) -> String? {
        guard let entry = check.all("token").first else { return nil }
        if !entry.value.isEmpty, entry.value.utf8.allSatisfy({ (33...126).contains($0) }) { return entry.value }
        check.problem(
            entry.line, "the token is empty or has characters that no header may have",
            "write printable ASCII without blanks, or leave the key out")
        return nil
    }

    /// Whether the text is an http URL with the contract behind the host: what callers type must not choose the server.
    private static func isTemplate(_ text: String) -> Bool {
        guard text.contains("{contract}"), let zero = URL(string: text.replacing("{contract}", with: "0")),
            let one = URL(string: text.replacing("{contract}", with: "1"))
        else { return false }
        return ["http", "https"].contains(zero.scheme?.lowercased() ?? "") && !(zero.host() ?? "").isEmpty
            && zero.host() == one.host() && zero.port == one.port && zero.user() == one.user()
            && zero.password() == one.password()
    }
}
