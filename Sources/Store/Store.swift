/// nightbell's memory: one SQLite file, written and read on a thread of its own.
///
/// Every method throws `StoreError`. Times come in with the calls; the store has no clock.
public actor Store {
    private let thread: SerialThread
    let database: Database

    /// The thread on which all of it happens.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// Opens the file, makes it if it is not there, and brings its schema up to date.
    ///
    /// - Parameter path: the file, or `:memory:`.
    public init(path: String) throws(StoreError) {
        database = try Database(path: path)
        try Migrations.apply(to: database)
        thread = SerialThread(name: "store")
    }

    deinit { thread.stop() }

    /// Closes the file; further calls fail.
    public func close() { database.close() }
}
