#if FUZZER
    import Fuzzing

    @main
    enum EntryPoint {
        static func main() { Fuzzer.run(targets) }
    }
#endif
