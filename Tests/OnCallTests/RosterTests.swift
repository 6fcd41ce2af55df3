import Foundation
import OnCall
import Testing

@Suite struct RosterTests {
    private func roster(_ shifts: [Shift]) throws -> Roster {
        Roster(engineers: try ["a", "b", "c", "d"].map { try Engineer.make($0) }, shifts: shifts)
    }

    private func ids(
        _ roster: Roster, line: String = "support", role: String = "on-call", at time: String = "2026-11-20T12:00Z"
    ) throws -> [String] {
        roster.onCall(line: line, role: role, at: try .at(time)).map(\.id)
    }

    @Test func lowerOrdersRingFirstAndTiesGoByInsertion() throws {
        let roster = try roster([
            .make("c", order: 2), .make("b", order: 1), .make("a", order: 1), .make("d", order: -1),
        ])
        #expect(try ids(roster) == ["d", "b", "a", "c"])
    }

    @Test func nobodyIsThereTwice() throws {
        let roster = try roster([.make("a", order: 3), .make("b", order: 2), .make("a", line: "support", order: 1)])
        #expect(try ids(roster) == ["a", "b"])
    }

    @Test func aShiftBeginsWithItsStartAndIsOverAtItsEnd() throws {
        let roster = try roster([.make("a", from: "2026-11-20 08:00Z", to: "2026-11-20 16:00Z")])
        #expect(try ids(roster, at: "2026-11-20T07:59:59Z") == [])
        #expect(try ids(roster, at: "2026-11-20T08:00Z") == ["a"])
        #expect(try ids(roster, at: "2026-11-20T15:59:59Z") == ["a"])
        #expect(try ids(roster, at: "2026-11-20T16:00Z") == [])
    }

    @Test func shiftsAreForTheirLineAndRoleOrForEveryLine() throws {
        let roster = try roster([
            .make("a", line: "support"), .make("b", line: "sales"), .make("c"), .make("d", role: "boss"),
        ])
        #expect(try ids(roster) == ["a", "c"])
        #expect(try ids(roster, line: "sales") == ["b", "c"])
        #expect(try ids(roster, line: "other") == ["c"])
        #expect(try ids(roster, role: "boss") == ["d"])
        #expect(try ids(roster, role: "nobody") == [])
    }

    @Test func shiftsOfUnknownEngineersArePassedOver() throws {
        #expect(try ids(try roster([.make("gone", order: -1), .make("a")])) == ["a"])
    }

    @Test func wrongNumbersAreAllowedBelowBothLimits() throws {
        let line = try Line.make(wrongPerCaller: 2, wrongPerLine: 3)
        #expect(GuessLimit.allows(wrongByCaller: 1, wrongOnLine: 2, line: line))
        #expect(!GuessLimit.allows(wrongByCaller: 2, wrongOnLine: 2, line: line))
        #expect(!GuessLimit.allows(wrongByCaller: 0, wrongOnLine: 3, line: line))
    }

    @Test(arguments: [(3_999, MessageLength.tooShort), (4_000, .longEnough), (4_001, .longEnough)])
    func aMessageExactlyAsLongAsTheThresholdIsLongEnough(_ milliseconds: Int, _ expected: MessageLength) {
        #expect(MessageLength.decide(milliseconds: milliseconds, minimum: 4) == expected)
    }
}
