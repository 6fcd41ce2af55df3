internal import Sockets

/// `type = manager`: the account with which engineers are rung where there is no call to ring from.
enum ManagerSection {
    static func read(_ check: SectionCheck) -> ManagerAccount? {
        check.checkKeys(single: ["address", "user", "secret"])
        let address = check.value(
            "address", default: SocketAddress(ip: .loopback, port: 5038),
            "write ADDRESS:PORT, such as 127.0.0.1:5038", { SocketAddress($0) })
        let user = check.required("user", "write the section's name in manager.conf: letters, digits, - and _") {
            (1...79).contains($0.utf8.count) && $0.utf8.allSatisfy(isOfName) ? $0 : nil
        }
        let secret = secret(check)
        guard check.problems.isEmpty, let user, let secret else { return nil }
        return ManagerAccount(address: address, user: user, secret: secret)
    }

    /// The secret; a mistake is told without it, since what is told ends up in logs.
    private static func secret(_ check: SectionCheck) -> String? {
        guard let entry = check.all("secret").first else {
            check.problem(check.section.line, "[\(check.section.name)] has no secret", "write the one of manager.conf")
            return nil
        }
        if (1...200).contains(entry.value.utf8.count), entry.value.utf8.allSatisfy({ (33...126).contains($0) }) {
            return entry.value
        }
        check.problem(
            entry.line, "the secret is empty or has other characters than printable ASCII without blanks",
            "write the one of manager.conf")
        return nil
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (97...122).contains(byte | 0x20) || byte == 95 || byte == 45
    }
}
