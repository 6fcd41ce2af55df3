import Glibc
import Synchronization
import Testing

@testable import Sockets

struct ConnectionTests {
    @Test func bytesWritten_areReadAtTheOtherEnd() async throws {
        let text = try await onLoop { loop in
            let (near, far) = try makePair(on: loop)
            try await far.write(Array("ANSWER\n".utf8), until: .max)
            var received: [UInt8] = []
            _ = try await near.read(until: .max) { received += $0 }
            return String(decoding: received, as: UTF8.self)
        }
        #expect(text == "ANSWER\n")
    }

    @Test func readOfAClosedPeer_givesWhatWasSentAndThenTheEnd() async throws {
        let counts = try await onLoop { loop in
            let (near, far) = try makePair(on: loop)
            try await far.write([1, 2, 3], until: .max)
            far.close()
            let first = try await near.read(until: .max) { _ in }
            let second = try await near.read(until: .max) { _ in }
            return [first, second]
        }
        #expect(counts == [3, 0])
    }

    @Test func readPastItsDeadline_throwsTimedOut_andTheConnectionStaysUsable() async throws {
        let outcome = try await onLoop { loop in
            let (near, far) = try makePair(on: loop)
            var first: SocketError?
            do throws(SocketError) {
                _ = try await near.read(until: loop.deadline(after: .milliseconds(5))) { _ in }
            } catch { first = error }
            try await far.write([7], until: .max)
            let second = try await near.read(until: .max) { _ in }
            return (first, second)
        }
        #expect(outcome.0 == .timedOut)
        #expect(outcome.1 == 1)
    }

    @Test func closing_wakesTheReaderThatWaits() async throws {
        let error = try await onLoop { loop in
            let (near, far) = try makePair(on: loop)
            loop.schedule(at: loop.now) { near.close() }
            defer { far.close() }
            do throws(SocketError) {
                _ = try await near.read(until: .max) { _ in }
                return SocketError?.none
            } catch { return SocketError?.some(error) }
        }
        #expect(error == .closed)
    }

    @Test func cutting_endsTheStreamForTheReaderThatWaits() async throws {
        let count = try await onLoop { loop in
            let (near, far) = try makePair(on: loop)
            loop.schedule(at: loop.now) { near.cut() }
            defer { far.close() }
            return try await near.read(until: .max) { _ in }
        }
        #expect(count == 0)
    }

    @Test func moreThanTheKernelTakes_isWrittenAsThePeerReads() async throws {
        let size = 4_000_000
        let received = try await onLoop { loop in
            let (near, far) = try makePair(on: loop)
            // An `async let` of a loop's task stays on the loop, so the two ends take turns on one thread.
            let ends = Ends(near: near, far: far)
            async let sending: Void = ends.send(size)
            var total = 0
            while total < size { total += try await near.read(until: .max) { _ in } }
            try await sending
            return total
        }
        #expect(received == size)
    }

    @Test func writeToAPeerThatNeverReads_endsAtItsDeadline() async throws {
        let error = try await onLoop { loop in
            let (near, far) = try makePair(on: loop)
            defer { far.close() }
            do throws(SocketError) {
                try await near.write(
                    [UInt8](repeating: 0, count: 8_000_000), until: loop.deadline(after: .milliseconds(20)))
                return SocketError?.none
            } catch { return SocketError?.some(error) }
        }
        #expect(error == .timedOut)
    }

    @Test func anEventForAReusedDescriptor_doesNotReachTheNewOwner() async throws {
        let count = try await onLoop { loop in
            let (first, firstFar) = try makePair(on: loop)
            first.close()
            firstFar.close()
            let (near, far) = try makePair(on: loop)
            defer { far.close() }
            do throws(SocketError) {
                return try await near.read(until: loop.deadline(after: .milliseconds(5))) { _ in }
            } catch { return error == .timedOut ? -1 : -2 }
        }
        #expect(count == -1)
    }
}

private struct Ends: @unchecked Sendable {
    let near: Connection
    let far: Connection

    func send(_ size: Int) async throws {
        try await far.write([UInt8](repeating: 42, count: size), until: .max)
    }
}
