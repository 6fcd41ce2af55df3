/// One AGI command line in the making: verbs as they are, arguments quoted so that Asterisk's parser gives them back
/// unchanged.
///
/// That parser (`parse_args` in `res/res_agi.c`) splits at blanks outside quotes, lets `"` toggle quoting and takes the
/// character behind a backslash as it is.
public struct CommandWriter: ~Copyable {
    private let storage: UnsafeMutableRawBufferPointer
    /// How many bytes the line has; more than `CommandBuffer.capacity` when it did not fit.
    private(set) var count = 0
    private(set) var argumentCount = 0
    /// Whether an argument held a byte that cannot be sent.
    private(set) var isForbidden = false

    init(_ buffer: CommandBuffer, verb: StaticString) {
        storage = buffer.storage
        append(verb)
        argumentCount = 1
        for byte in UnsafeBufferPointer(start: verb.utf8Start, count: verb.utf8CodeUnitCount)
        where byte == UInt8(ascii: " ") { argumentCount += 1 }
    }

    /// Adds an argument, whatever it holds; CR, LF and NUL make the whole command unsendable.
    public mutating func argument(_ text: String) {
        argumentCount += 1
        append(UInt8(ascii: " "))
        append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { bytes in
            if count + 2 * bytes.count < storage.count, bytes.allSatisfy(Self.isPlain) {
                UnsafeMutableRawBufferPointer(rebasing: storage[count...]).copyMemory(
                    from: UnsafeRawBufferPointer(bytes))
                count += bytes.count
                return
            }
            for byte in bytes {
                switch byte {
                case 0, UInt8(ascii: "\n"), UInt8(ascii: "\r"): isForbidden = true
                case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(UInt8(ascii: "\\"))
                default: break
                }
                append(byte)
            }
        }
        append(UInt8(ascii: "\""))
    }

    /// Whether a byte stands in a command line as it is.
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte > UInt8(ascii: "\r") && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    /// Adds a number as an argument.
    public mutating func argument(_ number: Int) {
        argumentCount += 1
        append(UInt8(ascii: " "))
        for byte in String(number).utf8 { append(byte) }
    }

    /// Adds a fixed word of the command.
    public mutating func word(_ word: StaticString) {
        argumentCount += 1
        append(UInt8(ascii: " "))
        append(word)
    }

    private mutating func append(_ word: StaticString) {
        // A command's own words are short; the buffer has room for them whenever anything fits.
        for byte in UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount) { append(byte) }
    }

    @inline(__always)
    private mutating func append(_ byte: UInt8) {
        if count < storage.count { storage[count] = byte }
        count += 1
    }

    /// Ends the line. The bytes are there until the next command of any session of this loop is built.
    consuming func finish() -> UnsafeRawBufferPointer {
        append(UInt8(ascii: "\n"))
        return UnsafeRawBufferPointer(rebasing: storage[..<min(count, storage.count)])
    }
}

/// The bytes in which command lines are built, shared by the sessions of one loop: a line is built and sent without a
/// pause in between, so one buffer serves them all.
public final class CommandBuffer {
    /// More than any Asterisk reads of one line.
    static let capacity = 16_384

    let storage = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 16)

    /// An empty buffer.
    public init() {}

    deinit { storage.deallocate() }
}
