public import Sockets

/// The clients of several PBXs, by the names an admin gave them. It belongs to the loop.
public final class Clients: @unchecked Sendable {
    /// The names in order.
    public let names: [String]
    private let clients: [String: Client]
    private let loop: EventLoop

    /// Makes a client for each PBX; nothing is connected before `run`.
    ///
    /// - Parameter observe: hears each state with the PBX's name.
    public init(
        on loop: EventLoop, _ pbxs: [String: ClientOptions],
        observe: @escaping @Sendable (_ name: String, Client.State) -> Void = { _, _ in }
    ) {
        self.loop = loop
        names = pbxs.keys.sorted()
        var clients: [String: Client] = [:]
        for (name, options) in pbxs {
            clients[name] = Client(on: loop, options: options) { observe(name, $0) }
        }
        self.clients = clients
    }

    /// The client of a PBX; nil when none has this name.
    public subscript(_ name: String) -> Client? { clients[name] }

    /// Keeps all of them connected until `stop`.
    public func run() async {
        await withDiscardingTaskGroup { group in
            for client in clients.values {
                group.addTask(executorPreference: loop) { await client.run() }
            }
        }
    }

    /// Ends all of them.
    public func stop() {
        for client in clients.values { client.stop() }
    }
}
