import Foundation
import Lab
import Testing

/// What the server stands besides its work, by the benchmark program in small: storms, exhaustion, peers that mean harm.
struct StandingTests {
    @Test func theServerStandsAllCases() async throws {
        let program = try Nightbell.program().replacing(/nightbell$/, with: "agi-bench")
        let result = try await Program.run(
            program, ["standing", "--at-once", "1000", "--total", "20000"], within: 120)
        #expect(result.status == 0, "\(result.errors)")
        let figures = result.output.split(separator: "\n").filter { $0.hasPrefix("bench ") }
        let names = Set(figures.compactMap { $0.split(separator: " ").dropFirst().first.map(String.init) })
        #expect(
            names.isSuperset(of: [
                "agi_storm_1000", "agi_environment_without_end_memory", "agi_line_without_end_memory",
                "agi_short_sessions_memory", "agi_short_sessions_descriptors", "agi_exhausted_cpu",
                "agi_exhausted_recovery", "agi_vanished_peer",
            ]))
    }
}
