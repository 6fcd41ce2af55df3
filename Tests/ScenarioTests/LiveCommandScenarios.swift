import AGI
import Foundation
import Lab
import Synchronization
import Testing

/// Every command of the library on a call of a real Asterisk: none is refused, and each answers what it is typed as.
struct LiveCommandScenarios {
    @Test func everyCommand_isUnderstood() async throws {
        let line = try await PBX.shared().takeLine()
        try await line.pbx.command("dialplan add extension s,1,Return,came-back into live-commands-\(line.number)")
        let recording = Self.inside(line.pbx, "spool/live-\(line.number)")
        let notes = Notes()
        try await OwnServer.serving(line) { call in
            do {
                try await Self.sounds(call, recording, notes)
                try await Self.channel(call, notes)
                try await Self.data(call, notes, subroutine: "live-commands-\(line.number)")
                try await Self.speech(call, notes)
                try await Self.end(call, notes)
            } catch { notes.note("\(error)", false) }
            // The dialplan hangs up and takes no message.
            try await call.setVariable("NIGHTBELL_STATUS", to: "KEPT")
            try await call.breakAsyncAGI()
            notes.note("ASYNCAGI BREAK", true)
        } _: { server in
            let caller = try await line.call()
            _ = try await caller.outcome(within: 40)
            #expect(server.events.all == [])
        }
        #expect(notes.wrong == [])
        #expect(notes.count == 47)
    }

    /// A path of the PBX's folder as Asterisk sees it.
    private static func inside(_ pbx: PBX, _ name: String) -> String {
        let root = pbx.installation.root?.path ?? ""
        return pbx.folder.appendingPathComponent(name).path.replacing(root, with: "", maxReplacements: 1)
    }

    private static func sounds(_ call: Session, _ recording: String, _ notes: Notes) async throws {
        try await call.answer()
        notes.note("ANSWER", true)
        notes.note("STREAM FILE", try await call.streamFile("beep", escapeDigits: "#", offset: 80) == .finished)
        notes.note("STREAM FILE", try await call.streamFile("there-is-none") == .failed)
        let controlled = try await call.controlStreamFile(
            "beep", escapeDigits: "1", pause: "5", offset: .milliseconds(10))
        notes.note("CONTROL STREAM FILE", controlled == .finished)
        let typed = try await call.getData("beep", timeout: .milliseconds(200), count: 2)
        notes.note("GET DATA", typed == TypedDigits(digits: "", end: .timeout))
        let option = try await call.getOption("beep", escapeDigits: "1", timeout: .milliseconds(200))
        notes.note("GET OPTION", option == .finished)
        notes.note("WAIT FOR DIGIT", try await call.waitForDigit(within: .milliseconds(100)) == nil)
        let recorded = try await call.recordFile(
            recording, format: "wav", escapeDigits: "#", timeout: .milliseconds(300), silence: .seconds(5))
        notes.note("RECORD FILE", recorded.end == .timeout && recorded.samples != nil)
        let unwritable = try await call.recordFile(
            "/nowhere/at/all", format: "wav", escapeDigits: "#", timeout: .milliseconds(100), beep: false)
        notes.note("RECORD FILE", unwritable.end == .unwritable)
        notes.note("SAY ALPHA", try await call.sayAlpha("a") == .finished)
        notes.note("SAY PHONETIC", try await call.sayPhonetic("b") == .finished)
        notes.note("SAY DIGITS", try await call.sayDigits("07", escapeDigits: "#") == .finished)
        notes.note("SAY NUMBER", try await call.sayNumber(2, gender: .feminine) == .finished)
        notes.note("SAY DATE", try await call.sayDate(secondsSince1970: 0) == .finished)
        notes.note("SAY TIME", try await call.sayTime(secondsSince1970: 0) == .finished)
        let said = try await call.sayDateTime(secondsSince1970: 0, format: "M", timeZone: "Europe/Berlin")
        notes.note("SAY DATETIME", said == .finished)
    }

    private static func channel(_ call: Session, _ notes: Notes) async throws {
        notes.note("CHANNEL STATUS", try await call.channelStatus() == .up)
        notes.note("CHANNEL STATUS", try await call.channelStatus("PJSIP/nobody-1") == nil)
        notes.note("TDD MODE", try await !call.setTDDMode(.off))
        notes.note("SEND TEXT", try await call.sendText("two words"))
        notes.note("SEND IMAGE", try await call.sendImage("none"))
        notes.note("RECEIVE CHAR", try await call.receiveCharacter(within: .milliseconds(100)) == nil)
        notes.note("RECEIVE TEXT", try await call.receiveText(within: .milliseconds(100)) == nil)
        try await call.setMusic(true, class: "none")
        try await call.setMusic(false)
        notes.note("SET MUSIC", true)
        try await call.setAutoHangup(after: .milliseconds(90_500))
        try await call.setAutoHangup(after: nil)
        notes.note("SET AUTOHANGUP", true)
        try await call.setCallerID("Example Caller <15550142>")
        let shown = (try await call.variable("CALLERID(num)"), try await call.variable("CALLERID(name)"))
        notes.note("SET CALLERID", shown == ("15550142", "Example Caller"))
        // To where the dialplan goes on anyway.
        try await call.setContext(call.environment["agi_context"] ?? "")
        notes.note("SET CONTEXT", true)
        try await call.setExtension(call.environment["agi_extension"] ?? "")
        notes.note("SET EXTENSION", true)
        try await call.setPriority("end")
        notes.note("SET PRIORITY", try await call.fullVariable("${PRIORITY}") != "1")
        do throws(AGIError) {
            try await call.setPriority("no-such-label")
            notes.note("SET PRIORITY", false)
        } catch { if case .syntax = error {} else { throw error } }
    }

