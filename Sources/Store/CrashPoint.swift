#if DEBUG
    internal import Glibc
    internal import Synchronization

    /// Where a debug build dies as if by power failure, right after a write, for the crash tests: NIGHTBELL_CRASH_AT names
    /// the write and how many of them are done, such as `claim:1`. A release build has none of it.
    enum CrashPoint {
        private static let wanted: (name: String, times: Int)? = {
            guard let value = getenv("NIGHTBELL_CRASH_AT") else { return nil }
            let parts = String(cString: value).split(separator: ":")
            guard parts.count == 2, let times = Int(parts[1]), times > 0 else { return nil }
            return (String(parts[0]), times)
        }()

        private static let passed = Atomic<Int>(0)

        static func pass(_ name: StaticString) {
            guard let wanted, wanted.name == "\(name)" else { return }
            if passed.add(1, ordering: .relaxed).newValue == wanted.times { kill(getpid(), SIGKILL) }
        }
    }
#else
    enum CrashPoint {
        static func pass(_: StaticString) {}
    }
#endif
