internal import AMI
internal import Calls
internal import Configuration
internal import OnCall
internal import Sockets

/// Rings over the PBX's manager interface, which needs no call to ring from.
struct ManagerDialer: Dialer {
    let client: Client
    let loop: EventLoop

    /// Nobody can say what came of a call; whoever it rang may still answer.
    struct Unknown: Error, CustomStringConvertible {
        let description: String
    }

    /// Waits for the login; the log says what keeps it from being.
    func ready() async {
        while !client.isUp { await loop.sleep(for: .milliseconds(250)) }
    }

    func ring(_ number: PhoneNumber, ring: RingID, line: Line, seconds: Int) async throws -> String {
        var call = Origination(
            dialled: try Origination.Place(context: line.outboundContext, exten: number.text),
            answered: try Origination.Place(context: line.engineerContext, exten: String(ring.rawValue)),
            timeout: .seconds(seconds), channelID: client.newChannelID())
        try call.setCallerID(number: line.number.text, name: line.title)
        let outcome = try await client.originate(call)
        guard let status = outcome.status else { throw Unknown(description: "ring \(ring.rawValue): \(outcome)") }
        return status
    }
}

extension ManagerDialer {
    /// The dialer of an account, and what keeps it logged in; run that on the loop until `stop`.
    static func make(_ account: ManagerAccount, on loop: EventLoop, _ log: Log) -> ManagerDialer {
        var options = ClientOptions(
            address: account.address, user: account.user, secret: Secret(account.secret))
        options.allowsPlainOnLoopback = true
        let client = Client(on: loop, options: options) { state in
            switch state {
            case .connecting: log.write(.debug, "manager-connecting", [("address", account.address.description)])
            case .up(let version): log.write(.info, "manager-up", [("version", version)])
            case .refused(let error, let wait):
                log.write(.error, "manager-refused", [("error", "\(error)"), ("retry", "\(wait)")])
            case .down(let error, let wait):
                log.write(.warning, "manager-down", [("error", "\(error)"), ("retry", "\(wait)")])
            case .stopped: break
            }
        }
        return ManagerDialer(client: client, loop: loop)
    }
}
