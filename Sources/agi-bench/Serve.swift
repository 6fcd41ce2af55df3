internal import AGI
internal import Glibc
internal import Sockets

extension AGIBench {
    /// Answers the script `bench` as any user of the module would.
    static func serve(_ port: UInt16, keepalive: Int) throws {
        let loop = try EventLoop()
        Task(executorPreference: loop) {
            do {
                var options = AGIServer.Options()
                options.keepalive.idle = keepalive
                options.keepalive.interval = min(keepalive, options.keepalive.interval)
                let server = try AGIServer(
                    on: loop, address: SocketAddress(ip: .loopback, port: port), options: options)
                server.route("bench", bench)
                server.route("short") { call in try await call.answer() }
                await server.run()
            } catch {
                complain("\(error)")
                exit(1)
            }
        }
        while true { pause() }
    }

    /// Twenty commands in the cycle that the peers were measured with.
    @Sendable private static func bench(_ call: Session) async throws {
        for step in 0..<20 {
            switch step % 6 {
            case 0: try await call.answer()
            case 1: _ = try await call.variable("FOO")
            case 2: _ = try await call.getData("prompt", timeout: .seconds(5), count: 10)
            case 3: _ = try await call.streamFile("hello")
            case 4: try await call.setVariable("A", to: "b")
            default: try await call.execute("NoOp", "x")
            }
        }
    }
}
