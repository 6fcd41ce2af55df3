import AGI
import Glibc
import Sockets

/// A small IVR: says welcome, offers a menu three times, connects with the office or takes a message.
struct SmallIVR: Sendable {
    var office = "Local/100@office"
    var mailbox = "1000@support"

    /// One call, from the first word to the last.
    func serve(_ call: Session) async throws {
        try await call.answer()
        _ = try await call.streamFile("welcome")
        for _ in 1...3 {
            switch try await key(call) {
            case "1":
                if try await reachesOffice(call) { return }
                return try await takeMessage(call)
            case "2":
                return try await takeMessage(call)
            default:
                _ = try await call.streamFile("invalid")
            }
        }
        _ = try await call.streamFile("goodbye")
    }

    /// What was pressed at the menu; nothing when nothing was.
    private func key(_ call: Session) async throws -> String {
        let typed = try await call.getData("menu", timeout: .seconds(5), count: 1)
        if typed.end == .failed {
            // No such sound, or nobody there any more: in the second case this throws, and the call is over.
            _ = try await call.channelStatus()
            try await call.verbose("the sound 'menu' is missing")
        }
        return typed.digits
    }

    /// Rings the office; whether somebody there has answered.
    private func reachesOffice(_ call: Session) async throws -> Bool {
        _ = try await call.streamFile("connecting")
        return try await call.dial(office, ringing: .seconds(20)) == "ANSWER"
    }

    /// Lets the caller leave a message, who may hang up while speaking: what follows works all the same.
    private func takeMessage(_ call: Session) async throws {
        let left = try await call.voiceMail(mailbox)
        try await call.setVariable("IVR_MESSAGE", to: left.status == "SUCCESS" ? left.file : "")
        if !left.callerHungUp { _ = try await call.streamFile("goodbye") }
    }

    /// The program.
    static func main() {
        // Before any other thread is there, which would get the signals instead; so main is not async either.
        Signals.block([SIGTERM, SIGINT])
        Task.detached {
            do {
                try await run()
                exit(EXIT_SUCCESS)
            } catch {
                print("cannot serve: \(error)")
                exit(EXIT_FAILURE)
            }
        }
        while true { pause() }
    }

    /// Serves until SIGTERM or SIGINT, then lets the calls in progress end, for a minute at most.
    static func run() async throws {
        let loop = try EventLoop()
        try await Task(executorPreference: loop) {
            let address = SocketAddress(ip: .loopback, port: 4573)
            let server = try AGIServer(on: loop, address: address, report: report)
            let ivr = SmallIVR()
            server.route("ivr") { call in try await ivr.serve(call) }
            let signals = try Signals([SIGTERM, SIGINT], on: loop)
            await withDiscardingTaskGroup { group in
                group.addTask(executorPreference: loop) {
                    while await signals.next() != nil { server.stop(drain: .seconds(60)) }
                }
                await server.run()
                signals.close()
            }
        }.value
    }

    /// What is worth a line in a log; the other events are about connections that became no call.
    @Sendable static func report(_ event: AGIServer.Event) {
        switch event {
        case .failed(let request, let environment, let error): print(environment.channel, request.path, error)
        case .noRoute(let path, let environment): print(environment.channel, "there is no route '\(path)'")
        default: break
        }
    }
}
