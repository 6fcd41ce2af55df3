internal import Glibc

/// How many inputs are tried, from which seed on, and those that are kept.
public enum Campaign {
    /// `NIGHTBELL_FUZZ_INPUTS`, or `usual` where that is not set.
    public static func inputs(usual: Int) -> Int { number("NIGHTBELL_FUZZ_INPUTS") ?? usual }

    /// `NIGHTBELL_FUZZ_SEED`; 1 where that is not set, so that a test run is the same every time.
    public static var seed: UInt64 { number("NIGHTBELL_FUZZ_SEED") ?? 1 }

    private static func number<Number: LosslessStringConvertible>(_ name: String) -> Number? {
        getenv(name).flatMap { Number(String(cString: $0)) }
    }

    /// The files of a folder by their names. The corresponding C functions are `opendir` and `readdir`.
    ///
    /// - Returns: nothing when there is no such folder.
    public static func corpus(_ folder: String) -> [(name: String, bytes: [UInt8])] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var found: [(name: String, bytes: [UInt8])] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix("."), let bytes = contents(folder + "/" + name) { found.append((name, bytes)) }
        }
        return found.sorted { $0.name < $1.name }
    }

    private static func contents(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        return Array(bytes[..<fread(&bytes, 1, bytes.count, file)])
    }
}
