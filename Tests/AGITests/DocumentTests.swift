import AGI
import Foundation
import Sockets
import Testing
import Transcript

/// The code in the documentation is code that is compiled here, and does what it says.
struct DocumentTests {
    @Test(arguments: [
        ("README.md", "HelloHandler.swift"), ("Sources/AGI/AGI.docc/AGI.md", "HelloHandler.swift"),
        ("Sources/AGI/AGI.docc/GettingStarted.md", "SmallIVR.swift"),
    ])
    func theCodeOfADocument_isTheFileThatIsCompiled(document: String, file: String) throws {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let root = tests.deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent(document), encoding: .utf8)
        let code = try String(contentsOf: tests.appendingPathComponent(file), encoding: .utf8)
        let blocks = text.components(separatedBy: "```swift\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }
        #expect(blocks.contains(code), "\(document) must show \(file) as it is")
    }

    @Test(arguments: [
        ("menu, office", reachesTheOffice), ("nobody in the office", leavesAMessageInstead),
        ("message, hang-up", hangsUpWhileSpeaking), ("three wrong keys", pressesWrongKeys),
        ("missing sound", hearsNoMenu), ("hang-up in the menu", hangsUpInTheMenu),
    ])
    func theSmallIVR_saysToItsCallersWhatItShould(name: String, call: String) async throws {
        let (outcome, reports) = try await play(call, name: name)
        #expect(outcome.passed, "\(outcome.report)")
        #expect(reports == 0)
    }

    /// Plays a call against the small IVR over TCP; gives back how it went and how much the server had to report.
    private func play(_ call: String, name: String) async throws -> (ReplayOutcome, Int) {
        let loop = try EventLoop(name: "test")
        defer { loop.stop() }
        let transcript = try Transcript(parsing: "agi_network_script: ivr\n" + call, name: name)
        return try await Task(executorPreference: loop) {
            let reports = Count()
            let server = try AGIServer(on: loop, address: SocketAddress(ip: .loopback, port: 0)) { _ in reports.add() }
            server.route("ivr") { call in try await SmallIVR().serve(call) }
            async let running: Void = server.run()
            let outcome = await Replay(transcript, to: server.address, on: loop).run()
            server.stop(drain: .zero)
            await running
            return (outcome, reports.value)
        }.value
    }

    /// Touched on the loop's thread only.
    private final class Count: @unchecked Sendable {
        private(set) var value = 0
        func add() { value += 1 }
    }
}

private let welcome = """
    > ANSWER
    < 200 result=0
    > STREAM FILE "welcome" ""
    < 200 result=0 endpos=8000
    > GET DATA "menu" 5000 1

    """

private let reachesTheOffice =
    welcome + """
        < 200 result=1
        > STREAM FILE "connecting" ""
        < 200 result=0 endpos=8000
        > EXEC "Dial" "Local/100@office,20,"
        < 200 result=0
        > GET VARIABLE "DIALSTATUS"
        < 200 result=1 (ANSWER)
        . server

        """

private let leavesAMessageInstead =
    welcome + """
        < 200 result=1
        > STREAM FILE "connecting" ""
        < 200 result=0 endpos=8000
        > EXEC "Dial" "Local/100@office,20,"
        < 200 result=0
        > GET VARIABLE "DIALSTATUS"
        < 200 result=1 (NOANSWER)
        > SET VARIABLE "VM_MESSAGEFILE" ""
        < 200 result=1
        > EXEC "VoiceMail" "1000@support,s"
        < 200 result=0
        > GET VARIABLE "VMSTATUS"
        < 200 result=1 (SUCCESS)
        > GET VARIABLE "VM_MESSAGEFILE"
        < 200 result=1 (/var/spool/asterisk/voicemail/support/1000/INBOX/msg0000)
        > SET VARIABLE "IVR_MESSAGE" "/var/spool/asterisk/voicemail/support/1000/INBOX/msg0000"
        < 200 result=1
        > STREAM FILE "goodbye" ""
        < 200 result=0 endpos=8000
        . server

        """

private let hangsUpWhileSpeaking =
    welcome + """
        < 200 result=2
        > SET VARIABLE "VM_MESSAGEFILE" ""
        < 200 result=1
        > EXEC "VoiceMail" "1000@support,s"
        < 200 result=-1
        > GET VARIABLE "VMSTATUS"
        ! HANGUP
        < 200 result=1 (FAILED)
        > GET VARIABLE "VM_MESSAGEFILE"
        < 200 result=1 ()
        > SET VARIABLE "IVR_MESSAGE" ""
        < 200 result=1
        . server

        """

private let pressesWrongKeys =
    welcome + """
        < 200 result=9
        > STREAM FILE "invalid" ""
        < 200 result=0 endpos=8000
        > GET DATA "menu" 5000 1
        < 200 result= (timeout)
        > STREAM FILE "invalid" ""
        < 200 result=0 endpos=8000
        > GET DATA "menu" 5000 1
        < 200 result=*
        > STREAM FILE "invalid" ""
        < 200 result=0 endpos=8000
        > STREAM FILE "goodbye" ""
        < 200 result=0 endpos=8000
        . server

        """

private let hearsNoMenu =
    welcome + """
        < 200 result=-1
        > CHANNEL STATUS
        < 200 result=6
        > VERBOSE "the sound 'menu' is missing" 1
        < 200 result=1
        > STREAM FILE "invalid" ""
        < 200 result=0 endpos=8000
        > GET DATA "menu" 5000 1
        < 200 result=2
        > SET VARIABLE "VM_MESSAGEFILE" ""
        < 200 result=1
        > EXEC "VoiceMail" "1000@support,s"
        < 200 result=-1
        > GET VARIABLE "VMSTATUS"
        < 200 result=1 (USEREXIT)
        > GET VARIABLE "VM_MESSAGEFILE"
        < 200 result=1 ()
        > SET VARIABLE "IVR_MESSAGE" ""
        < 200 result=1
        . server

        """

private let hangsUpInTheMenu =
    welcome + """
        < 200 result=-1
        > CHANNEL STATUS
        ! HANGUP
        < 511 Command Not Permitted on a dead channel or intercept routine
        . server

        """
