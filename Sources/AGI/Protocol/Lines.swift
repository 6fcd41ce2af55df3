internal import Glibc

/// A line within bytes: `start..<end` is its text, without the newline and a CR before it.
struct ByteLine {
    let start: Int
    let end: Int
    /// Where the next line begins.
    let following: Int

    var isEmpty: Bool { start == end }
}

extension UnsafeRawBufferPointer {
    /// The whole line that begins at `start`; nil when its newline has not come.
    ///
    /// - Parameter searched: up to where it is known that there is no newline. The corresponding C function is `memchr`.
    func line(from start: Int, searched: Int = 0) -> ByteLine? {
        let from = Swift.max(start, searched)
        guard let base = baseAddress, from < count, let newline = memchr(base + from, 10, count - from) else {
            return nil
        }
        let position = UnsafeRawPointer(newline) - base
        let end = position > start && self[position - 1] == UInt8(ascii: "\r") ? position - 1 : position
        return ByteLine(start: start, end: end, following: position + 1)
    }

    /// Whether the line begins with `prefix`.
    @inline(__always)
    func matches(_ prefix: StaticString, at line: ByteLine) -> Bool {
        let length = prefix.utf8CodeUnitCount
        guard line.end - line.start >= length, let base = baseAddress else { return false }
        return memcmp(base + line.start, prefix.utf8Start, length) == 0
    }

    /// Whether the byte occurs in the line.
    func holds(_ byte: UInt8, in line: ByteLine) -> Bool {
        guard let base = baseAddress else { return false }
        return memchr(base + line.start, Int32(byte), line.end - line.start) != nil
    }

    /// The bytes as text; what is no UTF-8 becomes replacement characters.
    func text(_ range: Range<Int>) -> String {
        range.isEmpty ? "" : String(decoding: UnsafeRawBufferPointer(rebasing: self[range]), as: UTF8.self)
    }
}
