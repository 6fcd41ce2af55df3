internal import CLinux
internal import Glibc

/// Plays Asterisk against a FastAGI server over loopback TCP: one thread, one epoll, many sessions.
struct Load {
    /// What was measured. Latencies are from a reply to the next command, in microseconds.
    struct Result {
        var sessions = 0
        var commands = 0
        var seconds = 0.0
        var latency = Histogram()
        var errors: [String: Int] = [:]
        /// The server's CPU time in microseconds a command; nil without `pid`.
        var cpu: Double?
        /// What an idle session cost the server's process, in kilobytes; nil without `pid` or idle mode.
        var idleKilobytes: Double?

        var description: String {
            let rate = { (count: Int) in Int(Double(count) / max(0.001, seconds)) }
            var text = "sessions \(sessions) seconds \(short(seconds)) sessions/s \(rate(sessions))"
            text += " commands/s \(rate(commands)) p50 \(short(latency.percentile(50))) µs"
            text += " p99 \(short(latency.percentile(99))) µs p99.9 \(short(latency.percentile(99.9))) µs"
            if let cpu { text += " cpu \(short(cpu)) µs/command" }
            if let idleKilobytes { text += " idle \(short(idleKilobytes)) kB/session" }
            return text + " errors \(errors.isEmpty ? "0" : "\(errors)")"
        }
    }

    private struct Session {
        var isConnected = false
        var commands = 0
        var replied: UInt64 = 0
        /// Bytes of a line that is not whole.
        var partial: [UInt8] = []
    }

    let port: UInt16
    let atOnce: Int
    /// How many sessions there shall be; nil: as many as begin in `seconds`.
    let total: Int?
    let seconds: Int
    let think: UInt64
    let expected: Int
    /// Seconds to hold sessions whose first command is not answered; nil: all are answered.
    let idle: Int?
    let pid: Int32?
    private let environment: [UInt8]

