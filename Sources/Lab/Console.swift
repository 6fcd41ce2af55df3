import Foundation

/// Asterisk's console over its control socket: what `asterisk -rx` does, without a process for every command.
struct Console: Sendable {
    /// The control socket, asterisk.ctl.
    let socket: URL

    /// Gives one command and returns everything that is printed.
    ///
    /// - Throws: `LabError.command` when the socket can't be used or Asterisk is silent for a minute.
    func run(_ command: String) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            // The reads block; they get a thread that is not one of Swift's two or so.
            DispatchQueue.global().async {
                continuation.resume(with: Result { try blockingRun(command) })
            }
        }
    }

    private func blockingRun(_ command: String) throws -> String {
        let descriptor = try connect(command)
        defer { close(descriptor) }
        // First comes the greeting: host/pid/version.
        _ = try read(descriptor, command, untilNewline: true)
        let line = Array("cli quit after \(command)".utf8) + [0]
        guard write(descriptor, line, line.count) == line.count else {
            throw LabError.command(command, answer: "the control socket was closed")
        }
        let bytes = try read(descriptor, command, untilNewline: false)
        return String(decoding: bytes.filter { $0 != 0 && $0 != 0x7F }, as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func connect(_ command: String) throws -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = Array(socket.path.utf8)
        guard path.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw LabError.command(command, answer: "the path \(socket.path) is too long for a socket")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let descriptor = Foundation.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw LabError.command(command, answer: "no socket: errno \(errno)") }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { Foundation.connect(descriptor, $0, size) == 0 }
        }
        guard connected else {
            let code = errno
            close(descriptor)
            throw LabError.command(command, answer: "no connection to \(socket.path): errno \(code)")
        }
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        return descriptor
    }

    private func read(_ descriptor: Int32, _ command: String, untilNewline: Bool) throws -> [UInt8] {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = Foundation.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count < 0 { throw LabError.command(command, answer: "no answer: errno \(errno)") }
            if count == 0 { return all }
            all += buffer[0..<count]
            if untilNewline, all.contains(0x0A) { return all }
        }
    }
}
