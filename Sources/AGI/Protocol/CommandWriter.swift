/// One AGI command line in the making: verbs as they are, arguments quoted so that Asterisk's parser gives them back
/// unchanged.
///
/// That parser (`parse_args` in `res/res_agi.c`) splits at blanks outside quotes, lets `"` toggle quoting and takes the
/// character behind a backslash as it is.
public struct CommandWriter: ~Copyable {
    private(set) var bytes: [UInt8]
    private(set) var argumentCount = 0
    /// Whether an argument held a byte that cannot be sent.
    private(set) var isForbidden = false

    init(reusing storage: consuming [UInt8], verb: StaticString) {
        bytes = storage
        bytes.removeAll(keepingCapacity: true)
        append(verb)
        for index in 0..<verb.utf8CodeUnitCount where verb.utf8Start[index] == UInt8(ascii: " ") { argumentCount += 1 }
        argumentCount += 1
    }

    /// Adds an argument, whatever it holds; CR, LF and NUL make the whole command unsendable.
    public mutating func argument(_ text: String) {
        argumentCount += 1
        bytes.append(UInt8(ascii: " "))
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case 0, UInt8(ascii: "\n"), UInt8(ascii: "\r"): isForbidden = true
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Adds a number as an argument.
    public mutating func argument(_ number: Int) {
        argumentCount += 1
        bytes.append(UInt8(ascii: " "))
        bytes.append(contentsOf: String(number).utf8)
    }

    /// Adds a fixed word of the command.
    public mutating func word(_ word: StaticString) {
        argumentCount += 1
        bytes.append(UInt8(ascii: " "))
        append(word)
    }

    private mutating func append(_ word: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    }

    /// Ends the line and gives its bytes away.
    consuming func finish() -> [UInt8] {
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }
}
