internal import Configuration
internal import Foundation
internal import OnCall
internal import Store

extension Arguments {
    /// Reads the configuration that `--config` names, or the usual one.
    func settings() throws -> Settings {
        try ConfigurationFile.read(path: self["--config"] ?? "/etc/nightbell/nightbell.conf")
    }
}

extension Settings {
    /// The lines to speak of: the one named, or all.
    func lines(named name: String?) throws(UsageError) -> [Line] {
        guard let name else { return lines }
        guard let line = line(named: name) else {
            throw UsageError("no line '\(name)'; there are \(lines.map(\.name).joined(separator: ", "))")
        }
        return [line]
    }
}
