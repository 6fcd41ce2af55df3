internal import Sockets

extension Client {
    /// Reads the banner, logs in and waits until Asterisk is fully booted. Sends Challenge and Login.
    ///
    /// - Returns: the version in the banner.
    func logIn(_ link: Link) async throws(AMIError) -> String {
        let (banner, booted) = (link.banner, link.booted)
        loop.schedule(at: loop.deadline(after: options.reply)) { banner.fulfil(nil) }
        guard let version = await banner.get() else {
            throw link.failure ?? .notAMI("no banner within \(options.reply)")
        }
        var login = Action("Login")
        if options.isPlain {
            login.add("Username", options.user)
            login.add("Secret", options.secret.text)
        } else {
            let key = try MD5.hexadecimal(try await challenge(link) + options.secret.text)
            login.add("AuthType", "MD5")
            login.add("Username", options.user)
            login.add("Key", key)
        }
        do throws(AMIError) {
            _ = try await link.perform(login, within: options.reply)
        } catch {
            throw refused(error)
        }
        // Actions before that find half a dialplan: an Originate is answered with "Extension does not exist".
        loop.schedule(at: loop.deadline(after: options.booting)) { booted.fulfil(false) }
        guard await booted.get() else {
            throw link.failure ?? .notBooted(user: options.user, address: options.address)
        }
        return version
    }

    private func challenge(_ link: Link) async throws(AMIError) -> String {
        let answer: Link.Answer
        do throws(AMIError) {
            answer = try await link.perform(Action("Challenge", ["AuthType": "MD5"]), within: options.reply)
        } catch {
            throw refused(error)
        }
        guard let challenge = answer.response["Challenge"] else { throw .notAMI("a challenge without a challenge") }
        return challenge
    }

    private func refused(_ error: AMIError) -> AMIError {
        switch error {
        case .rejected(_, let message):
            .loginRefused(user: options.user, address: options.address, message: message)
        case .denied: .loginRefused(user: options.user, address: options.address, message: "Permission denied")
        default: error
        }
    }
}
