/// One row of the table of AGI commands: its name and how it behaves.
public struct Command: Sendable, Equatable {
    /// The words as Asterisk knows them, such as `GET FULL VARIABLE`.
    public let name: StaticString
    /// Whether it still works after the caller has hung up; the others are answered 511 then.
    public let isDeadSafe: Bool
    /// How long its answer may take.
    public let span: Span

    /// How long a command may take until its answer comes.
    public enum Span: Sendable {
        /// Asterisk answers at once; `SessionLimits.reply` bounds it.
        case instant
        /// It lasts as long as its own time argument says; `SessionLimits.reply` comes on top.
        case timed
        /// It lasts as long as a sound, a recording or an application; `SessionLimits.application` bounds it.
        case open
    }

    /// A command that a module of the PBX adds to those of Asterisk.
    ///
    /// - Parameters:
    ///   - name: its words, such as `GET WEATHER`.
    ///   - isDeadSafe: whether the module has registered it as working on a dead channel.
    ///   - span: how long its answer may take.
    public init(named name: StaticString, isDeadSafe: Bool = false, span: Span = .instant) {
        self.init(name, dead: isDeadSafe, span)
    }

    private init(_ name: StaticString, dead: Bool = false, _ span: Span = .instant) {
        self.name = name
        isDeadSafe = dead
        self.span = span
    }

    /// Two rows are the same command when their names are.
    public static func == (left: Command, right: Command) -> Bool { left.text == right.text }

    /// The name as text.
    public var text: String { "\(name)" }

    static let answer = Command("ANSWER", .open)
    static let asyncAGIBreak = Command("ASYNCAGI BREAK", dead: true)
    static let channelStatus = Command("CHANNEL STATUS")
    static let controlStreamFile = Command("CONTROL STREAM FILE", .open)
    static let databaseDel = Command("DATABASE DEL", dead: true)
    static let databaseDelTree = Command("DATABASE DELTREE", dead: true)
    static let databaseGet = Command("DATABASE GET", dead: true)
    static let databasePut = Command("DATABASE PUT", dead: true)
    static let exec = Command("EXEC", dead: true, .open)
    static let getData = Command("GET DATA", .open)
    static let getFullVariable = Command("GET FULL VARIABLE", dead: true)
    static let getOption = Command("GET OPTION", .open)
    static let getVariable = Command("GET VARIABLE", dead: true)
    static let gosub = Command("GOSUB", .open)
    static let hangUp = Command("HANGUP")
    static let noop = Command("NOOP", dead: true)
    static let receiveChar = Command("RECEIVE CHAR", .timed)
    static let receiveText = Command("RECEIVE TEXT", .timed)
    static let recordFile = Command("RECORD FILE", .open)
    static let sayAlpha = Command("SAY ALPHA", .open)
    static let sayDate = Command("SAY DATE", .open)
    static let sayDateTime = Command("SAY DATETIME", .open)
    static let sayDigits = Command("SAY DIGITS", .open)
    static let sayNumber = Command("SAY NUMBER", .open)
    static let sayPhonetic = Command("SAY PHONETIC", .open)
    static let sayTime = Command("SAY TIME", .open)
    static let sendImage = Command("SEND IMAGE", .open)
    static let sendText = Command("SEND TEXT")
    static let setAutoHangup = Command("SET AUTOHANGUP")
    static let setCallerID = Command("SET CALLERID")
    static let setContext = Command("SET CONTEXT")
    static let setExtension = Command("SET EXTENSION")
    static let setMusic = Command("SET MUSIC")
    static let setPriority = Command("SET PRIORITY")
    static let setVariable = Command("SET VARIABLE", dead: true)
    static let speechActivateGrammar = Command("SPEECH ACTIVATE GRAMMAR")
    static let speechCreate = Command("SPEECH CREATE")
    static let speechDeactivateGrammar = Command("SPEECH DEACTIVATE GRAMMAR")
    static let speechDestroy = Command("SPEECH DESTROY", dead: true)
    static let speechLoadGrammar = Command("SPEECH LOAD GRAMMAR")
    static let speechRecognize = Command("SPEECH RECOGNIZE", .open)
    static let speechSet = Command("SPEECH SET")
    static let speechUnloadGrammar = Command("SPEECH UNLOAD GRAMMAR", dead: true)
    static let streamFile = Command("STREAM FILE", .open)
    static let tddMode = Command("TDD MODE")
    static let verbose = Command("VERBOSE", dead: true)
    static let waitForDigit = Command("WAIT FOR DIGIT", .timed)

    /// Every command of Asterisk 16 to 22, as `agi show commands` has them.
    public static let all: [Command] = [
        answer, asyncAGIBreak, channelStatus, controlStreamFile, databaseDel, databaseDelTree, databaseGet,
        databasePut, exec, getData, getFullVariable, getOption, getVariable, gosub, hangUp, noop, receiveChar,
        receiveText, recordFile, sayAlpha, sayDate, sayDateTime, sayDigits, sayNumber, sayPhonetic, sayTime, sendImage,
        sendText, setAutoHangup, setCallerID, setContext, setExtension, setMusic, setPriority, setVariable,
        speechActivateGrammar, speechCreate, speechDeactivateGrammar, speechDestroy, speechLoadGrammar, speechRecognize,
        speechSet, speechUnloadGrammar, streamFile, tddMode, verbose, waitForDigit,
    ]
}
