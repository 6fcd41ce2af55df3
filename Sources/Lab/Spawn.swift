internal import CLinux
internal import Foundation

/// Starts and awaits processes by `posix_spawn` and `waitpid`.
///
/// Foundation's Process crashed (Swift 6.3, within `run`) when a test process with many descriptors started many programs
/// at once, and its termination handlers came late.
enum Spawn {
    /// Starts a program with no input, its own output files, no other descriptor and no signal blocked.
    ///
    /// A thread of Dispatch has all signals blocked, and a child inherits that. An Asterisk that is born so hands out
    /// manager events only when its client sends something next: it wakes the thread of a manager session with SIGURG.
    /// - Throws: `LabError.notReady` with the system's reason.
    static func start(
        _ program: String, _ arguments: [String], environment: [String: String], folder: URL?, output: URL, errors: URL
    ) throws -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        let write = O_WRONLY | O_CREAT | O_TRUNC
        var codes = [
            posix_spawnattr_setsigmask(&attributes, &none),
            posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK)),
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0),
            posix_spawn_file_actions_addopen(&actions, 1, output.path, write, 0o644),
            output == errors
                ? posix_spawn_file_actions_adddup2(&actions, 1, 2)
                : posix_spawn_file_actions_addopen(&actions, 2, errors.path, write, 0o644),
            posix_spawn_file_actions_addclosefrom_np(&actions, 3),
        ]
        if let folder { codes.append(posix_spawn_file_actions_addchdir_np(&actions, folder.path)) }
        if let code = codes.first(where: { $0 != 0 }) { throw failed(program, code) }
        var pid: pid_t = 0
        let code = with([program] + arguments) { words in
            with(environment.map { "\($0.key)=\($0.value)" }) { variables in
                posix_spawn(&pid, program, &actions, &attributes, words, variables)
            }
        }
        if code != 0 { throw failed(program, code) }
        return pid
    }

    /// Waits for the end of a process; answers its exit code, or the number of the signal that ended it.
    static func end(of pid: Int32) -> Int32 {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) == -1, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : signal
    }

    private static func failed(_ program: String, _ code: Int32) -> LabError {
        .notReady(program, output: String(cString: strerror(code)))
    }

    private static func with<R>(_ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R) -> R {
        let copies = texts.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }
}
