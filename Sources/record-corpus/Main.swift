import Corpus
import Foundation
import Lab

/// `make record-corpus`: records the corpus's calls and traps from a real Asterisk.
///
///     record-corpus [NAME...]     all of them, or those whose names are given
///     record-corpus --replay      plays all that is recorded and says how many passed
@main
struct RecordCorpus {
    static func main() async {
        var words = CommandLine.arguments.dropFirst()
        do {
            if words.first == "--replay" {
                words = words.dropFirst()
                exit(try await ReplayAll.run(Array(words)) ? 0 : 1)
            }
            exit(try await record(Set(words)) ? 0 : 1)
        } catch {
            tell("record-corpus: \(error)")
            exit(1)
        }
    }

    /// Records what has one of these names, or all.
    private static func record(_ names: Set<String>) async throws -> Bool {
        let known = Set(NightCall.all.map(\.name) + TrapCall.all.map(\.name))
        guard names.isSubset(of: known) else {
            throw LabError.file("no call is named \(names.subtracting(known).sorted().joined(separator: ", "))")
        }
        let isWanted = { (name: String) in names.isEmpty || names.contains(name) }
        // One command without its documentation: only then does Asterisk say that it has no usage text.
        let pbx = try await PBX.start(prompts: .short, undocumented: ["say alpha"])
        let silent = isWanted("missing-prompts") ? try await silentPBX() : nil
        let version = try await pbx.command("core show version")
        let folder = "asterisk-" + version.dropFirst("Asterisk ".count).prefix { $0.isNumber }
        guard CorpusFolder.versions.contains(folder) else {
            throw LabError.file("\(version): calls are recorded from Asterisk 16 and 22")
        }
        tell("recording \(folder): \(version.split(separator: "\n").first ?? "")")
        try pbx.provide(prompts: ["line-support", "customer-\(NightCall.entitled)"])
        var failed = 0
        await withTaskGroup(of: String?.self) { group in
            var jobs: [@Sendable () async -> String?] = NightCall.all.filter { isWanted($0.name) }.map { call in
                let place = call.hasPrompts ? pbx : silent ?? pbx
                return { await outcome(call.name) { try await NightRecording(call, place, folder).run() } }
            }
            jobs += TrapCall.all.filter { isWanted($0.name) }.map { call in
                { await outcome(call.name) { try await TrapRecording(call, pbx, folder).run() } }
            }
            var next = jobs.makeIterator()
            for _ in 0..<6 { if let job = next.next() { group.addTask { await job() } } }
            for await problem in group {
                if let problem {
                    failed += 1
                    tell(problem)
                }
                if let job = next.next() { group.addTask { await job() } }
            }
        }
        await pbx.stop()
        await silent?.stop()
        if failed > 0 { tell("record-corpus: \(failed) not recorded") }
        return failed == 0
    }

    /// An Asterisk without nightbell's prompts.
    private static func silentPBX() async throws -> PBX {
        let prompts = try Scratch.folder("no-prompts")
        for language in ["en", "de"] {
            try FileManager.default.createDirectory(
                at: prompts.appendingPathComponent("\(language)/nightbell"), withIntermediateDirectories: true)
        }
        return try await PBX.start(prompts: .folder(prompts))
    }

    /// Does one; a second time when the robots were too slow on a busy machine.
    private static func outcome(_ name: String, _ body: @Sendable () async throws -> String) async -> String? {
        for attempt in 1...2 {
            do {
                tell("recorded \(try await body())")
                return nil
            } catch {
                if attempt == 2 { return "NOT RECORDED \(name): \(error)" }
                tell("once more \(name): \(error)")
            }
        }
        return nil
    }
}

/// Prints a line at once, also through a pipe.
func tell(_ text: String) {
    FileHandle.standardOutput.write(Data((text + "\n").utf8))
}
