/// What can go wrong with the database; each says what an admin needs to mend it.
public enum StoreError: Error, Sendable, Equatable, CustomStringConvertible {
    /// SQLite refused: what was being done, its message and extended result code.
    case sqlite(purpose: String, message: String, code: Int32, path: String)
    /// The file was written by a newer nightbell.
    case newerVersion(path: String, found: Int, known: Int)
    /// An import would remove engineers who still have shifts.
    case engineersInUse([String])
    /// A row that should be there is not.
    case missing(String)

    /// One line for a log.
    public var description: String {
        switch self {
        case .sqlite(let purpose, let message, let code, let path):
            "database \(path): \(purpose): \(message) (SQLite \(code))"
        case .newerVersion(let path, let found, let known):
            "database \(path) has version \(found), this nightbell knows \(known): install the newer nightbell again"
        case .engineersInUse(let ids):
            "these engineers still have shifts: \(ids.joined(separator: ", ")); import the shifts without them first"
        case .missing(let what): "not in the database: \(what)"
        }
    }
}
