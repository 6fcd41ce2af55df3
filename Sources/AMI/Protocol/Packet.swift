/// One message of the manager interface: `Key: Value` lines in their order, as Asterisk sent them.
///
/// Keys are compared without regard to case, as Asterisk does. A key may stand more than once (Variable, Output).
public struct Packet: Sendable, Equatable, CustomStringConvertible {
    /// One line.
    public struct Line: Sendable, Equatable {
        /// The part before the colon.
        public let key: String
        /// The part after the colon and one blank; may be empty.
        public let value: String

        /// A line of a key and a value.
        public init(_ key: String, _ value: String) {
            self.key = key
            self.value = value
        }
    }

    /// The lines in their order.
    public let lines: [Line]

    /// A packet of lines.
    public init(_ lines: [Line]) { self.lines = lines }

    /// The first value of a key; nil when there is none.
    public subscript(_ key: String) -> String? { lines.first { $0.key.isSameKey(as: key) }?.value }

    /// All values of a key in their order.
    public func all(_ key: String) -> [String] {
        lines.lazy.filter { $0.key.isSameKey(as: key) }.map(\.value)
    }

    /// The event's name; nil for what is no event.
    public var event: String? { starts(with: "Event") }

    /// `Success`, `Error`, `Goodbye` or `Follows`; nil for what is no response.
    ///
    /// The event OriginateResponse has a line Response too, so only the first line counts.
    public var response: String? { starts(with: "Response") }

    /// The lines as Asterisk writes them, for a log.
    public var description: String { lines.map { "\($0.key): \($0.value)" }.joined(separator: "\n") }

    private func starts(with key: String) -> String? {
        lines.first.flatMap { $0.key.isSameKey(as: key) ? $0.value : nil }
    }
}

extension StringProtocol {
    /// Whether both are the same but for the case of ASCII letters.
    func isSameKey(as other: some StringProtocol) -> Bool {
        utf8.count == other.utf8.count && zip(utf8, other.utf8).allSatisfy { $0.lowered == $1.lowered }
    }
}

extension UInt8 {
    /// An upper-case ASCII letter as lower case, all else as it is.
    var lowered: UInt8 { (65...90).contains(self) ? self | 0x20 : self }
}
