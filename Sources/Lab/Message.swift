public import Foundation

/// A message in a mailbox, as VoiceMail() left it in the spool folder.
public struct Message: Sendable {
    /// Its name, as `msg0000`.
    public let name: String
    /// The seconds VoiceMail() says it is long (`duration` of the .txt).
    public let duration: Int?
    /// The caller ID it was left with, as `"Name" <number>`.
    public let callerID: String
    /// The channel it was left on.
    public let channel: String
    /// When it was left, in whole seconds.
    public let time: Date?
    /// The size of the .wav in bytes, nil when there is none.
    public let bytes: Int?

    /// The length by the size of the .wav: 16,000 bytes a second after a header of 44.
    public var seconds: Double? { bytes.map { Double(max(0, $0 - 44)) / 16_000 } }

    static func all(in folder: URL) throws -> [Message] {
        guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasPrefix("msg") && $0.hasSuffix(".txt") }
            .map { Message(name: String($0.dropLast(4)), folder: folder) }
    }

    private init(name: String, folder: URL) {
        self.name = name
        let text = (try? String(contentsOf: folder.appendingPathComponent("\(name).txt"), encoding: .utf8)) ?? ""
        var values: [Substring: Substring] = [:]
        for line in text.split(separator: "\n") {
            guard let equals = line.firstIndex(of: "=") else { continue }
            values[line[..<equals]] = line[line.index(after: equals)...]
        }
        duration = values["duration"].flatMap { Int($0) }
        callerID = String(values["callerid"] ?? "")
        channel = String(values["callerchan"] ?? "")
        time = values["origtime"].flatMap { Double($0) }.map { Date(timeIntervalSince1970: $0) }
        let wav = folder.appendingPathComponent("\(name).wav")
        let attributes = try? FileManager.default.attributesOfItem(atPath: wav.path)
        bytes = (attributes?[.size] as? NSNumber)?.intValue
    }
}
