internal import Sockets

extension Player {
    /// Connects a leg and sends its environment; it is the current leg then.
    ///
    /// - Parameters:
    ///   - start: the index from which the lines of its environment stand.
    ///   - index: of the line that began it.
    func open(_ name: String, script: [UInt8], environmentFrom start: Int, at index: Int) async throws(Stop) {
        let environment = try environment(script, from: start)
        let place = place(index)
        let connection: Connection
        do throws(SocketError) {
            connection = try await Connection.connect(to: address, on: loop, until: deadline)
        } catch {
            throw failed(.cannotConnect(place, leg: name, address: address, error))
        }
        let leg = PlayedLeg(name, line: place.line, connection)
        legs[name] = leg
        order.append(name)
        current = name
        try await send(environment, on: leg, at: index)
    }

    private func environment(_ script: [UInt8], from start: Int) throws(Stop) -> [UInt8] {
        var written: [(name: String, value: [UInt8])] = []
        scan: for index in start..<max(start, transcript.lines.count) {
            switch transcript.lines[index].content {
            case .environment(let name, let value): written.append((name, try text(of: value, at: index)))
            case .empty, .comment, .heading: continue
            default: break scan
            }
        }
        let asked = written.first { $0.name == "agi_network_script" }?.value ?? script
        let usual = usualEnvironment(asked).filter { line in !written.contains { $0.name == line.name } }
        var bytes: [UInt8] = []
        for (name, value) in usual + written {
            bytes += Array("\(name): ".utf8) + value + [UInt8(ascii: "\n")]
        }
        return bytes + [UInt8(ascii: "\n")]
    }

    /// What Asterisk always sends, for what a transcript leaves out. The number tells the legs apart.
    private func usualEnvironment(_ script: [UInt8]) -> [(name: String, value: [UInt8])] {
        let number = order.count + 1
        return [
            ("agi_network", Array("yes".utf8)),
            ("agi_network_script", script),
            ("agi_request", Array("agi://\(address)/".utf8) + script),
            ("agi_channel", Array("PJSIP/trunk-\(padded(number, 8))".utf8)),
            ("agi_language", Array("en".utf8)),
            ("agi_type", Array("PJSIP".utf8)),
            ("agi_uniqueid", Array("1795221000.\(number)".utf8)),
            ("agi_callerid", Array("15550142".utf8)),
            ("agi_calleridname", Array("Example Caller".utf8)),
        ]
    }
}
