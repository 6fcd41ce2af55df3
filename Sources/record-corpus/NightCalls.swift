import Lab

/// A call to be recorded: what people do in it. What the server has is in the corpus's files.
struct NightCall: Sendable {
    /// The file's name, after its outcome.
    let name: String
    /// What it shows, for who reads the file.
    let shows: String
    /// The section of nightbell.conf.
    var line = "support"
    var from = CallerID(number: "15550142", name: "Example Caller")
    var entry = Caller.Entry.afterHours
    /// What the caller does.
    let does: [Caller.Step]
    /// Whether ring 1 is answered a second time while the engineer who accepted listens.
    var ringComesBack = false
    /// Whether the PBX has nightbell's prompts.
    var hasPrompts = true

    init(
        _ name: String, _ shows: String, line: String = "support",
        from: CallerID = CallerID(number: "15550142", name: "Example Caller"), entry: Caller.Entry = .afterHours,
        ringComesBack: Bool = false, hasPrompts: Bool = true, _ does: [Caller.Step]
    ) {
        self.name = name
        self.shows = shows
        self.line = line
        self.from = from
        self.entry = entry
        self.does = does
        self.ringComesBack = ringComesBack
        self.hasPrompts = hasPrompts
    }

    static let entitled = "1234567890"
    static let withMinutes = "0012345678"
    static let notEntitled = "1234500000"
    static let unknown = "9999999999"

    /// Types a contract and leaves a message of five seconds, hanging up at its end.
    static func message(_ typed: String = entitled) -> [Caller.Step] {
        [.hears("enter-contract"), .presses(typed)] + speech
    }

    static let speech: [Caller.Step] = [.hears("beep"), .speaks(5), .hangsUp]

    /// Every call of the corpus.
    static let all = callers + engineers + single

    /// What callers do.
    private static let callers: [NightCall] = [
        NightCall("open", "Somebody is there: the server steps aside.", line: "open", [.silent(1), .hangsUp]),
        NightCall("holiday", "Open by the week, but today is a holiday.", line: "holiday", message()),
        NightCall("entitled-accepted", "The message is kept, the engineer accepts and hears it.", message()),
        NightCall(
            "entitled-accepted-pound", "The caller ends the message with # and hears that an engineer is called.",
            [
                .hears("enter-contract"), .presses(entitled), .hears("beep"), .speaks(5), .presses("#"),
                .hears("engineer-notified"), .hears("goodbye"),
            ]),
        NightCall("leading-zeros", "A contract that begins with 0 and promises 30 minutes.", message(withMinutes)),
        NightCall("not-entitled", "The contract is without after-hours support.", message(notEntitled)),
        NightCall(
            "unknown-three-times", "Three contract numbers that nobody has.",
            [.hears("enter-contract"), .presses(unknown), .hears("enter-contract"), .presses("8888888888")]
                + [.hears("enter-contract"), .presses("7777777777")] + speech),
        NightCall(
            "unknown-single-attempt", "One wrong number is enough on this line.", line: "single-attempt",
            message(unknown)),
        NightCall(
            "guess-limit", "After two wrong numbers nobody is asked any more.", line: "few-guesses",
            [.hears("enter-contract"), .presses(unknown), .hears("enter-contract"), .presses("8888888888")] + speech),
        NightCall(
            "incomplete-then-right", "A number that is cut short by #, then the whole one.",
            [.hears("enter-contract"), .presses("123#")] + message()),
        NightCall("star-starts-over", "A * in the number takes back what was typed.", message("999*" + entitled)),
        NightCall(
            "digits-late", "The number is not finished in time.",
            [.hears("enter-contract"), .presses("12345"), .hears("contract-incomplete")] + message()),
        NightCall("no-number-pound", "The caller has no number at hand and presses #.", message("#")),
        NightCall(
            "no-number-timeout", "The caller has no number at hand and waits.", [.hears("enter-contract")] + speech),
        NightCall(
            "too-short-retry", "The first message is too short, the second one is not.",
            [.hears("enter-contract"), .presses(entitled), .hears("beep"), .speaks(1.5), .presses("#")]
                + [.hears("leave-once-more")] + speech),
        NightCall(
            "too-short-twice", "Both messages are too short.",
            [.hears("enter-contract"), .presses(entitled), .hears("beep"), .speaks(1.5), .presses("#")]
                + [.hears("leave-once-more"), .hears("beep"), .speaks(1.5), .presses("#")]),
        NightCall(
            "too-short-gone", "The message is too short and the caller is gone.",
            [.hears("enter-contract"), .presses(entitled), .hears("beep"), .speaks(1.5), .hangsUp]),
        NightCall(
            "silent", "Nobody speaks into the message.", line: "no-retry",
            [.hears("enter-contract"), .presses(entitled), .hears("beep"), .silent(8)]),
        NightCall(
            "no-mailbox", "VoiceMail() knows no such mailbox.", line: "no-mailbox",
            [.hears("enter-contract"), .presses(entitled), .hears("leave-once-more"), .silent(3)]),
        NightCall("hang-up-at-welcome", "Gone at the first words.", [.hears("welcome"), .hangsUp]),
        NightCall("hang-up-at-the-number", "Gone when asked.", [.hears("enter-contract"), .hangsUp]),
        NightCall(
            "hang-up-while-typing", "Gone after four digits.",
            [.hears("enter-contract"), .presses("1234"), .hangsUp]),
        NightCall(
            "hang-up-at-the-promise", "Gone while the callback is promised.",
            [.hears("enter-contract"), .presses(entitled), .hears("leave-message-callback-within"), .hangsUp]),
        NightCall(
            "hang-up-at-the-tone", "Gone at the beep.",
            [.hears("enter-contract"), .presses(entitled), .hears("beep"), .hangsUp]),
        NightCall(
            "hang-up-at-once-more", "Gone when asked to speak once more.",
            [.hears("enter-contract"), .presses(entitled), .hears("beep"), .speaks(1.5), .presses("#")]
                + [.hears("leave-once-more"), .hangsUp]),
        NightCall("german", "A line that speaks German.", line: "german", message()),
        NightCall(
            "missing-prompts", "No prompt is there: the call goes on.", hasPrompts: false,
            [.silent(1), .presses(entitled)] + speech),
        NightCall(
            "withheld-caller", "The number comes with the wish not to show it.",
            from: CallerID(number: "15550142", name: "Example Caller", withheld: true), message()),
        NightCall("no-caller-id", "The phone sends neither number nor name.", from: CallerID(number: ""), message()),
        NightCall(
            "hostile-caller-id", "Quotes, commas and expressions in the caller ID.", line: "calls-back",
            from: CallerID(number: "555&Local/200000@x,1", name: "\"${SHELL(id)}\" \\ ,n(x)|&"), message()),
        NightCall("unverified", "The web service is down: the engineer hears it.", line: "service-down", message()),
        NightCall(
            "unverified-not-entitled", "The web service is down: the message waits.", line: "service-down-strict",
            message()),
    ]

