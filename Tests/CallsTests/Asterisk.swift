import Glibc
import Sockets
import Testing

/// Asterisk's side of a transcript, over TCP. It belongs to one task of the loop.
final class Asterisk {
    private let loop: EventLoop
    private let port: UInt16
    private var legs: [String: Leg] = [:]

    /// How long nightbell may take for its next command; reached only when it diverges.
    private static let patience = Duration.seconds(10)

    private struct Divergence: Error {
        let expected: String
        let got: String
    }

    private final class Leg {
        let connection: Connection
        var received: [UInt8] = []

        init(_ connection: Connection) { self.connection = connection }
    }

    init(_ loop: EventLoop, port: UInt16) {
        self.loop = loop
        self.port = port
    }

    /// Plays the conversation; the first divergence is recorded at its line and ends it.
    ///
    /// - Returns: whether nightbell said all that is written, and nothing else.
    func play(_ transcript: Transcript) async throws -> Bool {
        defer { for leg in legs.values { leg.connection.close() } }
        var leg = try await call("caller", script: "after-hours?line=support", transcript.environment)
        for line in transcript.lines {
            do {
                switch line.kind {
                case .command:
                    let command = try await nextCommand(leg) ?? "the end of the session"
                    if !Transcript.matches(command, line.text) { throw Divergence(expected: line.text, got: command) }
                case .reply, .unasked:
                    try await send(line.text.replacing("\\n", with: "\n") + "\n", leg)
                case .leg:
                    let words = line.text.split(separator: " ", maxSplits: 1).map(String.init)
                    leg =
                        words.count > 1
                        ? try await call(words[0], script: words[1]) : try #require(legs[words[0]], "no such leg")
                }
            } catch let divergence as Divergence {
                record(divergence, line.location)
                return false
            }
        }
        for name in legs.keys.sorted() {
            guard let leg = legs[name] else { continue }
            do {
                guard let command = try await nextCommand(leg) else { continue }
                throw Divergence(expected: "the end of the session of \(name)", got: command)
            } catch let divergence as Divergence {
                record(divergence, transcript.end)
                return false
            }
        }
        return true
    }

    private func record(_ divergence: Divergence, _ location: SourceLocation) {
        Issue.record("expected: \(divergence.expected)\n     got: \(divergence.got)", sourceLocation: location)
    }

    private func call(
        _ name: String, script: String, _ changes: [(name: String, value: String)] = []
    ) async throws -> Leg {
        let leg = Leg(try connect())
        legs[name] = leg
        var environment = [
            ("agi_network", "yes"), ("agi_network_script", script), ("agi_channel", "PJSIP/trunk-\(legs.count)"),
            ("agi_language", "en"), ("agi_uniqueid", "1795221000.\(legs.count)"), ("agi_callerid", "15550142"),
            ("agi_calleridname", "Example Caller"),
        ]
        for change in changes {
            environment.removeAll { $0.0 == change.name }
            environment.append(change)
        }
        try await send(environment.map { "\($0.0): \($0.1)\n" }.joined() + "\n", leg)
        return leg
    }

    private func connect() throws -> Connection {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SocketError.system(call: "socket", errno: errno) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        // The kernel completes it from the listener's queue; the loop need not turn for that.
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0, fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0 else {
            defer { close(descriptor) }
            throw SocketError.system(call: "connect", errno: errno)
        }
        return try Connection(taking: descriptor, on: loop)
    }

    private func send(_ text: String, _ leg: Leg) async throws {
        try await leg.connection.write(Array(text.utf8), until: loop.deadline(after: Self.patience))
    }

    /// The next line from nightbell; nil when it has ended the session.
    private func nextCommand(_ leg: Leg) async throws -> String? {
        while true {
            if let end = leg.received.firstIndex(of: UInt8(ascii: "\n")) {
                defer { leg.received.removeSubrange(...end) }
                return String(decoding: leg.received[..<end], as: UTF8.self)
            }
            var bytes: [UInt8] = []
            do throws(SocketError) {
                let count = try await leg.connection.read(until: loop.deadline(after: Self.patience)) { bytes += $0 }
                if count == 0 { return nil }
            } catch {
                guard error == .timedOut else { throw error }
                throw Divergence(expected: "a command or the end", got: "nothing for \(Self.patience)")
            }
            leg.received += bytes
        }
    }
}
