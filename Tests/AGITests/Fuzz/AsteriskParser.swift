/// Asterisk's own splitting of a command line into words, as `parse_args` in `res/res_agi.c` does it: blanks split
/// outside quotes, `"` toggles quoting anywhere, `\x` gives x, `""` is an empty word.
enum AsteriskParser {
    /// Words of a line at most; what comes behind them is dropped.
    static let most = 127

    static func parse(_ line: [UInt8]) -> [[UInt8]] {
        var words: [[UInt8]] = []
        var (isQuoted, isEscaped, isBetween) = (false, false, true)
        for byte in line where byte != UInt8(ascii: "\n") {
            let isBlank = byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
            if byte == UInt8(ascii: "\""), !isEscaped {
                isQuoted.toggle()
                if isQuoted, isBetween {
                    words.append([])
                    isBetween = false
                }
            } else if isBlank, !isQuoted, !isEscaped {
                isBetween = true
            } else if byte == UInt8(ascii: "\\"), !isEscaped {
                isEscaped = true
            } else {
                isEscaped = false
                if isBetween {
                    if words.count >= most { continue }
                    words.append([])
                    isBetween = false
                }
                words[words.count - 1].append(byte)
            }
        }
        return words
    }

    static func parse(_ line: String) -> [String] {
        parse(Array(line.utf8)).map { String(decoding: $0, as: UTF8.self) }
    }
}
