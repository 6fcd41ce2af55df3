import Glibc

/// What can go wrong on a socket.
public enum SocketError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A system call failed: its name and `errno`.
    case system(call: String, errno: Int32)
    /// The deadline passed before the socket was ready.
    case timedOut
    /// The socket was closed on this side while the caller waited.
    case closed
    /// The peer closed or reset the connection.
    case closedByPeer

    /// One line for a log: the call and the C library's text for the error.
    public var description: String {
        switch self {
        case .system(let call, let code): "\(call): \(String(cString: strerror(code)))"
        case .timedOut: "timed out"
        case .closed: "closed"
        case .closedByPeer: "closed by the peer"
        }
    }
}

/// Runs a system call that answers -1 on failure, again when a signal interrupted it (EINTR).
///
/// Every call of this module goes through here or names its own errors, so that no errno is dropped.
@discardableResult
func check(_ call: StaticString, _ body: () -> Int32) throws(SocketError) -> Int32 {
    while true {
        let result = body()
        if result >= 0 { return result }
        if errno != EINTR { throw .system(call: "\(call)", errno: errno) }
    }
}
