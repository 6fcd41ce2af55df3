internal import CLinux
internal import Glibc

/// What a process has used so far, as /proc says.
struct ServerProcess {
    let cpuMicroseconds: Double
    let kilobytes: Int
    let descriptors: Int

    init?(_ pid: Int32) {
        guard let stat = Self.read("/proc/\(pid)/stat"), let status = Self.read("/proc/\(pid)/status"),
            let end = stat.lastIndex(of: ")")
        else { return nil }
        // utime and stime are the 14th and 15th field, in clock ticks.
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return nil }
        cpuMicroseconds = (user + system) * 1e6 / Double(sysconf(Int32(_SC_CLK_TCK)))
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        descriptors = Self.entries("/proc/\(pid)/fd")
        kilobytes = line.flatMap { Int($0.filter { ("0"..."9").contains($0) }) } ?? 0
    }

    private static func entries(_ path: String) -> Int {
        guard let directory = opendir(path) else { return 0 }
        defer { closedir(directory) }
        var count = -2
        while readdir(directory) != nil { count += 1 }
        return count
    }

    private static func read(_ path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 8_192)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes[..<count], as: UTF8.self)
    }

    /// A server of this program, in a process of its own.
    struct Child {
        let pid: Int32
        let port: UInt16

        func stop() {
            kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
        }
    }

    /// Starts `serve` or `bound` on a processor of its own and waits until it accepts.
    static func start(_ name: String, _ more: [String] = []) throws -> Child {
        let port = try freePort()
        var pid: pid_t = 0
        let words = ["agi-bench", name, "--port", "\(port)"] + more
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        arguments.append(nil)
        defer { for argument in arguments { free(argument) } }
        // A child inherits the processor that its parent is bound to.
        Processor.pin(1)
        let code = posix_spawn(&pid, "/proc/self/exe", nil, nil, arguments, environ)
        Processor.pin(0)
        guard code == 0 else { throw Options.Wrong("posix_spawn: \(String(cString: strerror(code)))") }
        let child = Child(pid: pid, port: port)
        for _ in 0..<500 {
            let probe = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(probe) }
            if Wire.with(Wire.loopback(port), { connect(probe, $0, $1) }) == 0 { return child }
            usleep(10_000)
        }
        child.stop()
        throw Options.Wrong("\(name) did not begin to listen on \(port)")
    }

    private static func freePort() throws -> UInt16 {
        let probe = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(probe) }
        var address = Wire.loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(probe, $0, length) == 0 ? getsockname(probe, $0, &length) : -1
            }
        }
        guard code == 0 else { throw Wire.Failed("bind") }
        return UInt16(bigEndian: address.sin_port)
    }
}

enum Processor {
    /// Binds the calling thread, and what it starts, to one processor; on a machine with one, nothing changes.
    static func pin(_ number: Int) {
        guard number < sysconf(Int32(_SC_NPROCESSORS_ONLN)) else { return }
        clinux_pin(Int32(number))
    }
}
