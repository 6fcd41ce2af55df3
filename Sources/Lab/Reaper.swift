import Foundation
import Synchronization

/// Ends the lab's children and removes its folders when this process is gone, however it went.
///
/// A small shell reads from a pipe which processes and folders belong to us. When we exit, are interrupted or
/// killed, the pipe ends, and the shell kills what is left. No signal handler is needed in the test process.
final class Reaper: Sendable {
    /// The one reaper of this process.
    static let shared = Reaper()

    private let input: Mutex<FileHandle?>

    private static let script = """
        trap '' INT TERM HUP
        nl='
        '
        pids=' '; dirs=''
        while read -r verb what; do
            case $verb in
            pid) pids="$pids$what " ;;
            gone) case $pids in *" $what "*) pids="${pids%% $what *} ${pids#* $what }" ;; esac ;;
            dir) dirs="$dirs$what$nl" ;;
            esac
        done
        for pid in $pids; do kill -KILL "$pid"; done
        sleep 0.2
        IFS=$nl; set -f
        for dir in $dirs; do rm -rf "$dir"; done
        """

    private init() {
        let pipe = Pipe()
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = ["-c", Self.script]
        shell.standardInput = pipe
        shell.standardOutput = FileHandle.nullDevice
        shell.standardError = FileHandle.nullDevice
        let writing = pipe.fileHandleForWriting
        // A child that inherited the writing end would keep the pipe open after us.
        _ = fcntl(writing.fileDescriptor, F_SETFD, FD_CLOEXEC)
        do {
            try shell.run()
            input = Mutex(writing)
        } catch {
            // Without a shell the lab still works; it only cannot clean up after a kill.
            input = Mutex(nil)
        }
    }

    /// Kill this process when we are gone.
    func watch(pid: Int32) { tell("pid \(pid)") }

    /// The process has ended by itself; its number may belong to another one soon.
    func forget(pid: Int32) { tell("gone \(pid)") }

    /// Remove this folder when we are gone.
    func remove(_ folder: URL) { tell("dir \(folder.path)") }

    private func tell(_ line: String) {
        input.withLock { handle in
            do {
                try handle?.write(contentsOf: Data((line + "\n").utf8))
            } catch {
                handle = nil
            }
        }
    }
}
