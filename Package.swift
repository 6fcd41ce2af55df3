// swift-tools-version: 6.2
import PackageDescription

/// One set of rules for every module: Swift 6 concurrency, explicit existentials, explicit imports.
let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: house)
}

func program(_ name: String, _ dependencies: [Target.Dependency], path: String? = nil) -> Target {
    .executableTarget(name: name, dependencies: dependencies, path: path, swiftSettings: house)
}

func tests(
    _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = [], resources: [Resource] = []
) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, exclude: exclude, resources: resources, swiftSettings: house)
}

let package = Package(
    name: "nightbell",
    products: [
        .library(name: "AGI", targets: ["AGI", "Sockets"]),
        .executable(name: "nightbell", targets: ["nightbell"]),
    ],
    targets: [
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),

        module("Sockets", ["CLinux"]),
        module("AGI", ["Sockets"]),
        module("AMI", ["CCrypto", "Sockets"]),
        module("OnCall"),
        module("Store", ["OnCall", "CSQLite"]),
        module("Calls", ["AGI", "CCurl", "OnCall", "Sockets"]),
        module("Configuration", ["Calls", "OnCall", "Sockets"]),
        module("Transcript", ["AGI", "Sockets"]),
        program("nightbell", ["AGI", "AMI", "Calls", "Configuration", "OnCall", "Sockets", "Store", "Transcript"]),

        // Not installed: what the demo, the scenarios and the benchmark drive a real Asterisk with.
        module("Lab", ["CLinux"]),
        program("nightbell-demo", ["Lab"], path: "Sources/demo"),
        program("nightbell-bench", ["Lab"], path: "Sources/bench"),
        module("Corpus", ["AGI", "Lab", "Sockets", "Transcript"]),
        program("record-corpus", ["AGI", "Corpus", "Lab", "Sockets", "Transcript"]),
        program("agi-bench", ["AGI", "CLinux", "Sockets"]),

        // Generated inputs, for the tests and for the fuzzer.
        .target(name: "Fuzzing", path: "Tests/Fuzzing", swiftSettings: house),

        tests("SocketsTests", ["Sockets"]),
        tests("AGITests", ["AGI", "Fuzzing", "Sockets", "Transcript"], exclude: ["Corpus"]),
        tests("AMITests", ["AMI", "Sockets"]),
        tests("OnCallTests", ["OnCall"]),
        tests("StoreTests", ["OnCall", "Store"]),
        tests("ConfigurationTests", ["Configuration", "OnCall", "Sockets"]),
        tests("TranscriptTests", ["AGI", "Fuzzing", "Sockets", "Transcript"], exclude: ["Corpus"]),
        tests(
            "CallsTests", ["AGI", "Calls", "OnCall", "Sockets", "Store", "Transcript"],
            resources: [.copy("Transcripts")]),
        tests("CommandTests", ["Lab"]),
        tests("CorpusTests", ["AGI", "Corpus", "Lab", "Sockets", "Transcript"]),
        tests("ScenarioTests", ["AGI", "AMI", "CSQLite", "Lab", "Sockets"]),
    ]
)

// `make fuzz`: the targets of the tests as programs that libFuzzer drives. They are no part of an ordinary build, because
// libFuzzer is linked only together with its sanitizer.
if Context.environment["NIGHTBELL_FUZZER"] != nil {
    let fuzzer = house + [.define("FUZZER")]
    package.targets.removeAll { $0.type == .test || $0.name == "Fuzzing" }
    package.targets.append(.target(name: "Fuzzing", path: "Tests/Fuzzing", swiftSettings: fuzzer))
    for module in ["AGI", "Transcript"] {
        package.targets.append(
            .executableTarget(
                name: "fuzz-\(module)", dependencies: ["Fuzzing", .target(name: module)],
                path: "Tests/\(module)Tests/Fuzz", swiftSettings: fuzzer))
    }
}
