internal import Calls
internal import Configuration
internal import Foundation
internal import OnCall
internal import Store

/// `nightbell sounds`.
enum SoundsCommand {
    static func run(_ words: [String]) async throws -> ExitCode {
        let arguments = try Arguments(
            words, options: ["--config", "--to", "--in", "--language", "--manifest"], flags: ["--force"])
        let languages = (arguments["--language"] ?? "en,de").split(separator: ",").map(String.init)
        guard languages.allSatisfy({ $0.utf8.allSatisfy { byte in (97...122).contains(byte) || byte == 45 } }) else {
            throw UsageError("--language takes codes such as en,de")
        }
        let manifest = try Manifest.read(arguments["--manifest"], languages: languages)
        switch arguments.words {
        case ["build"]:
            guard let folder = arguments["--to"] else { throw UsageError("--to names the sounds folder to fill") }
            return try await build(manifest, languages, folder, arguments)
        case ["check"]:
            guard let folder = arguments["--in"] else { throw UsageError("--in names the sounds folder of the PBX") }
            return check(manifest, languages, folder)
        default: throw UsageError("sounds can 'build' and 'check'")
        }
    }

    private static func build(
        _ manifest: Manifest, _ languages: [String], _ folder: String, _ arguments: Arguments
    ) async throws -> ExitCode {
        let settings = arguments["--config"] == nil ? nil : try arguments.settings()
        let speech = try Speech(template: settings?.speech)
        let prefix = settings?.sounds ?? "nightbell"
        guard !prefix.hasPrefix("/") else { throw UsageError("'sounds' is an absolute path here; fill it with --to") }
        var (made, kept) = (0, 0)
        for language in languages {
            let target = "\(folder)/\(language)/\(prefix)"
            try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
            var prompts = manifest.prompts(in: language)
            if let settings { prompts += try await phrasesFromData(settings, manifest, language) }
            for prompt in prompts {
                let file = "\(target)/\(prompt.name).wav"
                if FileManager.default.fileExists(atPath: file), !arguments.has("--force") {
                    kept += 1
                    continue
                }
                try speech.say(prompt.text, language: language, to: file)
                made += 1
                if made % 20 == 0 { print("\(made) prompts made") }
            }
        }
        print("\(made) prompts made, \(kept) were there, in \(folder)")
        return .success
    }

    /// What is said of lines, customers and engineers, as whole phrases: the manifest has their beginnings.
    private static func phrasesFromData(
        _ settings: Settings, _ manifest: Manifest, _ language: String
    ) async throws -> [Manifest.Entry] {
        func phrase(_ name: String, _ beginning: String, _ end: String) -> Manifest.Entry {
            Manifest.Entry(name: name, text: "\(manifest.text(beginning, in: language)) \(end).")
        }
        var phrases = settings.lines.map { phrase("line-\($0.name)", "page-line", $0.title) }
        guard FileManager.default.fileExists(atPath: settings.database) else { return phrases }
        let store = try Store(path: settings.database)
        phrases += try await store.engineers().map { phrase("engineer-\($0.id)", "page-taken-by", $0.name) }
        phrases += try await store.contracts().filter(\.entitled).map {
            phrase("customer-\($0.number.digits)", "page-customer", $0.customer)
        }
        await store.close()
        return phrases
    }

    private static func check(_ manifest: Manifest, _ languages: [String], _ folder: String) -> ExitCode {
        var missing = 0
        for language in languages {
            let target = "\(folder)/\(language)/nightbell"
            let files = (try? FileManager.default.contentsOfDirectory(atPath: target)) ?? []
            let there = Set(files.map { $0.split(separator: ".", maxSplits: 1).first.map(String.init) ?? "" })
            for prompt in manifest.prompts(in: language) where !there.contains(prompt.name) {
                print("missing: \(target)/\(prompt.name)")
                missing += 1
            }
        }
        print(
            missing == 0
                ? "all prompts are there" : "\(missing) prompts are missing: 'nightbell sounds build' makes them")
        return missing == 0 ? .success : .failure
    }
}

/// The prompts and their texts: `sounds-manifest/prompts.csv`.
struct Manifest {
    struct Entry {
        let name: String
        let text: String
    }

    private let table: [String: [String: String]]

    /// Reads the manifest given, or the one that lies where `make install` or a checkout puts it.
    static func read(_ path: String?, languages: [String]) throws -> Manifest {
        let program = URL(fileURLWithPath: CommandLine.arguments.first ?? "nightbell").resolvingSymlinksInPath()
        let places =
            path.map { [$0] } ?? [
                "sounds-manifest/prompts.csv",
                program.deletingLastPathComponent().appending(path: "../share/nightbell/sounds-manifest/prompts.csv")
                    .path,
                "/usr/local/share/nightbell/sounds-manifest/prompts.csv",
                "/usr/share/nightbell/sounds-manifest/prompts.csv",
            ]
        guard let found = places.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
            throw UsageError("no manifest at \(places.joined(separator: ", ")); name it with --manifest")
        }
        let rows = try CSVTable(parsing: Data(contentsOf: URL(fileURLWithPath: found)))
        var table: [String: [String: String]] = [:]
        for language in languages {
            guard rows.header.contains(language) else { throw UsageError("\(found) has no column '\(language)'") }
        }
        for row in rows.rows {
            for language in languages {
                let text = row[language] ?? ""
                if text.isEmpty { throw UsageError("\(found), line \(row.line): no text in '\(language)'") }
                table[language, default: [:]][row["name"] ?? ""] = text
            }
        }
        let unknown = Set(Prompt.allCases.map(\.rawValue)).subtracting(table[languages[0]].map { $0.keys } ?? [:].keys)
        guard unknown.isEmpty else { throw UsageError("\(found) lacks \(unknown.sorted().joined(separator: ", "))") }
        return Manifest(table: table)
    }

    /// The text of one prompt; empty when the manifest lacks it.
    func text(_ name: String, in language: String) -> String { table[language]?[name] ?? "" }

    func prompts(in language: String) -> [Entry] {
        (table[language] ?? [:]).map { Entry(name: $0.key, text: $0.value) }.sorted { $0.name < $1.name }
    }
}
