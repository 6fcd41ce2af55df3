/// A value that comes once, waited for by at most one task. It belongs to the loop; it is not locked.
final class Promise<Value: Sendable> {
    private var value: Value?
    private var waiter: UnsafeContinuation<Value, Never>?

    /// Gives the value; only the first one counts.
    func fulfil(_ value: Value) {
        guard self.value == nil else { return }
        self.value = value
        guard let waiting = waiter else { return }
        waiter = nil
        waiting.resume(returning: value)
    }

    /// Waits for the value.
    func get() async -> Value {
        if let value { return value }
        return await withUnsafeContinuation { waiter = $0 }
    }
}
