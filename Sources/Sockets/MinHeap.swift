/// A binary heap of values with a time, the earliest first.
struct MinHeap<Value> {
    private var items: [(time: UInt64, value: Value)] = []

    /// The earliest time; nil when empty.
    var earliest: UInt64? { items.first?.time }

    var count: Int { items.count }

    mutating func insert(_ value: Value, at time: UInt64) {
        items.append((time, value))
        var child = items.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard items[child].time < items[parent].time else { break }
            items.swapAt(child, parent)
            child = parent
        }
    }

    /// Removes and returns the earliest value whose time is not after `now`.
    mutating func removeDue(at now: UInt64) -> (time: UInt64, value: Value)? {
        guard let first = items.first, first.time <= now else { return nil }
        let last = items.removeLast()
        guard !items.isEmpty else { return first }
        items[0] = last
        var parent = 0
        while true {
            let left = 2 * parent + 1
            guard left < items.count else { break }
            let right = left + 1
            let child = right < items.count && items[right].time < items[left].time ? right : left
            guard items[child].time < items[parent].time else { break }
            items.swapAt(child, parent)
            parent = child
        }
        return first
    }
}
