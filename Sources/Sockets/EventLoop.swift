internal import CLinux
internal import Glibc
internal import Synchronization

/// A thread that waits in `epoll_wait` and runs, between two waits, the tasks that prefer it as their executor.
///
/// A task started with this executor preference reads and writes its sockets, computes and sleeps without leaving the
/// thread: a wake-up is a continuation resumed by the thread that then runs it. Blocking work belongs elsewhere (an
/// actor with a thread of its own); its results come back here.
///
/// All members but `enqueue`, `init`, `stop` and `isCurrent` belong to the loop's own thread.
public final class EventLoop: TaskExecutor, @unchecked Sendable {
    private let epoll: Int32
    private let wakeup: Int32
    private let timer: Int32
    private let inbox = Mutex<[UnownedJob]>([])
    private let stopping = Atomic<Bool>(false)
    private var thread = pthread_t()
    private let started = Gate()
    private let finished = Gate()

    // Only the loop's thread touches these, and no access is open while a job or a source runs. Having the runtime check
    // that at each access (SE-0176) costs more than the accesses.
    @exclusivity(unchecked) private var ready = JobQueue()
    @exclusivity(unchecked) var slots: [Slot] = []
    @exclusivity(unchecked) private var deadlines = MinHeap<Int32>()
    private var actions = MinHeap<() -> Void>()
    /// What goes on once the sockets have had their turn.
    @exclusivity(unchecked) private var later: [() -> Void] = []
    /// What the timer is set to; `.max` while it is not.
    private var timerTime: UInt64 = .max

