internal import Sockets

/// One connection of a replay. What the server sends stays in it until the replay asks for it.
final class PlayedLeg {
    /// What the server said next.
    enum Incoming {
        case command([UInt8])
        case end
        case partial([UInt8])
        case endless
        case silence
        case failed(SocketError)
    }

    let name: String
    /// The line that began it.
    let line: Int
    private let connection: Connection
    private var received: [UInt8] = []
    private var head = 0
    /// Whether its end was seen or made.
    private(set) var isOver = false
    /// Whether the server ended before its lines did, while everything is recorded.
    var isDropped = false

    init(_ name: String, line: Int, _ connection: Connection) {
        self.name = name
        self.line = line
        self.connection = connection
    }

    /// The next command line without its newline, or what came in its place.
    func next(until deadline: UInt64) async -> Incoming {
        while true {
            if let command = takeLine() { return .command(command) }
            if received.count - head > TranscriptLimits.lineBytes { return .endless }
            do throws(SocketError) {
                let count = try await connection.read(until: deadline) { received += $0 }
                if count == 0 { return ended() }
            } catch {
                switch error {
                case .timedOut: return .silence
                // A server that closes with something unread resets the connection.
                case .closedByPeer: return ended()
                case .closed, .system: return .failed(error)
                }
            }
        }
    }

    /// A whole line that came together with an earlier one.
    func takeLine() -> [UInt8]? {
        guard let end = received[head...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        let line = Array(received[head..<end])
        head = end + 1
        if head == received.count {
            received.removeAll(keepingCapacity: true)
            head = 0
        }
        return line
    }

    /// Sends. That the server has closed shows when it is asked for its next command.
    func send(_ bytes: [UInt8], until deadline: UInt64) async throws(SocketError) {
        do throws(SocketError) {
            try await connection.write(bytes, until: deadline)
        } catch {
            if error != .closedByPeer { throw error }
        }
    }

    func close() {
        isOver = true
        connection.close()
    }

    private func ended() -> Incoming { head == received.count ? .end : .partial(Array(received[head...])) }
}
