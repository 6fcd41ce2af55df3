import AGI
import Foundation
import Sockets
import Synchronization
import Testing

@testable import Transcript

/// A real server with a few routes, and the loop it runs on.
struct Serving: Sendable {
    let loop: EventLoop
    let address: SocketAddress

    /// Plays a text against the server.
    func replay(
        _ text: String, recording: Replay.Recording = .never, patience: Duration = .seconds(10)
    ) async throws -> ReplayOutcome {
        try await replay(text, to: address, recording: recording, patience: patience)
    }

    func replay(
        _ text: String, to address: SocketAddress, recording: Replay.Recording = .never,
        patience: Duration = .seconds(10), pace: Replay.Pace = .fast
    ) async throws -> ReplayOutcome {
        var options = Replay.Options()
        options.recording = recording
        options.patience = patience
        options.pace = pace
        let transcript = try Transcript(parsing: text, name: "a.agi")
        return await Replay(transcript, to: address, on: loop, options: options).run()
    }

    /// Runs a server on loopback while `body` talks to it.
    static func run<R: Sendable>(_ body: @escaping @Sendable (Serving) async throws -> R) async throws -> R {
        let loop = try EventLoop(name: "test")
        defer { loop.stop() }
        return try await Task(executorPreference: loop) {
            let server = try AGIServer(on: loop, address: SocketAddress(ip: .loopback, port: 0))
            addRoutes(server)
            async let running: Void = server.run()
            let result: Result<R, any Error>
            do {
                result = .success(try await body(Serving(loop: loop, address: server.address)))
            } catch { result = .failure(error) }
            server.stop(drain: .zero)
            await running
            return try result.get()
        }.value
    }

    private static func addRoutes(_ server: AGIServer) {
        server.route("call") { call in
            try await call.answer()
            _ = try await call.streamFile("welcome")
            let typed = try await call.getData("enter", timeout: .seconds(8), count: 10)
            try await call.setVariable("CONTRACT", to: "\(typed.digits)")
            try await call.noop("\(call.environment.uniqueID) \(call.environment.callerNumber ?? "nobody")")
        }
        server.route("value") { call in
            let value = try await call.variable("TEXT")
            try await call.noop(value?.replacing("\n", with: "/") ?? "none")
        }
        server.route("order") { call in
            for name in (call.request["names"] ?? "").split(separator: ",") {
                try await call.setVariable(String(name), to: "x")
            }
        }
        server.route("status") { call in
            try await call.hangUp()
            try await call.setVariable("STATUS", to: call.isHungUp ? "GONE" : "THERE")
        }
    }

    /// Accepts connections and gives each to `handle`, which says what it likes, until `body` is through.
    static func raw<R: Sendable>(
        _ handle: @escaping @Sendable (Connection) async throws -> Void,
        _ body: @escaping @Sendable (EventLoop, SocketAddress) async throws -> R
    ) async throws -> R {
        let loop = try EventLoop(name: "test")
        defer { loop.stop() }
        return try await Task(executorPreference: loop) {
            let listener = Handed(try Listener(on: loop, address: SocketAddress(ip: .loopback, port: 0)))
            async let accepting: Void = withDiscardingTaskGroup { group in
                while let (descriptor, peer) = await listener.value.accept() {
                    guard let connection = try? Connection(taking: descriptor, peer: peer, on: loop) else { continue }
                    let handed = Handed(connection)
                    group.addTask(executorPreference: loop) {
                        try? await handle(handed.value)
                        handed.value.close()
                    }
                }
            }
            let result: Result<R, any Error>
            do {
                result = .success(try await body(loop, listener.value.address))
            } catch { result = .failure(error) }
            listener.value.close()
            await accepting
            return try result.get()
        }.value
    }
}

/// Carries something that belongs to the loop between its tasks.
struct Handed<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}

extension Connection {
    func send(_ text: String) async throws { try await write(Array(text.utf8), until: .max) }

    /// Reads until the text ends so, or to the end of the connection.
    func receive(until suffix: String? = nil) async throws -> String {
        var bytes: [UInt8] = []
        while true {
            if let suffix, bytes.suffix(suffix.utf8.count) == Array(suffix.utf8)[...] { break }
            if try await read(until: loop.deadline(after: .seconds(10)), { bytes += $0 }) == 0 { break }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A folder that is gone with the last reference.
final class Folder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/transcript-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var files: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }

    func transcript(_ name: String) throws -> Transcript { try Transcript(contentsOf: "\(path)/\(name)") }
}
