import Foundation

/// Lays out the folder of a lab's Asterisk.
struct PBXFolder {
    let folder: URL
    let installation: Installation
    /// AGI commands whose names its documentation shall not hold.
    var undocumented: [String] = []

    /// Makes the folders and files.
    func write(_ configuration: PBXConfiguration) throws {
        for name in ["etc", "var", "db", "keys", "spool", "run", "log", "cache", "data/sounds"] {
            try FileManager.default.createDirectory(at: file(name), withIntermediateDirectories: true)
        }
        try linkData()
        for (name, text) in configuration.files { try write(text, to: "etc/\(name)") }
        try write(
            try shipped("voicemail.conf", upTo: "\n[support]") + configuration.mailboxes, to: "etc/voicemail.conf")
        try write(try manager(configuration), to: "etc/manager.conf")
        for name in ["extensions.conf", "steps.conf"] {
            try write(try shipped(name), to: "etc/nightbell-\(name)")
        }
        try write(Robots.dialplan(lines: configuration.lines), to: "etc/extensions.conf")
    }

    /// Asterisk's own data folder, seen through links, so that prompts can be added without touching it.
    private func linkData() throws {
        let data = installation.outside(installation.dataFolder)
        for name in try FileManager.default.contentsOfDirectory(atPath: data.path) where name != "sounds" {
            if name == "documentation", !undocumented.isEmpty {
                try copyDocumentation()
                continue
            }
            try link("data/\(name)", to: "\(installation.dataFolder)/\(name)")
        }
        for language in ["en", "de"] {
            try FileManager.default.createDirectory(
                at: file("data/sounds/\(language)"), withIntermediateDirectories: true)
            let sounds = "\(installation.dataFolder)/sounds/\(language)"
            for name in names(resolving: sounds) {
                try link("data/sounds/\(language)/\(name)", to: "\(sounds)/\(name)")
            }
        }
    }

    /// Asterisk's documentation without the commands that shall have none. Left out as a whole, modules would not load.
    private func copyDocumentation() throws {
        let path = "\(installation.dataFolder)/documentation"
        try FileManager.default.createDirectory(at: file("data/documentation"), withIntermediateDirectories: true)
        for name in names(resolving: path) {
            guard name.hasSuffix(".xml") else {
                try link("data/documentation/\(name)", to: "\(path)/\(name)")
                continue
            }
            var text = try String(contentsOf: installation.outside("\(path)/\(name)"), encoding: .utf8)
            for command in undocumented {
                text = text.replacingOccurrences(of: "<agi name=\"\(command)\"", with: "<agi name=\"none\"")
            }
            try write(text, to: "data/documentation/\(name)")
        }
    }

    /// The names in a folder of Asterisk's, following links as they are meant inside its root.
    private func names(resolving path: String) -> [String] {
        var path = path
        for _ in 0..<8 {
            let outside = installation.outside(path).path
            guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: outside) else { break }
            path = target.hasPrefix("/") ? target : (path as NSString).deletingLastPathComponent + "/" + target
        }
        return (try? FileManager.default.contentsOfDirectory(atPath: installation.outside(path).path)) ?? []
    }

    private func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: file(name).path, withDestinationPath: target)
    }

    /// A file of the shipped dialplan, unchanged, or its part before a marker.
    private func shipped(_ name: String, upTo marker: String? = nil) throws -> String {
        let text = try String(contentsOf: Repository.dialplan.appendingPathComponent(name), encoding: .utf8)
        guard let marker else { return text }
        guard let range = text.range(of: marker) else { throw LabError.file("\(name) has no \(marker)") }
        return text[..<range.lowerBound] + "\n"
    }

    /// The shipped manager.conf with a port and a secret, and the lab's own users.
    private func manager(_ configuration: PBXConfiguration) throws -> String {
        var text = try shipped("manager.conf")
        for (line, lab) in [
            ("\nport = 5038\n", "\nport = \(configuration.managerPort)\n"),
            ("\n;secret = CHANGE-THIS\n", "\nsecret = \(PBX.managerSecret)\n"),
        ] {
            guard text.contains(line) else { throw LabError.file("manager.conf has no line\(line)") }
            text = text.replacingOccurrences(of: line, with: lab)
        }
        return text + configuration.managerUsers
    }

    private func file(_ name: String) -> URL { folder.appendingPathComponent(name) }

    private func write(_ text: String, to name: String) throws {
        try text.write(to: file(name), atomically: false, encoding: .utf8)
    }
}