    /// Where reads land first: bytes are copied from here only when they are the part of something unfinished.
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)

    /// Nanoseconds on the monotonic clock, taken once a turn of the loop.
    public private(set) var now: UInt64 = EventLoop.monotonicNanoseconds()

    /// How often the loop has waited; for tests and the benchmark.
    public private(set) var turns: UInt64 = 0

    /// Starts the thread.
    ///
    /// - Throws: `SocketError.system` when epoll, the eventfd or the thread could not be made.
    public init(name: String = "events") throws(SocketError) {
        epoll = try check("epoll_create1") { epoll_create1(Int32(EPOLL_CLOEXEC)) }
        wakeup = try check("eventfd") { eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK)) }
        timer = try check("timerfd_create") { timerfd_create(CLOCK_MONOTONIC, Int32(TFD_CLOEXEC | TFD_NONBLOCK)) }
        for (descriptor, mark) in [(wakeup, Self.wakeupMark), (timer, Self.timerMark)] {
            var event = epoll_event(events: clinux_EPOLLIN, data: epoll_data(u64: mark))
            let poller = epoll
            try check("epoll_ctl") { epoll_ctl(poller, EPOLL_CTL_ADD, descriptor, &event) }
        }
        let box = Unmanaged.passRetained(ThreadStart(loop: self))
        var created = pthread_t()
        let code = pthread_create(&created, nil, runEventLoop, box.toOpaque())
        guard code == 0 else {
            box.release()
            throw .system(call: "pthread_create", errno: code)
        }
        // The kernel's limit for a thread's name is 15 characters; a longer one is refused.
        pthread_setname_np(created, String(name.prefix(15)))
        // `stop` waits for a gate and not for the thread, so nobody joins it: what it used must go without that.
        pthread_detach(created)
        started.wait()
    }

    deinit {
        close(epoll)
        close(wakeup)
        close(timer)
        scratch.deallocate()
    }

    /// Whether the caller runs on the loop's thread.
    public var isCurrent: Bool { pthread_self() == thread }

    /// Ends the thread after the jobs that are ready now, and waits for that unless called on the loop itself.
    public func stop() {
        stopping.store(true, ordering: .releasing)
        wake()
        if !isCurrent { finished.wait() }
    }

    /// Takes a job of the Swift runtime; from any thread.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isCurrent {
            ready.append(job)
            return
        }
        let wasEmpty = inbox.withLock { jobs in
            defer { jobs.append(job) }
            return jobs.isEmpty
        }
        if wasEmpty { wake() }
    }

    private func wake() {
        // EAGAIN means the counter is full, so that the loop will wake all the same.
        var one: UInt64 = 1
        _ = write(wakeup, &one, 8)
    }

    // MARK: The thread

    fileprivate func run() {
        thread = pthread_self()
        started.open()
        let capacity = 512
        let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: capacity)
        defer { events.deallocate() }
        while !stopping.load(ordering: .acquiring) {
            let count = epoll_wait(epoll, events, Int32(capacity), ready.isEmpty ? -1 : 0)
            now = Self.monotonicNanoseconds()
            turns &+= 1
            for index in 0..<max(0, Int(count)) {
                dispatch(events[index])
                // What an event made ready runs while its connection is still in the processor's cache: with some hundred
                // sessions a sweep over all of them for each of dispatching, parsing and answering costs half as much again.
                if !ready.isEmpty { runReady() }
            }
            fireTimers()
            // Jobs that make others ready get a few rounds before the sockets are looked at again, so that tasks that
            // only ever wake each other cannot shut the sockets out.
            var rounds = 16
            while !ready.isEmpty, rounds > 0 {
                rounds -= 1
                runReady()
            }
            if !later.isEmpty { runLater() }
            setTimer()
        }
        while !ready.isEmpty { runReady() }
        finished.open()
    }

    /// What epoll gives back for the loop's own two descriptors; no slot has this generation.
    private static let wakeupMark = UInt64.max
    private static let timerMark = UInt64.max - 1

    private func dispatch(_ event: epoll_event) {
        let data = event.data.u64
        // The generation tells an event of a descriptor that was closed, and maybe reused, since epoll_wait returned.
        let index = Int(data & 0xFFFF_FFFF)
        if index < slots.count, slots[index].generation == UInt32(data >> 32) {
            slots[index].source?._withUnsafeGuaranteedRef { $0.isReady(event.events) }
        } else if data == Self.wakeupMark {
            var count: UInt64 = 0
            _ = read(wakeup, &count, 8)
            let jobs = inbox.withLock { jobs in
                defer { jobs.removeAll(keepingCapacity: true) }
                return jobs
            }
            for job in jobs { ready.append(job) }
        } else if data == Self.timerMark {
            var expirations: UInt64 = 0
            _ = read(timer, &expirations, 8)
            timerTime = .max
        }
    }

    /// Runs what is ready now; what that makes ready waits for the next time.
    private func runReady() {
        let executor = asUnownedTaskExecutor()
        for _ in 0..<ready.count { ready.removeFirst().runSynchronously(on: executor) }
    }

    // MARK: Time

    /// Nanoseconds on the monotonic clock (`clock_gettime(CLOCK_MONOTONIC)`).
    public static func monotonicNanoseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// The instant `duration` from now, as deadlines are written: monotonic nanoseconds; `.max` for never.
    public func deadline(after duration: Duration?) -> UInt64 {
        guard let duration else { return .max }
        let (seconds, attoseconds) = duration.components
        guard seconds < 1_000_000_000 else { return .max }
        return now &+ UInt64(max(0, seconds)) * 1_000_000_000 &+ UInt64(max(0, attoseconds) / 1_000_000_000)
    }

    /// Runs `action` on the loop when `time` (monotonic nanoseconds) has come.
    public func schedule(at time: UInt64, _ action: @escaping () -> Void) {
        actions.insert(action, at: time)
    }

    /// Suspends the calling task, which must run on this loop, for `duration`.
    public func sleep(for duration: Duration) async {
        let time = deadline(after: duration)
        await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            schedule(at: time) { continuation.resume() }
        }
    }

    /// Lets the other ready tasks and the sockets have their turn.
    public func yield() async {
        await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            goOnLater { continuation.resume() }
        }
    }

    /// Calls back at the end of this turn, so that what it resumes runs after the sockets were looked at again. A
    /// continuation that is resumed at once never suspends its task.
    func goOnLater(_ body: @escaping () -> Void) { later.append(body) }

    private func runLater() {
        let bodies = later
        later.removeAll(keepingCapacity: true)
        for body in bodies { body() }
    }

    /// Sets the timer to the earliest time that something is due, if that is not what it is set to.
    ///
    /// A timer and not a time limit of `epoll_wait`: that one would be set and taken back by the kernel at every wait,
    /// while the earliest deadline of a busy server stays the same for thousands of them.
    private func setTimer() {
        let next = min(deadlines.earliest ?? .max, actions.earliest ?? .max)
        guard next < timerTime else { return }
        timerTime = next
        var setting = itimerspec()
        setting.it_value.tv_sec = Int(next / 1_000_000_000)
        // All zeros would switch it off.
        setting.it_value.tv_nsec = max(1, Int(next % 1_000_000_000))
        timerfd_settime(timer, Int32(TFD_TIMER_ABSTIME), &setting, nil)
    }

    private func fireTimers() {
        while let due = actions.removeDue(at: now) { due.value() }
        while let due = deadlines.removeDue(at: now) {
            let index = Int(due.value)
            guard slots[index].armed == due.time else { continue }
            slots[index].armed = .max
            guard let source = slots[index].source else { continue }
            let next = source._withUnsafeGuaranteedRef { $0.deadlinePassed(now) }
            if next != .max { arm(index, at: next) }
        }
    }

    // MARK: Descriptors

    /// What the loop knows of a descriptor: its owner, a number that changes with each owner, and the earliest time at
    /// which a deadline entry for it stands in the heap. The entry outlives the owner: a busy server would otherwise
    /// leave one behind for each session.
    struct Slot {
        // Not retained: a source takes itself out of the loop before it goes.
        var source: Unmanaged<EventSource>?
        var generation: UInt32 = 0
        var armed: UInt64 = .max
    }

    /// Watches a descriptor from now on. The corresponding C function is `epoll_ctl(EPOLL_CTL_ADD)`.
    func add(_ descriptor: Int32, _ events: UInt32, _ source: EventSource) throws(SocketError) {
        let index = Int(descriptor)
        while slots.count <= index { slots.append(Slot()) }
        slots[index].generation &+= 1
        // All ones is the mark of the loop's own descriptors.
        if slots[index].generation == .max { slots[index].generation = 1 }
        let data = UInt64(slots[index].generation) << 32 | UInt64(index)
        var event = epoll_event(events: events, data: epoll_data(u64: data))
        let poller = epoll
        try check("epoll_ctl") { epoll_ctl(poller, EPOLL_CTL_ADD, descriptor, &event) }
        slots[index].source = Unmanaged.passUnretained(source)
    }

    /// Forgets a descriptor that is about to be closed; events already fetched for it reach nobody.
    func remove(_ descriptor: Int32) {
        slots[Int(descriptor)].source = nil
        slots[Int(descriptor)].generation &+= 1
    }

    /// Changes what a watched descriptor is watched for. The corresponding C function is `epoll_ctl(EPOLL_CTL_MOD)`.
    func change(_ descriptor: Int32, _ events: UInt32) throws(SocketError) {
        let data = UInt64(slots[Int(descriptor)].generation) << 32 | UInt64(UInt32(bitPattern: descriptor))
        var event = epoll_event(events: events, data: epoll_data(u64: data))
        let poller = epoll
        try check("epoll_ctl") { epoll_ctl(poller, EPOLL_CTL_MOD, descriptor, &event) }
    }

    /// Makes sure that the owner of the descriptor hears when `time` has passed.
    func arm(_ index: Int, at time: UInt64) {
        guard time < slots[index].armed else { return }
        slots[index].armed = time
        deadlines.insert(Int32(index), at: time)
    }
}

/// What owns a descriptor that the loop watches. It must leave the loop (`EventLoop.remove`) before it goes.
public class EventSource {
    init() {}
    /// The descriptor became ready: `events` as epoll gave them.
    func isReady(_ events: UInt32) {}
    /// An armed time has passed; answers the next one to be called at, `.max` for none.
    func deadlinePassed(_ now: UInt64) -> UInt64 { .max }
}

private final class ThreadStart {
    let loop: EventLoop
    init(loop: EventLoop) { self.loop = loop }
}

private func runEventLoop(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue().loop.run()
    return nil
}