    /// What engineers do.
    private static let engineers: [NightCall] = [
        NightCall("declined-then-next", "The first one passes it on.", line: "declines", message()),
        NightCall("busy-then-accepted", "The first one's phone is busy.", line: "busy", message()),
        NightCall("congestion-then-accepted", "No way to the first one.", line: "congestion", message()),
        NightCall("no-answer-then-accepted", "The first one does not wake up.", line: "no-answer", message()),
        NightCall("rejected-then-accepted", "The first one rejects the call.", line: "rejects", message()),
        NightCall("wrong-number-then-accepted", "The first one's number is wrong.", line: "wrong-number", message()),
        NightCall("mailbox-answers", "The first one's mailbox presses nothing.", line: "mailbox", message()),
        NightCall("no-key-then-accepted", "The first one says and presses nothing.", line: "no-key", message()),
        NightCall("engineer-hangs-up", "The first one answers and hangs up.", line: "hangs-up", message()),
        NightCall("managers-accept", "Nobody on call accepts; a manager does.", line: "managers", message()),
        NightCall("nobody-accepts", "Two rounds of two steps, and nobody accepts.", line: "nobody", message()),
        NightCall("nobody-on-call", "The roster is empty.", line: "nobody-on-call", message()),
        NightCall("wrong-key", "A key that the menu has not, then 1.", line: "wrong-key", message()),
        NightCall("heard-again", "The message is heard twice.", line: "hears-again", message()),
        NightCall("caller-asked-for", "2: who called, and when.", line: "asks", message()),
        NightCall(
            "caller-asked-for-unknown", "2, but the phone sent no number.", line: "asks", from: CallerID(number: ""),
            message()),
        NightCall(
            "called-back", "3: the customer is called back and talks.", line: "calls-back",
            from: CallerID(number: Robot.number(.talks)), message()),
        NightCall(
            "callback-fails", "3, but the customer's phone is busy.", line: "calls-back",
            from: CallerID(number: Robot.number(.busy)), message()),
        NightCall("callback-not-allowed", "3, where callbacks are not allowed.", line: "no-callback", message()),
        NightCall(
            "accepted-and-gone", "The engineer accepts, hears the message and hangs up.", line: "hangs-up-listening",
            message()),
        NightCall(
            "claimed-twice", "The mailbox's ring comes back when another one has accepted.", line: "mailbox",
            ringComesBack: true, message()),
    ]

    /// Single steps, as the dialplan puts them together.
    private static let single: [NightCall] = [
        NightCall(
            "steps-accepted", "check-hours, check-contract, check-message and page, one after the other.",
            entry: .steps,
            [.hears("enter-contract"), .presses(entitled), .hears("beep"), .speaks(5), .presses("#")]),
        NightCall("steps-caller-gone", "check-message and page on a channel that is dead.", entry: .steps, message()),
        NightCall("steps-open", "check-hours alone.", line: "open", entry: .steps, [.silent(1), .hangsUp]),
        NightCall("steps-not-entitled", "No page without a contract.", entry: .steps, message(notEntitled)),
        NightCall(
            "unknown-line", "A line that is not in nightbell.conf: the dialplan takes the message.", line: "nowhere",
            [.hears("leave-message")] + speech),
    ]
}
