internal import Glibc

/// Measures the AGI module from outside, over TCP on the loopback.
@main
struct AGIBench {
    static let usage = """
        usage: agi-bench serve --port N [--keepalive SECONDS] [--descriptors N]
                 answers the script `bench` through the AGI module: twenty commands a session, then it closes
               agi-bench bound --port N
                 answers the same with the barest epoll loop there can be: no tasks, no strings, no protocol
               agi-bench load --port N [--at-once N] [--total N | --seconds S] [--think MILLISECONDS]
                              [--commands N] [--idle SECONDS] [--pid PID]
                 plays Asterisk: keeps so many sessions open until the total have ended or the seconds are over, answers
                 each command (after the think time) and checks that each session had so many commands (20, 0 for any).
                 --idle opens the total, leaves the first command unanswered and holds them so long.
                 --pid says what the server's process costs too: CPU a command, kB an idle session
               agi-bench compare [--rounds N] [--seconds S] [--at 1,50,500] [--idle N]
                 runs serve and bound in turn, each under load, and prints a line a figure: bench NAME VALUE UNIT
               agi-bench standing [--total N] [--at-once N]
                 what a server must stand: so many connects at once (10000), descriptors that run out, peers that vanish,
                 lines and environments without end, so many short sessions (1000000); fails when it does not
        """

    /// Not async: the runtime would park this thread, which profilers stumble over.
    static func main() {
        signal(SIGPIPE, SIG_IGN)
        setDescriptorLimit(nil)
        var words = Array(CommandLine.arguments.dropFirst())
        let name = words.isEmpty ? "" : words.removeFirst()
        do {
            let options = try Options(words)
            switch name {
            case "serve":
                if options.has("descriptors") { setDescriptorLimit(try options.number("descriptors", default: 64)) }
                try serve(try options.port(), keepalive: try options.number("keepalive", default: 60))
            case "bound": try Bound.run(port: try options.port())
            case "load": exit(try Load.run(options) ? 0 : 1)
            case "compare": try Comparison(options).run()
            case "standing": exit(try Standing(options).run() ? 0 : 1)
            default:
                print(usage)
                exit(2)
            }
        } catch {
            complain("\(error)")
            exit(2)
        }
    }

    /// So many descriptors; nil for as many as the system allows, for ten thousand sessions.
    private static func setDescriptorLimit(_ number: Int?) {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = number.map { rlim_t($0) } ?? limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}

/// Writes a line to standard error.
func complain(_ text: String) {
    let line = "agi-bench: \(text)\n"
    _ = write(STDERR_FILENO, line, line.utf8.count)
}

/// Writes a line to standard output at once, so that who reads it from a pipe sees it now.
func say(_ text: String) {
    let line = text + "\n"
    _ = write(STDOUT_FILENO, line, line.utf8.count)
}

/// Words such as `--port 4573`.
struct Options {
    private var values: [String: String] = [:]

    struct Wrong: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    private static let names: Set = [
        "keepalive", "descriptors", "port", "at-once", "total", "seconds", "think", "commands", "idle", "pid", "rounds",
        "at",
    ]

    init(_ words: [String]) throws(Wrong) {
        var words = words[...]
        while let name = words.popFirst() {
            guard name.hasPrefix("--"), Self.names.contains(String(name.dropFirst(2))) else {
                throw Wrong("'\(name)' is not an option; run it without words to see them")
            }
            guard let value = words.popFirst() else { throw Wrong("\(name) wants a value") }
            values[String(name.dropFirst(2))] = value
        }
    }

    func port() throws(Wrong) -> UInt16 {
        guard let text = values["port"], let port = UInt16(text), port > 0 else { throw Wrong("--port wants 1-65535") }
        return port
    }

    func number(_ name: String, default usual: Int, in range: ClosedRange<Int> = 0...100_000_000) throws(Wrong) -> Int {
        guard let text = values[name] else { return usual }
        guard let number = Int(text), range.contains(number) else {
            throw Wrong("--\(name) wants a number in \(range.lowerBound)-\(range.upperBound)")
        }
        return number
    }

    func has(_ name: String) -> Bool { values[name] != nil }

    func numbers(_ name: String, default usual: [Int]) throws(Wrong) -> [Int] {
        guard let text = values[name] else { return usual }
        let numbers = text.split(separator: ",").compactMap { Int($0) }
        guard !numbers.isEmpty, numbers.allSatisfy({ (1...20_000).contains($0) }) else {
            throw Wrong("--\(name) wants numbers such as 1,50,500")
        }
        return numbers
    }
}
