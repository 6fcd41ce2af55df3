#if FUZZER
    internal import Glibc
    internal import Synchronization

    /// libFuzzer, which comes with the toolchain's clang: it makes inputs out of those that got further than others.
    @_silgen_name("LLVMFuzzerRunDriver")
    private func runDriver(
        _ argumentCount: UnsafeMutablePointer<Int32>,
        _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
        _ check: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
    ) -> Int32

    /// The body of a program that fuzzes one reader.
    public enum Fuzzer {
        private static let chosen = Mutex<Target?>(nil)

        /// Checks the target that `NIGHTBELL_FUZZ_READER` names: `NIGHTBELL_FUZZ_INPUTS` generated inputs where that is set,
        /// else what libFuzzer makes, with libFuzzer's own options on the command line. It does not return.
        public static func run(_ targets: [Target]) {
            let name = getenv("NIGHTBELL_FUZZ_READER").map { String(cString: $0) } ?? ""
            guard let target = targets.first(where: { $0.name == name }) else {
                say("NIGHTBELL_FUZZ_READER is '\(name)'; name one of \(targets.map(\.name).joined(separator: ", "))")
                exit(2)
            }
            let count = Campaign.inputs(usual: 0)
            if count > 0 {
                do {
                    try target.run(count, seed: Campaign.seed)
                } catch {
                    say("\(error)")
                    exit(1)
                }
                exit(0)
            }
            chosen.withLock { $0 = target }
            var argumentCount = CommandLine.argc
            var arguments = CommandLine.unsafeArgv
            exit(runDriver(&argumentCount, &arguments) { Fuzzer.check($0, $1) })
        }

        /// Checks an input of libFuzzer's, which keeps it when the process ends here.
        private static func check(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
            guard let target = chosen.withLock({ $0 }) else { return -1 }
            do {
                try target.check(Array(UnsafeBufferPointer(start: bytes, count: count)))
            } catch {
                say("\(target.name): \(error)")
                abort()
            }
            return 0
        }

        /// Writes to standard error. The corresponding C function is `write`.
        private static func say(_ text: String) {
            let line = Array((text + "\n").utf8)
            _ = write(STDERR_FILENO, line, line.count)
        }
    }
#endif