    private static func data(_ call: Session, _ notes: Notes, subroutine: String) async throws {
        let family = "live-commands-\(call.environment.uniqueID)"
        notes.note("DATABASE PUT", try await call.setDatabaseValue("a b", family: family, key: "k"))
        notes.note("DATABASE GET", try await call.databaseValue(family: family, key: "k") == "a b")
        notes.note("DATABASE DEL", try await call.deleteDatabaseValue(family: family, key: "k"))
        notes.note("DATABASE GET", try await call.databaseValue(family: family, key: "k") == nil)
        notes.note("DATABASE PUT", try await call.setDatabaseValue("c", family: family, key: "t/k"))
        notes.note("DATABASE DELTREE", try await call.deleteDatabaseTree(family: family, keyTree: "t"))
        notes.note("DATABASE DELTREE", try await !call.deleteDatabaseTree(family: family))
        try await call.setVariable("LIVE", to: "a \"b\" \\ (c)")
        notes.note("SET VARIABLE", true)
        notes.note("GET VARIABLE", try await call.variable("LIVE") == "a \"b\" \\ (c)")
        notes.note("GET VARIABLE", try await call.variable("LIVE_UNSET") == nil)
        notes.note("GET FULL VARIABLE", try await call.fullVariable("${LEN(${LIVE})}") == "11")
        notes.note("GET FULL VARIABLE", try await call.fullVariable("${LIVE}", channel: "PJSIP/nobody-1") == nil)
        notes.note("EXEC", try await call.execute("NoOp", "a,b") == 0)
        notes.note("GOSUB", try await call.gosub(context: subroutine, extension: "s", arguments: "1,2"))
        notes.note("GOSUB", try await call.variable("GOSUB_RETVAL") == "came-back")
        notes.note("GOSUB", try await !call.gosub(context: "there-is-none", extension: "s"))
        try await call.verbose("every command", level: 4)
        notes.note("VERBOSE", true)
        try await call.noop("still here")
        notes.note("NOOP", true)
    }

    /// Without an engine: what all of them answer then.
    private static func speech(_ call: Session, _ notes: Notes) async throws {
        notes.note("SPEECH CREATE", try await !call.createSpeech(engine: "none"))
        notes.note("SPEECH SET", try await !call.setSpeech("a", to: "b"))
        notes.note("SPEECH LOAD GRAMMAR", try await !call.loadGrammar("a", path: "/nowhere"))
        notes.note("SPEECH ACTIVATE GRAMMAR", try await !call.activateGrammar("a"))
        notes.note(
            "SPEECH RECOGNIZE", try await call.recognizeSpeech(prompt: "beep", timeout: .seconds(1)).end == .failed)
        notes.note("SPEECH DEACTIVATE GRAMMAR", try await !call.deactivateGrammar("a"))
        notes.note("SPEECH UNLOAD GRAMMAR", try await !call.unloadGrammar("a"))
        notes.note("SPEECH DESTROY", try await !call.destroySpeech())
    }

    private static func end(_ call: Session, _ notes: Notes) async throws {
        notes.note("HANGUP", try await !call.hangUp(channel: "PJSIP/nobody-1"))
        notes.note("HANGUP", try await call.hangUp())
        notes.note("GET VARIABLE", try await call.variable("LIVE") == "a \"b\" \\ (c)")
        do throws(AGIError) {
            _ = try await call.streamFile("beep")
            notes.note("STREAM FILE", false)
        } catch { notes.note("STREAM FILE", error.meansHangUp) }
    }

    private final class Notes: Sendable {
        private let noted = Mutex<[(command: String, isRight: Bool)]>([])

        /// Commands that answered something else.
        var wrong: [String] { noted.withLock { $0.filter { !$0.isRight }.map(\.command) } }
        /// How many commands were tried.
        var count: Int { noted.withLock { Set($0.map(\.command)).count } }

        func note(_ command: String, _ isRight: Bool) { noted.withLock { $0.append((command, isRight)) } }
    }
}