    private let poller = epoll_create1(0)
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)
    private var sessions: [Int32: Session] = [:]
    private var started = 0
    private var waitingForFirst = 0
    /// Replies whose time has not come.
    private var thinking: [(due: UInt64, descriptor: Int32, serial: Int, reply: StaticString)] = []
    private var thought = 0
    private var serials: [Int32: Int] = [:]
    private var result = Result()
    private var lastProgress: UInt64 = 0

    static func run(_ options: Options) throws -> Bool {
        let pid = try options.number("pid", default: 0)
        var load = Load(
            port: try options.port(), atOnce: try options.number("at-once", default: 1, in: 1...50_000),
            total: options.has("total") || !options.has("seconds") ? try options.number("total", default: 1_000) : nil,
            seconds: try options.number("seconds", default: 3, in: 1...86_400),
            think: UInt64(try options.number("think", default: 0)) * 1_000_000,
            commands: try options.number("commands", default: 20),
            idle: options.has("idle") ? try options.number("idle", default: 3) : nil, pid: pid == 0 ? nil : Int32(pid))
        let result = load.run()
        say(result.description)
        return result.errors.isEmpty
    }

    init(
        port: UInt16, atOnce: Int, total: Int?, seconds: Int, think: UInt64 = 0, commands: Int = 20, idle: Int? = nil,
        pid: Int32? = nil, script: String = "bench"
    ) {
        environment = Array(Self.environment(script).utf8)
        self.port = port
        self.atOnce = atOnce
        self.total = total
        self.seconds = seconds
        self.think = think
        expected = commands
        self.idle = idle
        self.pid = pid
    }

    // MARK: Running

    mutating func run() -> Result {
        defer {
            close(poller)
            buffer.deallocate()
        }
        let before = pid.flatMap(ServerProcess.init)
        let begin = Self.now()
        lastProgress = begin
        let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: 512)
        defer { events.deallocate() }
        while true {
            fill(since: begin)
            if isOver(since: begin) { break }
            let count = epoll_wait(poller, events, 512, thought < thinking.count ? 1 : 100)
            let now = Self.now()
            if count > 0 { lastProgress = now }
            for index in 0..<max(0, Int(count)) { ready(events[index]) }
            while thought < thinking.count, thinking[thought].due <= now { think(now) }
            if now - lastProgress > 15_000_000_000 {
                result.errors["stuck", default: 0] += sessions.count
                break
            }
        }
        result.seconds = Double(Self.now() - begin) / 1e9
        if let pid, let before, let after = ServerProcess(pid) {
            if idle != nil {
                result.idleKilobytes = Double(after.kilobytes - before.kilobytes) / Double(max(1, sessions.count))
            } else {
                result.cpu = (after.cpuMicroseconds - before.cpuMicroseconds) / Double(max(1, result.commands))
            }
        }
        if let idle { hold(idle) }
        for descriptor in sessions.keys { close(descriptor) }
        return result
    }

    private mutating func hold(_ seconds: Int) {
        say("ready: \(sessions.count) sessions wait with their first command")
        sleep(UInt32(seconds))
    }

    private mutating func fill(since begin: UInt64) {
        if idle != nil {
            while started < total ?? 0, waitingForFirst < atOnce { start() }
        } else {
            let mayStart = total.map { started < $0 } ?? (Self.now() - begin < UInt64(seconds) * 1_000_000_000)
            while mayStart, sessions.count < atOnce, total.map({ started < $0 }) ?? true { start() }
        }
    }

    private func isOver(since begin: UInt64) -> Bool {
        if idle != nil { return started == total && waitingForFirst == 0 }
        let isLast = total.map { started >= $0 } ?? (Self.now() - begin >= UInt64(seconds) * 1_000_000_000)
        return isLast && sessions.isEmpty
    }

    // MARK: One session

    private mutating func start() {
        started += 1
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else {
            result.errors["no descriptor", default: 0] += 1
            return
        }
        Wire.set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY)
        Wire.set(descriptor, Int32(IPPROTO_IP), 24)  // IP_BIND_ADDRESS_NO_PORT
        // Sixteen addresses, so that ports in TIME_WAIT are never the limit.
        let source = Wire.loopback(0, host: 0x7F00_0001 + UInt32(started % 16))
        _ = Wire.with(source) { bind(descriptor, $0, $1) }
        let code = Wire.with(Wire.loopback(port)) { connect(descriptor, $0, $1) }
        guard code == 0 || errno == EINPROGRESS else {
            result.errors["connect", default: 0] += 1
            close(descriptor)
            return
        }
        sessions[descriptor] = Session()
        serials[descriptor] = started
        waitingForFirst += 1
        Wire.watch(descriptor, with: poller, for: clinux_EPOLLIN | clinux_EPOLLOUT)
    }

    private mutating func ready(_ event: epoll_event) {
        let descriptor = event.data.fd
        guard var session = sessions[descriptor] else { return }
        if !session.isConnected {
            var code: Int32 = 0
            var length = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &length)
            guard code == 0 else { return end(descriptor, session, "connect") }
            session.isConnected = true
            sessions[descriptor] = session
            var quiet = epoll_event(events: clinux_EPOLLIN, data: epoll_data(fd: descriptor))
            epoll_ctl(poller, EPOLL_CTL_MOD, descriptor, &quiet)
            if clinux_send(descriptor, environment, environment.count) != environment.count {
                end(descriptor, session, "send")
            }
            return
        }
        let count = clinux_recv(descriptor, buffer.baseAddress, buffer.count)
        if count < 0, errno == EAGAIN { return }
        guard count > 0 else {
            let isShort = expected > 0 && session.commands != expected
            let problem = count < 0 ? "reset" : isShort ? "short" : session.partial.isEmpty ? nil : "half a line"
            return end(descriptor, session, problem)
        }
        let now = Self.now()
        var rest = UnsafeRawBufferPointer(rebasing: buffer[..<count])[...]
        while let newline = rest.firstIndex(of: 10) {
            let reply = Self.reply(to: session.partial.isEmpty ? Array(rest[..<newline]) : session.partial)
            session.partial = []
            rest = rest[(newline + 1)...]
            if session.commands == 0 { waitingForFirst -= 1 } else { result.latency.add(now - session.replied) }
            session.commands += 1
            result.commands += 1
            if idle != nil { continue }
            if think > 0 {
                thinking.append((now + think, descriptor, serials[descriptor] ?? 0, reply))
            } else {
                session.replied = Self.now()
                if !send(reply, descriptor) { return end(descriptor, session, "send") }
            }
        }
        session.partial += rest
        sessions[descriptor] = session
    }

    private mutating func think(_ now: UInt64) {
        let (_, descriptor, serial, reply) = thinking[thought]
        thought += 1
        if thought > 10_000 {
            thinking.removeFirst(thought)
            thought = 0
        }
        guard serials[descriptor] == serial, sessions[descriptor] != nil else { return }
        sessions[descriptor]?.replied = Self.now()
        if !send(reply, descriptor) { end(descriptor, sessions[descriptor] ?? Session(), "send") }
    }

    private mutating func end(_ descriptor: Int32, _ session: Session, _ problem: String?) {
        if let problem { result.errors[problem, default: 0] += 1 }
        if session.commands == 0 { waitingForFirst -= 1 }
        sessions[descriptor] = nil
        serials[descriptor] = nil
        close(descriptor)
        result.sessions += 1
    }

    // MARK: What is said

    private func send(_ text: StaticString, _ descriptor: Int32) -> Bool {
        clinux_send(descriptor, text.utf8Start, text.utf8CodeUnitCount) == text.utf8CodeUnitCount
    }

    private static func reply(to command: [UInt8]) -> StaticString {
        for (verb, reply) in replies where command.starts(with: verb) { return reply }
        return "200 result=0\n"
    }

    private static let replies: [([UInt8], StaticString)] = [
        (Array("ANSWER".utf8), "200 result=0\n"), (Array("GET VARIABLE".utf8), "200 result=1 (value)\n"),
        (Array("GET DATA".utf8), "200 result=1234567890\n"), (Array("STREAM FILE".utf8), "200 result=0 endpos=8000\n"),
        (Array("SET VARIABLE".utf8), "200 result=1\n"), (Array("EXEC".utf8), "200 result=0\n"),
    ]

    /// In the order of `res/res_agi.c`.
    static func environment(_ script: String) -> String {
        """
        agi_network: yes
        agi_network_script: \(script)
        agi_request: agi://127.0.0.1/\(script)
        agi_channel: PJSIP/6001-0000002a
        agi_language: en
        agi_type: PJSIP
        agi_uniqueid: 1754000000.42
        agi_version: 22.10.0
        agi_callerid: 15550142
        agi_calleridname: Example Caller
        agi_callingpres: 0
        agi_callingani2: 0
        agi_callington: 0
        agi_callingtns: 0
        agi_dnid: 15550100
        agi_rdnis: unknown
        agi_context: from-trunk
        agi_extension: 15550100
        agi_priority: 2
        agi_enhanced: 0.0
        agi_accountcode:\u{20}
        agi_threadid: 140035163289344


        """
    }

    static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

/// A number with few decimals, without Foundation.
func short(_ value: Double) -> String {
    let scaled = (value * 100).rounded() / 100
    return scaled == scaled.rounded() ? "\(Int(scaled))" : "\(scaled)"
}
