import AGI
import Sockets

/// Measures the AGI module: `agi-bench serve --port N` answers the script `bench` as any user of the module would.
@main
struct AGIBench {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, arguments[1] == "serve", let address = SocketAddress("127.0.0.1:\(arguments[3])")
        else {
            print("usage: agi-bench serve --port N")
            return
        }
        let loop = try EventLoop()
        await Task(executorPreference: loop) {
            do {
                let server = try AGIServer(on: loop, address: address)
                server.route("bench", bench)
                await server.run()
            } catch {
                print("agi-bench: \(error)")
            }
        }.value
    }

    /// Twenty commands in the cycle that the peers were measured with.
    @Sendable static func bench(_ call: Session) async throws {
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
