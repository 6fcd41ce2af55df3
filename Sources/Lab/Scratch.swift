public import Foundation
import Synchronization

/// Folders of this process that go away with it.
public enum Scratch {
    private static let count = Atomic<Int>(0)

    /// Makes a new folder, removed at the latest when this process is gone.
    ///
    /// - Parameters:
    ///   - name: part of the folder's name.
    ///   - parent: where to make it; the system's temporary folder when nil.
    /// - Throws: an error of FileManager.
    public static func folder(_ name: String, in parent: URL? = nil) throws -> URL {
        let number = count.add(1, ordering: .relaxed).newValue
        let parent = parent ?? FileManager.default.temporaryDirectory
        let pid = ProcessInfo.processInfo.processIdentifier
        let folder = parent.appendingPathComponent("nightbell-\(name)-\(pid)-\(number)")
        if FileManager.default.fileExists(atPath: folder.path) { try FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        Reaper.shared.remove(folder)
        return folder
    }

    /// Removes a folder; what can't be removed now is removed when this process is gone.
    public static func remove(_ folder: URL) {
        do { try FileManager.default.removeItem(at: folder) } catch { Reaper.shared.remove(folder) }
    }

    /// A free TCP or UDP port of 127.0.0.1.
    ///
    /// The port is free at this moment; another program could take it before it is used.
    /// - Throws: `LabError.file` when the system gives none.
    public static func freePort(udp: Bool = false) throws -> Int {
        let kind = Int32((udp ? SOCK_DGRAM : SOCK_STREAM).rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_INET, kind, 0)
        guard descriptor >= 0 else { throw LabError.file("no socket") }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let done = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                bind(descriptor, raw, length) == 0 && getsockname(descriptor, raw, &length) == 0
            }
        }
        guard done else { throw LabError.file("no free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
