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

    /// A TCP port of 127.0.0.1 that nobody else gets as long as this process lives.
    ///
    /// A socket is bound to it, with SO_REUSEADDR and never listening: the kernel then gives the port neither to an
    /// outgoing connection nor to who asks for any port, while a server that sets SO_REUSEADDR too can listen on it.
    /// - Throws: `LabError.file` when the system gives none.
    public static func tcpPort() throws -> Int {
        let (descriptor, port) = try bound(SOCK_STREAM, port: 0)
        reserved.withLock { $0.append(descriptor) }
        return port
    }

    /// A UDP port of 127.0.0.1 that begins eight free ones, a multiple of eight, given only once by this process.
    ///
    /// Eight, because who speaks RTP takes the ports behind it too, for RTCP and for video. They lie below the range that
    /// the kernel picks from on its own. Another process could take one before it is used.
    /// - Throws: `LabError.file` when there are none.
    public static func udpPort() throws -> Int {
        for _ in 0..<udpBlocks {
            let port = 29_000 + udpBlock.add(1, ordering: .relaxed).newValue % udpBlocks * 8
            var held: [Int32] = []
            defer { for descriptor in held { close(descriptor) } }
            for next in port..<port + 8 {
                guard let socket = try? bound(SOCK_DGRAM, port: next) else { break }
                held.append(socket.descriptor)
            }
            if held.count == 8 { return port }
        }
        throw LabError.file("no eight free UDP ports in 29000-31999")
    }

    private static let udpBlocks = 375
    /// Processes that run beside each other begin at different places.
    private static let udpBlock = Atomic<Int>(Int.random(in: 0..<udpBlocks))
    private static let reserved = Mutex<[Int32]>([])

    private static func bound(_ type: __socket_type, port: Int) throws -> (descriptor: Int32, port: Int) {
        let descriptor = socket(AF_INET, Int32(type.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw LabError.file("no socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = in_port_t(port).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        var reuse: Int32 = 1
        let done = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                (type != SOCK_STREAM
                    || setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
                        == 0)
                    && bind(descriptor, raw, length) == 0 && getsockname(descriptor, raw, &length) == 0
            }
        }
        guard done else {
            close(descriptor)
            throw LabError.file("port \(port) is not free")
        }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }
}
