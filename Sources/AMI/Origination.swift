/// The unique id that a channel made by us gets (`ChannelId`), so that it can be found and hung up again.
public struct ChannelID: Sendable, Hashable, CustomStringConvertible {
    /// Its text: `Uniqueid` in Asterisk's events.
    public let text: String

    /// - Throws: `AMIError.invalidValue` unless the text is 1 to 100 letters, digits, `-`, `_` and `.`. A `/` would make
    ///   Hangup take it for a pattern that many channels match.
    public init(_ text: String) throws(AMIError) {
        self.text = try Checked.name(text, "channel id", also: "-_.", limit: 100)
    }

    /// What `Client` makes itself of characters it knows.
    init(unchecked text: String) { self.text = text }

    /// The same as `text`.
    public var description: String { text }
}

/// A call for Asterisk to make: whom it dials, and what whoever answers gets.
public struct Origination: Sendable, Equatable {
    /// A place in the dialplan.
    public struct Place: Sendable, Equatable {
        /// The context.
        public let context: String
        /// The extension.
        public let exten: String

        /// - Throws: `AMIError.invalidValue` unless the context is 1 to 79 letters, digits, `-` and `_`, and the
        ///   extension 1 to 79 letters, digits, `+`, `*`, `#`, `-`, `_` and `.`. Nothing else can come out of a dial
        ///   string as something else.
        public init(context: String, exten: String) throws(AMIError) {
            self.context = try Checked.name(context, "context", also: "-_", limit: 79)
            self.exten = try Checked.name(exten, "extension", also: "+*#-_.", limit: 79)
        }
    }

    /// What is dialled: `Local/EXTEN@CONTEXT/n`. The dialplan there has the last word on what may be called.
    public let dialled: Place
    /// Where the leg goes on when it was answered, at priority 1.
    public let answered: Place
    /// How long it may ring, to the millisecond.
    public let timeout: Duration
    /// The channel's id; made by `Client.newChannelID()`.
    public let channelID: ChannelID
    private var callerID: String?
    private var variables: [String] = []

    /// A call.
    public init(dialled: Place, answered: Place, timeout: Duration, channelID: ChannelID) {
        self.dialled = dialled
        self.answered = answered
        self.timeout = timeout
        self.channelID = channelID
    }

    /// Says who calls, as the far end's phone shows it.
    ///
    /// - Throws: `AMIError.invalidValue` unless the number is digits with at most a leading `+`, and the name has no
    ///   `"`, `<`, `>`, `\` or control characters.
    public mutating func setCallerID(number: String, name: String? = nil) throws(AMIError) {
        let digits = number.first == "+" ? number.dropFirst() : number[...]
        guard (1...32).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }) else {
            throw .invalidValue(
                what: "caller ID", value: Checked.shown(number), rule: "digits with at most a leading +")
        }
        guard let name, !name.isEmpty else {
            callerID = "<\(number)>"
            return
        }
        guard name.utf8.count <= 80, Checked.isText(name, without: "\"<>\\") else {
            throw .invalidValue(
                what: "caller's name", value: Checked.shown(name),
                rule: "at most 80 bytes, no \", <, >, \\ and no control characters")
        }
        callerID = "\"\(name)\" <\(number)>"
    }

    /// Sets a variable on the channel; `_` or `__` before the name hands it on.
    ///
    /// - Throws: `AMIError.invalidValue` unless the name is letters, digits and `_` (so no function is called) and the
    ///   value is free of what ends a variable in Asterisk's list of them: `,`, `"`, `\`, parentheses and brackets.
    public mutating func setVariable(_ name: String, _ value: String) throws(AMIError) {
        let checked = try Checked.name(name, "variable", also: "_", limit: 79)
        guard value.utf8.count <= 800, Checked.isText(value, without: ",\"\\()[]") else {
            throw .invalidValue(
                what: "value of \(checked)", value: Checked.shown(value),
                rule: "at most 800 bytes, none of , \" \\ ( ) [ ] and no control characters")
        }
        variables.append("\(checked)=\(value)")
    }

    /// The action Originate, with `Async: true`.
    var action: Action {
        var action = Action(
            "Originate",
            [
                "Channel": "Local/\(dialled.exten)@\(dialled.context)/n", "Context": answered.context,
                "Exten": answered.exten, "Priority": "1", "Timeout": "\(max(1, timeout.nanoseconds / 1_000_000))",
                "Async": "true", "ChannelId": channelID.text,
            ])
        if let callerID { action.add("CallerID", callerID) }
        for variable in variables { action.add("Variable", variable) }
        return action
    }
}
