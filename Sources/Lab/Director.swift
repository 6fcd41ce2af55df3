import Foundation
import Synchronization

/// Makes the robots at the far end press their keys when the prompts are played to them.
///
/// An engineer's call is a Local channel: prompts are played on its half ;1, the robot is its half ;2.
final class Director: Sendable {
    private struct Key: Hashable {
        let channel: String
        let prompt: String
    }

    private let played = Mutex<[Key: Int]>([:])
    private weak let pbx: PBX?

    init(pbx: PBX) {
        self.pbx = pbx
        pbx.log.observe { [weak self] event in self?.see(event) }
    }

    private func see(_ event: LogEvent) {
        guard let prompt = event.prompt, let channel = event.channel, channel.hasPrefix("Local/"),
            channel.hasSuffix(";1")
        else { return }
        let number = channel.dropFirst("Local/".count).prefix { $0 != "@" }
        guard let behaviour = Robot.behaviour(of: String(number)) else { return }
        let name = prompt.split(separator: "/").last.map(String.init) ?? prompt
        let time = played.withLock { played in
            played[Key(channel: channel, prompt: name), default: 0] += 1
            return played[Key(channel: channel, prompt: name)]
        }
        let robot = channel.dropLast() + "2"
        for reaction in behaviour.reactions
        where reaction.prompt == name && (reaction.time == nil || reaction.time == time) {
            act(reaction.action, String(robot))
        }
    }

    private func act(_ action: Robot.Behaviour.Reaction.Action, _ channel: String) {
        guard let pbx else { return }
        Task {
            // Nobody is faster than this; and a key in the prompt's first instant proves less.
            try await Task.sleep(for: .milliseconds(400))
            switch action {
            case .press(let keys): try await pbx.redirect(channel, to: "lab-press", keys)
            case .hangUp: try await pbx.redirect(channel, to: "lab-hang-up", "s")
            }
        }
    }
}

extension PBX {
    /// Sends a channel elsewhere in the dialplan.
    ///
    /// - Throws: `LabError.callEnded` when there is no such channel any more.
    func redirect(_ channel: String, to context: String, _ exten: String) async throws {
        let answer = try await command("channel redirect \(channel) \(context),\(exten),1")
        guard answer.contains("successfully redirected") else { throw LabError.callEnded("\(channel): \(answer)") }
    }
}
