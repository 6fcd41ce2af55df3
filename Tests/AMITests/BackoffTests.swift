import AMI
import Testing

struct BackoffTests {
    @Test func theBoundDoubles_upToTheLimit_andBeginsAgain() {
        var backoff = Backoff(first: .seconds(1), limit: .seconds(10)) { 1 }
        let waits = (0..<6).map { _ in backoff.next() }
        #expect(waits == [.seconds(1), .seconds(2), .seconds(4), .seconds(8), .seconds(10), .seconds(10)])
        backoff.reset()
        #expect(backoff.next() == .seconds(1))
    }

    @Test func theJitter_isFull() {
        var none = Backoff(first: .seconds(1), limit: .seconds(10)) { 0 }
        var half = Backoff(first: .seconds(1), limit: .seconds(10)) { 0.5 }
        #expect((0..<3).map { _ in none.next() } == [.zero, .zero, .zero])
        #expect((0..<3).map { _ in half.next() } == [.milliseconds(500), .seconds(1), .seconds(2)])
    }

    @Test func afterThousandsOfFailures_itStillWaitsTheLimit() {
        var backoff = Backoff(first: .seconds(1), limit: .seconds(60)) { 1 }
        var last = Duration.zero
        for _ in 0..<5_000 { last = backoff.next() }
        #expect(last == .seconds(60))
    }
}
