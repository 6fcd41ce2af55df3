import AGI
import Corpus
import Lab
import Sockets
import Transcript

/// A call in which Asterisk shows a trap.
struct TrapCall: Sendable {
    let trap: Trap
    /// What the caller does.
    let does: [Caller.Step]

    /// The file's name.
    var name: String { trap.name }

    private static let typing: [Caller.Step] = [
        .hears("welcome"), .presses("0042*#"), .hears("enter-contract"), .presses("#"), .hears("contract-incomplete"),
        .hears("contract-unknown"), .presses("123"), .hears("minutes"), .presses("0123"),
    ]

    /// One for each trap; where nothing else is said, the caller only listens.
    static let all: [TrapCall] = Trap.all.map { trap in
        switch trap.name {
        case "get-data": TrapCall(trap: trap, does: typing)
        case "key-stops-a-sound": TrapCall(trap: trap, does: [.hears("lab/speech-100"), .presses("2")])
        case "record-file":
            TrapCall(
                trap: trap,
                does: [.hears("beep"), .speaks(1), .presses("#"), .hears("beep"), .speaks(1), .hangsUp])
        case "hang-up-in-a-sound": TrapCall(trap: trap, does: [.hears("lab/speech-100"), .hangsUp])
        case "hang-up-in-a-number": TrapCall(trap: trap, does: [.hears("welcome"), .presses("12"), .hangsUp])
        case "hang-up-before-a-reply", "dead-channel", "no-sighup", "exit-on-hang-up":
            TrapCall(trap: trap, does: [.silent(1), .hangsUp])
        default: TrapCall(trap: trap, does: [])
        }
    }
}

/// Records a trap: a real Asterisk, the real recorder, the trap's own program.
struct TrapRecording {
    private let call: TrapCall
    private let pbx: PBX
    private let version: String

    init(_ call: TrapCall, _ pbx: PBX, _ version: String) {
        self.call = call
        self.pbx = pbx
        self.version = version
    }

    /// Makes the call and writes the file.
    ///
    /// - Returns: a line about it, with what the program has read.
    func run() async throws -> String {
        let read = Read()
        let loop = try EventLoop(name: "trap")
        defer { loop.stop() }
        let transcript = try await Task(executorPreference: loop) {
            let server = try AGIServer(on: loop, address: SocketAddress(ip: .loopback, port: 0))
            Trap.register(on: server) { _, lines in read.lines = lines }
            async let running: Void = server.run()
            let result: Result<Transcript, any Error>
            do {
                result = .success(try await record(Int(server.address.port)))
            } catch { result = .failure(error) }
            server.stop(drain: .zero)
            await running
            return try result.get()
        }.value
        let path = "traps/\(version)/\(call.name).agi"
        try Recording.write(transcript, to: path)
        return "\(path): \(read.lines)"
    }

    private func record(_ port: Int) async throws -> Transcript {
        let line = try await pbx.takeLine()
        try await line.isKnown(as: call.name)
        let proxy = try await Proxy.start(before: port)
        try await line.use(port: proxy.port)
        let caller = try await line.call(
            from: CallerID(number: "15550142", name: "Example Caller"), entry: .traps)
        do {
            try await caller.run(call.does)
        } catch LabError.callEnded {
            // The program ended with the last key, before the robot had said that it pressed it.
        }
        _ = try await caller.outcome()
        let recording = Recording(try await proxy.finish(), call.trap.shows)
        recording.tidy(line, port: proxy.port)
        return try recording.transcript(headings: [], name: call.name)
    }
}

/// What the program has read, from the loop's thread.
private final class Read: @unchecked Sendable {
    var lines: [String] = []
}
