/// Jobs that are ready, first in, first out: a ring that grows and never shrinks, touched by the loop's thread alone.
///
/// An array would check and move more than the job costs that it holds.
struct JobQueue: ~Copyable {
    private var ring = UnsafeMutablePointer<UnownedJob>.allocate(capacity: 256)
    private var capacity = 256
    private var head = 0
    /// How many jobs wait.
    private(set) var count = 0

    deinit { ring.deallocate() }

    var isEmpty: Bool { count == 0 }

    mutating func append(_ job: UnownedJob) {
        if count == capacity { grow() }
        (ring + ((head + count) & (capacity - 1))).initialize(to: job)
        count += 1
    }

    /// Removes and answers the first job. There must be one.
    mutating func removeFirst() -> UnownedJob {
        precondition(count > 0)
        let job = (ring + head).move()
        head = (head + 1) & (capacity - 1)
        count -= 1
        return job
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<UnownedJob>.allocate(capacity: capacity * 2)
        for index in 0..<count {
            (larger + index).initialize(to: (ring + ((head + index) & (capacity - 1))).move())
        }
        ring.deallocate()
        ring = larger
        capacity *= 2
        head = 0
    }
}
