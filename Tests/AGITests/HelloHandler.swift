import AGI
import Sockets

func serveHello() async throws {
    let loop = try EventLoop()
    try await Task(executorPreference: loop) {
        let server = try AGIServer(on: loop, address: SocketAddress(ip: .loopback, port: 4573))
        server.route("hello") { call in
            try await call.answer()
            let typed = try await call.getData("vm-enter-num-to-call", timeout: .seconds(5), count: 4)
            _ = try await call.sayAlpha(typed.digits)
            try await call.setVariable("NUMBER", to: typed.digits)
        }
        await server.run()
    }.value
}
