internal import Glibc

/// A gate between threads: `wait` returns once `open` was called. The corresponding C functions are `sem_post` and
/// `sem_wait`.
final class Gate: @unchecked Sendable {
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() { sem_init(semaphore, 0, 0) }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    func open() { sem_post(semaphore) }

    func wait() {
        while sem_wait(semaphore) == -1, errno == EINTR {}
    }
}
