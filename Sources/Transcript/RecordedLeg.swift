/// Listens to one connection of a recorder: makes lines of the bytes of both directions and puts them on a tape.
final class RecordedLeg {
    /// What the environment of a connection turned out to be.
    enum Beginning { case pending, call, notAGI }

    private(set) var beginning = Beginning.pending
    /// The tape and this leg's number on it, once the environment was whole.
    private(set) var tape: Tape?
    private var number = 0
    private var firstByte: UInt64?
    private var fromAsterisk: [UInt8] = []
    private var fromServer: [UInt8] = []
    private var environment: [(name: String, value: [UInt8])] = []
    private var hasEnded = false
    /// Chooses the tape, given the time of the first byte.
    private let findTape: (UInt64) -> Tape

    private static let environmentBytes = 65_536
    private static let environmentLines = 256

    init(_ findTape: @escaping (UInt64) -> Tape) { self.findTape = findTape }

    /// Takes what one side sent, however it is cut.
    func hear(_ bytes: [UInt8], from side: Transcript.Side, at time: UInt64) {
        guard beginning != .notAGI, tape?.cut == nil else { return }
        switch side {
        case .asterisk:
            if firstByte == nil { firstByte = time }
            fromAsterisk += bytes
            if beginning == .pending { readEnvironment(time) }
        case .server: fromServer += bytes
        }
        drain(time)
    }

    /// One side has sent its last byte.
    func end(_ side: Transcript.Side, at time: UInt64) {
        if beginning == .pending { beginning = .notAGI }
        guard let tape else { return }
        let rest = side == .asterisk ? fromAsterisk : fromServer
        if !rest.isEmpty { tape.note("\(side.rawValue) stopped in a line: \(shown(rest))", leg: number, at: time) }
        if !hasEnded { tape.end(side, leg: number, at: time) }
        hasEnded = true
    }

    /// The connection is over in both directions.
    func close() { tape?.close(leg: number) }

    private func drain(_ time: UInt64) {
        // What the server says before the environment is whole waits for the leg to have a place.
        guard beginning == .call, let tape else { return }
        // The server first: it has lines waiting only when they came before the end of the environment.
        for side in [Transcript.Side.server, .asterisk] {
            for line in takeLines(of: side) {
                if hasEnded {
                    tape.note("\(side.rawValue) said after the end: \(shown(line))", leg: number, at: time)
                } else {
                    tape.hear(line, from: side, leg: number, at: time)
                }
            }
        }
        // A line without end is as long as a tape takes at most.
        if fromServer.count > TranscriptLimits.lineBytes || fromAsterisk.count > TranscriptLimits.lineBytes {
            tape.cutOff("before a line of more than \(TranscriptLimits.lineBytes) bytes")
        }
        if tape.cut != nil { (fromServer, fromAsterisk) = ([], []) }
    }

    private func takeLines(of side: Transcript.Side) -> [[UInt8]] {
        var buffer = side == .asterisk ? fromAsterisk : fromServer
        guard let last = buffer.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
        let lines = buffer[..<last].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let taken = lines.map(Array.init)
        buffer.removeSubrange(...last)
        if side == .asterisk { fromAsterisk = buffer } else { fromServer = buffer }
        return taken
    }

    private func readEnvironment(_ time: UInt64) {
        while beginning == .pending, let end = fromAsterisk.firstIndex(of: UInt8(ascii: "\n")) {
            let line = Array(fromAsterisk[..<end])
            fromAsterisk.removeSubrange(...end)
            if line.isEmpty || line == [UInt8(ascii: "\r")] {
                let tape = findTape(firstByte ?? time)
                number = tape.begin(environment, at: time)
                self.tape = tape
                environment = []
                beginning = .call
            } else if let field = Self.field(line), environment.count < Self.environmentLines {
                environment.append(field)
            } else {
                beginning = .notAGI
            }
        }
        if beginning == .pending, fromAsterisk.count > Self.environmentBytes { beginning = .notAGI }
        if beginning == .notAGI { (fromServer, fromAsterisk, environment) = ([], [], []) }
    }

    private static func field(_ line: [UInt8]) -> (name: String, value: [UInt8])? {
        guard line.count <= 8_192, let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let name = String(decoding: line[..<colon], as: UTF8.self)
        guard name.hasPrefix("agi_"), name.utf8.count > 4,
            name.utf8.allSatisfy({ isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") })
        else { return nil }
        let value = line[(colon + 1)...]
        return (name, Array(value.first == UInt8(ascii: " ") ? value.dropFirst() : value))
    }

    private func shown(_ bytes: [UInt8]) -> String { Placeholders.escape(bytes.prefix(200)) }
}
