internal import Configuration
internal import Foundation
internal import OnCall
internal import Store

/// `nightbell import`.
enum ImportCommand {
    static func run(_ words: [String]) async throws -> ExitCode {
        let arguments = try Arguments(words, options: ["--config"], flags: ["--replace", "--dry-run"])
        guard arguments.words.count == 2 else { throw UsageError("say what to import and from which file") }
        let (kind, path) = (arguments.words[0], arguments.words[1])
        let settings = try arguments.settings()
        let data = try read(path)
        let store = try Store(path: settings.database)
        let replace = arguments.has("--replace")
        let isTrial = arguments.has("--dry-run")
        let counts: ImportCounts
        do {
            switch kind {
            case "engineers":
                let rows = try EngineerCSV.read(data).get()
                if isTrial { return good(rows.count, kind) }
                counts = try await store.importEngineers(rows, replace: replace)
            case "contracts":
                let rows = try ContractCSV.read(data).get()
                if isTrial { return good(rows.count, kind) }
                counts = try await store.importContracts(rows, replace: replace)
            case "shifts":
                let engineers = Set(try await store.engineers().map(\.id))
                let zones = Dictionary(
                    settings.lines.map { ($0.name, $0.timeZone) }, uniquingKeysWith: { first, _ in first })
                let rows = try ShiftCSV.read(data, engineers: engineers, lines: zones).get()
                if isTrial { return good(rows.count, kind) }
                counts = try await store.importShifts(rows, replace: replace)
            default:
                throw UsageError("'\(kind)' can't be imported, but engineers, contracts and shifts can")
            }
        } catch let error as ImportProblems {
            for problem in error.problems { complain("\(path): \(problem)") }
            complain(
                "nothing was changed: \(error.problems.count) problem\(error.problems.count == 1 ? "" : "s") in \(path)"
            )
            return .failure
        }
        print(
            "\(kind): \(counts.added) added, \(counts.changed) changed, \(counts.unchanged) unchanged,"
                + " \(counts.removed) removed")
        await store.close()
        return .success
    }

    private static func good(_ count: Int, _ kind: String) -> ExitCode {
        print("\(kind): \(count) good, nothing was changed (--dry-run)")
        return .success
    }

    private static func read(_ path: String) throws -> Data {
        do {
            return try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw UsageError("\(path) can't be read: \(error.localizedDescription)")
        }
    }
}
