public import Foundation

/// A caller with a real telephone's protocols: SIP, RTP and digits of RFC 4733, by SIPp.
///
/// It cannot hear, so its script goes by time. Its voice is a recording that Debian's sip-tester brings.
/// SIPp sends recordings through a raw socket, which takes root.
public struct SIPCaller: Sendable {
    /// One step of its script.
    public enum Step: Sendable {
        /// Sends nothing for so many seconds.
        case silent(Double)
        /// Types digits, `*` and `#`, a quarter of a second each.
        case presses(String)
        /// Speaks: a recording of 7 s is begun, and the next step comes after so many seconds.
        case speaks(Double)
        /// Waits until the far end hangs up, 60 s at most; nothing can follow.
        case isHungUp
    }

    /// What it says: 7 s of A-law.
    static let voice = "/usr/share/sip-tester/g711a.pcap"

    /// Calls, does the steps and hangs up unless the last one was to be hung up.
    ///
    /// - Parameters:
    ///   - extension: what is dialled in the lab's context lab-sip: a test line's number, or `digits`.
    ///   - pbx: whom to call.
    ///   - number: the number the phone shows.
    /// - Returns: the mark in the log where the call's events begin.
    /// - Throws: `LabError.missingProgram`, `LabError.notReady` with SIPp's own words when a SIP message was not as it
    ///   should be.
    @discardableResult
    public static func call(
        _ extension: String, of pbx: PBX, from number: String = "15550123", _ steps: [Step]
    ) async throws -> Int {
        guard let sipp = Program.find("sipp") else { throw LabError.missingProgram("sipp", need: "sip") }
        guard FileManager.default.fileExists(atPath: voice) else {
            throw LabError.missingProgram("the recording \(voice)", need: "sip")
        }
        let mark = pbx.log.mark
        let folder = try Scratch.folder("sip")
        defer { Scratch.remove(folder) }
        let file = folder.appendingPathComponent("call.xml")
        try scenario(steps, from: number, in: folder).write(to: file, atomically: true, encoding: .utf8)
        let media = try Scratch.udpPort()
        let result = try await Program.run(
            sipp,
            [
                "127.0.0.1:\(pbx.sipPort)", "-sf", file.path, "-s", `extension`, "-m", "1", "-l", "1",
                "-i", "127.0.0.1", "-p", "\(try Scratch.udpPort())", "-mi", "127.0.0.1",
                "-mp", "\(media)", "-nostdin",
                "-trace_err", "-error_file", folder.appendingPathComponent("errors").path,
            ], folder: folder, within: seconds(steps) + 90)
        guard result.status == 0 else {
            let errors = try? String(contentsOf: folder.appendingPathComponent("errors"), encoding: .utf8)
            throw LabError.notReady("SIPp's call", output: errors ?? String(result.errors.suffix(2000)))
        }
        return mark
    }

    private static func seconds(_ steps: [Step]) -> Double {
        steps.reduce(0) { sum, step in
            switch step {
            case .silent(let seconds), .speaks(let seconds): sum + seconds
            case .presses(let keys): sum + Double(keys.count) * 0.25
            case .isHungUp: sum + 60
            }
        }
    }
}

extension SIPCaller {
    /// SIPp's scenario for the steps; the keys' recordings are written to the folder.
    static func scenario(_ steps: [Step], from number: String, in folder: URL) throws -> String {
        var text = head(from: number)
        var pressed = 0
        for step in steps {
            switch step {
            case .silent(let seconds): text += pause(seconds)
            case .speaks(let seconds): text += play(voice) + pause(seconds)
            case .presses(let keys):
                let file = folder.appendingPathComponent("keys-\(pressed).pcap")
                try RTPRecording(keys: keys, before: pressed).data.write(to: file)
                pressed += keys.count
                text += play(file.path) + pause(Double(keys.count * RTPRecording.spacing) / 1000)
            case .isHungUp: return text + "<recv request=\"BYE\" timeout=\"60000\"/>\n" + answer + "</scenario>\n"
            }
        }
        return text + goodbye(from: number) + "</scenario>\n"
    }

    private static func pause(_ seconds: Double) -> String {
        "<pause milliseconds=\"\(Int((seconds * 1000).rounded()))\"/>\n"
    }

    private static func play(_ file: String) -> String {
        "<nop><action><exec play_pcap_audio=\"\(file)\"/></action></nop>\n"
    }

    /// INVITE with an offer of A-law and telephone-event, numbered as in the recordings: 8 and 101.
    private static func head(from number: String) -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <scenario name="caller">
        <send retrans="500"><![CDATA[
        INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
        Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
        From: <sip:\(number)@[local_ip]:[local_port]>;tag=[pid]-[call_number]
        To: <sip:[service]@[remote_ip]:[remote_port]>
        Call-ID: [call_id]
        CSeq: 1 INVITE
        Contact: <sip:\(number)@[local_ip]:[local_port]>
        Max-Forwards: 70
        Content-Type: application/sdp
        Content-Length: [len]

        v=0
        o=caller 1 1 IN IP4 [local_ip]
        s=-
        c=IN IP4 [media_ip]
        t=0 0
        m=audio [media_port] RTP/AVP 8 101
        a=rtpmap:8 PCMA/8000
        a=rtpmap:101 telephone-event/8000
        a=fmtp:101 0-15
        ]]></send>
        <recv response="100" optional="true"/>
        <recv response="180" optional="true"/>
        <recv response="183" optional="true"/>
        <recv response="200" rrs="true" timeout="20000"/>
        <send><![CDATA[
        ACK [next_url] SIP/2.0
        \(dialog(from: number))
        CSeq: 1 ACK
        Content-Length: 0

        ]]></send>

        """
    }

    /// BYE, and its answer.
    private static func goodbye(from number: String) -> String {
        """
        <send retrans="500"><![CDATA[
        BYE [next_url] SIP/2.0
        \(dialog(from: number))
        CSeq: 2 BYE
        Content-Length: 0

        ]]></send>
        <recv response="200"/>

        """
    }

    /// The header fields of a further request of the same call.
    private static func dialog(from number: String) -> String {
        """
        Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
        From: <sip:\(number)@[local_ip]:[local_port]>;tag=[pid]-[call_number]
        [last_To:]
        Call-ID: [call_id]
        Max-Forwards: 70
        """
    }

    /// The answer to the far end's BYE.
    private static let answer = """
        <send><![CDATA[
        SIP/2.0 200 OK
        [last_Via:]
        [last_From:]
        [last_To:]
        [last_Call-ID:]
        [last_CSeq:]
        Content-Length: 0

        ]]></send>

        """
}

extension TestLine {
    /// A telephone calls this line by SIP, does the steps and hangs up; see `SIPCaller`.
    ///
    /// - Returns: what the call left in its channel variables, once the dialplan is done with it.
    /// - Throws: `LabError`.
    public func callBySIP(
        from number: String = "15550123", within seconds: TimeInterval = 60, _ steps: [SIPCaller.Step]
    ) async throws -> Outcome {
        let mark = try await SIPCaller.call("\(self.number)", of: pbx, from: number, steps)
        let who = "call-sip-\(self.number)"
        let event = try await pbx.log.wait(for: "the end of \(who)", since: mark, within: seconds) {
            $0.isRobot(who, "over") || $0.isRobot(who, "returned")
        }
        return Outcome(event)
    }
}
