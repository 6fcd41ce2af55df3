extension Session {
    /// A channel variable or function, such as `CALLERID(num)`; nil when it is unset. Sends `GET VARIABLE`.
    ///
    /// A function's value is cut at 1,023 bytes; `fullVariable` does not cut.
    public func variable(_ name: String) async throws(AGIError) -> String? {
        let reply = try await perform(.getVariable) { $0.argument(name) }
        return reply.number == 1 ? reply.text ?? "" : nil
    }

    /// What the dialplan expression evaluates to, such as `${STAT(s,/tmp/x)}`, which may be empty; nil when the channel
    /// is not there. Sends `GET FULL VARIABLE`.
    ///
    /// The expression is evaluated by Asterisk: nothing that a caller typed or sent may become part of it. A value that
    /// may hold newlines or parentheses is best asked for inside `BASE64_ENCODE` or `FILTER`.
    public func fullVariable(_ expression: String, channel: String? = nil) async throws(AGIError) -> String? {
        let reply = try await perform(.getFullVariable) {
            $0.argument(expression)
            if let channel { $0.argument(channel) }
        }
        return reply.number == 1 ? reply.text ?? "" : nil
    }

    /// Sets a channel variable or function. Sends `SET VARIABLE`.
    public func setVariable(_ name: String, to value: String) async throws(AGIError) {
        try await perform(.setVariable) {
            $0.argument(name)
            $0.argument(value)
        }
    }

    /// A value of Asterisk's own database; nil when the key is not there. Sends `DATABASE GET`.
    public func databaseValue(family: String, key: String) async throws(AGIError) -> String? {
        let reply = try await perform(.databaseGet) {
            $0.argument(family)
            $0.argument(key)
        }
        return reply.number == 1 ? reply.text ?? "" : nil
    }

    /// Writes a value to Asterisk's database; false when that failed. Sends `DATABASE PUT`.
    @discardableResult
    public func setDatabaseValue(_ value: String, family: String, key: String) async throws(AGIError) -> Bool {
        try await perform(.databasePut) {
            $0.argument(family)
            $0.argument(key)
            $0.argument(value)
        }.number == 1
    }

    /// Removes a key from Asterisk's database; false when that failed. Sends `DATABASE DEL`.
    ///
    /// A key that was not there is no failure: Asterisk 16 and 22 answer as if they had removed it.
    @discardableResult
    public func deleteDatabaseValue(family: String, key: String) async throws(AGIError) -> Bool {
        try await perform(.databaseDel) {
            $0.argument(family)
            $0.argument(key)
        }.number == 1
    }

    /// Removes a family, or the tree under a key, from Asterisk's database. Sends `DATABASE DELTREE`.
    ///
    /// - Returns: whether something was deleted; Asterisk answers 0 for that, the other way round than `DATABASE DEL`.
    @discardableResult
    public func deleteDatabaseTree(family: String, keyTree: String? = nil) async throws(AGIError) -> Bool {
        try await perform(.databaseDelTree) {
            $0.argument(family)
            if let keyTree { $0.argument(keyTree) }
        }.number == 0
    }
}
