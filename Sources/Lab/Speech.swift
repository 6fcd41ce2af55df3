public import Foundation
import Synchronization

/// The recordings that nightbell plays in the lab.
public enum Prompts: Sendable {
    /// A third of a second of tone for every prompt of the manifest: scenarios are quick, nothing needs to be built.
    case short
    /// Recordings in a folder, as `nightbell sounds build` makes them: LANGUAGE/nightbell/NAME.wav.
    case folder(URL)

    /// The folder that `NIGHTBELL_PROMPTS` names, else the short ones.
    public static var usual: Prompts {
        let path = ProcessInfo.processInfo.environment["NIGHTBELL_PROMPTS"] ?? ""
        return path.isEmpty ? .short : .folder(URL(fileURLWithPath: path, isDirectory: true))
    }

    /// Puts them, and the robots' speech, into Asterisk's sounds folder.
    func install(in sounds: URL) async throws {
        for language in ["en", "de"] {
            let target = sounds.appendingPathComponent("\(language)/nightbell")
            switch self {
            case .folder(let folder):
                let source = folder.appendingPathComponent("\(language)/nightbell")
                guard FileManager.default.fileExists(atPath: source.path) else {
                    throw LabError.file("no prompts in \(source.path)")
                }
                try FileManager.default.copyItem(at: source, to: target)
            case .short:
                try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
                let lines = (1...PBX.lineCount).map { "line-line-\($0)" }
                for name in try Prompts.names() + lines { try Prompts.tone(name, in: target) }
            }
        }
        try await Speech.make(in: sounds)
    }

    /// A third of a second of tone under a prompt's name.
    static func tone(_ name: String, in folder: URL) throws {
        try Wave.tone(seconds: 0.3).data.write(to: folder.appendingPathComponent("\(name).wav"))
    }

    /// The names in the manifest.
    static func names() throws -> [String] {
        try String(contentsOf: Repository.manifest, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst()
            .compactMap { $0.split(separator: ",").first.map(String.init) }
    }
}

extension PBX {
    /// Adds short tones under more names, as for `customer-1234567890`, which Asterisk would warn of as missing.
    public func provide(prompts names: [String]) throws {
        let target = folder.appendingPathComponent("data/sounds/en/nightbell")
        for name in names { try Prompts.tone(name, in: target) }
    }
}

/// What robots say: speech of a synthesiser, cut to the length wanted.
enum Speech {
    private static let text = """
        Good evening, this is the night shift at the example plant. Our main controller stopped about ten minutes ago and
        does not come up again. The display shows error forty seven, and the second unit is running hot. We have switched
        over to the spare pump, but that will not last until the morning. Please call me back as soon as you can at the
        number you see. I will stay next to the telephone. Thank you very much, and sorry for the hour.
        """

    private static let whole = Mutex<Wave?>(nil)

    /// Makes the speech and the pieces that the dialplan's robots use.
    static func make(in sounds: URL) async throws {
        if whole.withLock({ $0 }) == nil {
            let wave = try await synthesise()
            whole.withLock { $0 = wave }
        }
        let folder = sounds.deletingLastPathComponent().deletingLastPathComponent()
        for tenths in [60, 100] { try provide(tenths: tenths, in: folder) }
    }

    /// Sees to it that `lab/speech-TENTHS` is there, in the folder of a lab's Asterisk.
    static func provide(tenths: Int, isSilent: Bool = false, in folder: URL) throws {
        let sounds = folder.appendingPathComponent("data/sounds/en/lab")
        let file = sounds.appendingPathComponent("\(isSilent ? "silence" : "speech")-\(tenths).wav")
        guard !FileManager.default.fileExists(atPath: file.path) else { return }
        let spoken: Wave? = isSilent ? Wave(samples: []) : whole.withLock({ $0 })
        guard let wave = spoken else { throw LabError.file("the robots' speech is not made") }
        try FileManager.default.createDirectory(at: sounds, withIntermediateDirectories: true)
        // Atomically: another scenario may want the same piece at this moment.
        try wave.piece(seconds: Double(tenths) / 10).data.write(to: file, options: .atomic)
    }

    private static func synthesise() async throws -> Wave {
        guard let espeak = Program.find("espeak-ng") else { throw LabError.missingProgram("espeak-ng", need: "speech") }
        guard let sox = Program.find("sox") else { throw LabError.missingProgram("sox", need: "speech") }
        let folder = try Scratch.folder("speech")
        defer { Scratch.remove(folder) }
        let (raw, done) = (folder.appendingPathComponent("raw.wav"), folder.appendingPathComponent("done.wav"))
        let spoken = try await Program.run(espeak, ["-v", "en-us", "-s", "165", "-w", raw.path, text])
        guard spoken.status == 0 else { throw LabError.notReady("espeak-ng", output: spoken.errors) }
        // Without dither the pauses are digital silence, as on a telephone with silence suppression.
        let cut = try await Program.run(
            sox, ["-D", raw.path, "-r", "8000", "-c", "1", "-b", "16", done.path, "norm", "-6"])
        guard cut.status == 0 else { throw LabError.notReady("sox", output: cut.errors) }
        return try Wave(try Data(contentsOf: done))
    }
}

/// 16-bit samples at 8 kHz, one channel: what Asterisk's format_wav reads and writes.
struct Wave: Sendable {
    static let rate = 8000

    let samples: [Int16]

    init(samples: [Int16]) { self.samples = samples }

    /// Reads a RIFF file's data chunk.
    init(_ data: Data) throws {
        let bytes = [UInt8](data)
        guard let start = data.range(of: Data("data".utf8))?.upperBound, bytes.count >= start + 4 else {
            throw LabError.file("not a .wav file")
        }
        samples = stride(from: start + 4, to: bytes.count - 1, by: 2).map {
            Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8)
        }
    }

    /// A quiet tone of 440 Hz.
    static func tone(seconds: Double) -> Wave {
        Wave(samples: (0..<Int(seconds * Double(rate))).map { Int16(6000 * sin(Double($0) * 440 * 2 * .pi / 8000)) })
    }

    /// Exactly so many seconds of it, repeated when it is shorter.
    func piece(seconds: Double) -> Wave {
        let count = Int(seconds * Double(Self.rate))
        guard !samples.isEmpty else { return Wave(samples: [Int16](repeating: 0, count: count)) }
        return Wave(samples: (0..<count).map { samples[$0 % samples.count] })
    }

    /// The whole file, header and samples.
    var data: Data {
        func four(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
        let size = samples.count * 2
        var bytes = Array("RIFF".utf8) + four(36 + size) + Array("WAVEfmt ".utf8) + four(16) + [1, 0, 1, 0]
        bytes += four(Self.rate) + four(Self.rate * 2) + [2, 0, 16, 0] + Array("data".utf8) + four(size)
        bytes.reserveCapacity(44 + size)
        for sample in samples {
            bytes.append(UInt8(truncatingIfNeeded: sample))
            bytes.append(UInt8(truncatingIfNeeded: sample >> 8))
        }
        return Data(bytes)
    }
}
