import Foundation
import Fuzzing
import Testing

/// Generated inputs, and those of the corpus that a fuzzer has kept: `make fuzz` tries a million of each.
@Suite struct FuzzTests {
    private static let usual = 1_500

    @Test(arguments: targets.indices)
    func whateverComes_whatMustBeTrueOfTheReaderIs(_ index: Int) throws {
        try targets[index].run(Campaign.inputs(usual: Self.usual), seed: Campaign.seed)
    }

    @Test(arguments: targets.indices)
    func whatAFuzzerKept_isReadAsItMustBe(_ index: Int) throws {
        let target = targets[index]
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
        let inputs = Campaign.corpus("\(folder)/Corpus/\(target.name)")
        #expect(!inputs.isEmpty, "Corpus/\(target.name) is empty")
        for input in inputs {
            #expect(throws: Never.self, "Corpus/\(target.name)/\(input.name)") { try target.check(input.bytes) }
        }
    }
}
