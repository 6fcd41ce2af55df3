internal import Glibc
public import Sockets

/// A proxy between Asterisk and a FastAGI server that writes down each call as a transcript.
///
/// Bytes go through unchanged and at once, whatever they are; what is recorded is a copy. All of it happens on the
/// loop's thread, but files are written elsewhere.
public final class Recorder: @unchecked Sendable {
    /// Which connections become one transcript.
    public enum Join: String, Sendable, CaseIterable {
        /// Each one its own.
        case none
        /// One that begins while another one is open becomes a further leg of the same transcript.
        case overlapping
    }

    /// What is recorded, and how much.
    public struct Options: Sendable {
        /// Which connections become one transcript.
        public var join = Join.none
        /// Whether the digits that people typed and the caller's number and name are replaced.
        public var mask = false
        /// Connections at once; one beyond is closed, and its dialplan goes on.
        public var maximumConnections = 1_000
        /// For the connection to the server.
        public var patience: Duration = .seconds(5)
        /// The clock for names and headings: seconds since 1970.
        public var now: @Sendable () -> Int = { time(nil) }

        /// Each connection its own transcript, nothing masked, 1,000 connections.
        public init() {}
    }

    /// What an admin would want to know.
    public enum Event: Sendable {
        /// A call has ended and is written.
        case recorded(path: String, legs: Int, commands: Int, duration: Duration, cut: String?)
        /// The server takes no connection; Asterisk's was closed.
        case unreachable(SocketAddress, SocketError)
        /// Too many connections; this one was closed.
        case overloaded(SocketAddress?)
        /// A connection that spoke no AGI: forwarded, not recorded.
        case notAGI(SocketAddress?)
        /// A call could not be written.
        case unwritten(TranscriptError)
    }

    /// The address it listens on, with the real port.
    public var address: SocketAddress { listener.address }
    /// Connections that are being forwarded.
    public var openConnections: Int { connections.count }

    private let loop: EventLoop
    private let listener: Listener
    private let forward: SocketAddress
    private let directory: String
    private let options: Options
    private let report: @Sendable (Event) -> Void
    /// Asterisk's connections, each with the one to the server once there is one.
    private var connections: [ObjectIdentifier: (near: Connection, far: Connection?)] = [:]
    /// The one that further legs may join.
    private var latest: Tape?
    private var written = 0

    /// Binds the address; nothing is accepted before `run`. Call it on the loop.
    ///
    /// - Parameter directory: where the transcripts go; it must exist.
    /// - Throws: `SocketError` when the address is in use or not ours.
    public init(
        on loop: EventLoop, listen: SocketAddress, forward: SocketAddress, directory: String,
        options: Options = Options(), report: @escaping @Sendable (Event) -> Void = { _ in }
    ) throws(SocketError) {
        self.loop = loop
        self.forward = forward
        self.directory = directory
        self.options = options
        self.report = report
        listener = try Listener(on: loop, address: listen)
    }

    /// Accepts and forwards until `stop`, and answers when the last call is written.
    public func run() async {
        await withDiscardingTaskGroup { group in
            while let (descriptor, peer) = await listener.accept() {
                guard let near = try? Connection(taking: descriptor, peer: peer, on: loop) else { continue }
                guard connections.count < options.maximumConnections else {
                    report(.overloaded(peer))
                    near.close()
                    continue
                }
                connections[ObjectIdentifier(near)] = (near, nil)
                let handed = HandedConnection(connection: near)
                group.addTask(executorPreference: loop) {
                    await self.serve(handed.connection)
                    self.connections[ObjectIdentifier(handed.connection)] = nil
                    handed.connection.close()
                }
            }
        }
    }

    /// Accepts nothing more; calls go on to their end, unless they are cut. Call it on the loop.
    public func stop(cutting: Bool) {
        listener.close()
        guard cutting else { return }
        for (near, far) in connections.values {
            near.cut()
            far?.cut()
        }
    }

    private func serve(_ near: Connection) async {
        let far: Connection
        do throws(SocketError) {
            far = try await Connection.connect(to: forward, on: loop, until: loop.deadline(after: options.patience))
        } catch {
            report(.unreachable(forward, error))
            return
        }
        connections[ObjectIdentifier(near)]?.far = far
        let leg = RecordedLeg { [self] in tape(from: $0) }
        let lines = Lines(near: near, far: far, leg: leg, loop: loop)
        async let toServer: Void = lines.copy(from: .asterisk)
        async let toAsterisk: Void = lines.copy(from: .server)
        _ = await (toServer, toAsterisk)
        far.close()
        leg.close()
        guard let tape = leg.tape else {
            report(.notAGI(near.peer))
            return
        }
        if tape.openLegs.isEmpty { await write(tape) }
    }

    private func tape(from firstByte: UInt64) -> Tape {
        if options.join == .overlapping, let latest, latest.takesLegs { return latest }
        let tape = Tape(began: options.now(), start: firstByte)
        latest = tape
        return tape
    }

    private func write(_ tape: Tape) async {
        if latest === tape { latest = nil }
        written += 1
        let work = Writing(tape: tape, directory: directory, isMasked: options.mask, serial: written)
        // Away from the loop: a disk may take its time.
        switch await Task.detached(operation: { work.run() }).value {
        case .success(let path):
            report(
                .recorded(
                    path: path, legs: tape.names.count, commands: tape.commands,
                    duration: .nanoseconds(loop.now - min(loop.now, tape.start)), cut: tape.cut))
        case .failure(let error): report(.unwritten(error))
        }
    }
}

/// Carries a connection to the task that serves it; both run on the loop's thread.
private struct HandedConnection: @unchecked Sendable {
    let connection: Connection
}

/// Carries a tape that is over to the thread that writes it.
private struct Writing: @unchecked Sendable {
    let tape: Tape
    let directory: String
    let isMasked: Bool
    let serial: Int

    func run() -> Result<String, TranscriptError> {
        do throws(TranscriptError) {
            let transcript = try tape.transcript(masked: isMasked)
            return .success(try transcript.writeNew(in: directory, stem: tape.stem, serial: serial))
        } catch { return .failure(error) }
    }
}

/// The two directions of one forwarded connection; both are copied on the loop's thread.
private struct Lines: @unchecked Sendable {
    let near: Connection
    let far: Connection
    let leg: RecordedLeg
    let loop: EventLoop

    /// Copies one direction to its end, which is passed on.
    func copy(from side: Transcript.Side) async {
        let (source, sink) = side == .asterisk ? (near, far) : (far, near)
        while true {
            var bytes: [UInt8] = []
            do throws(SocketError) {
                if try await source.read(until: .max, { bytes = Array($0) }) == 0 { break }
            } catch {
                abort(side)
                return
            }
            leg.hear(bytes, from: side, at: loop.now)
            do throws(SocketError) {
                try await sink.write(bytes, until: .max)
            } catch {
                abort(side == .asterisk ? .server : .asterisk)
                return
            }
        }
        leg.end(side, at: loop.now)
        sink.finishSending()
    }

    /// One side is gone: the other one hears of it, and the other direction ends too.
    private func abort(_ side: Transcript.Side) {
        leg.end(side, at: loop.now)
        near.cut()
        far.cut()
    }
}
