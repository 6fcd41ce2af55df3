/// What Asterisk usually answers, for commands that a transcript does not know yet.
enum UsualReplies {
    /// The reply line without its newline. Verbs are known by their first words, in capitals or not.
    static func reply(to command: [UInt8]) -> [UInt8] {
        let line = String(decoding: command, as: UTF8.self).uppercased()
        for (verb, reply) in table where line == verb || line.hasPrefix(verb + " ") { return Array(reply.utf8) }
        return Array("200 result=0".utf8)
    }

    private static let table: [(verb: String, reply: String)] = [
        ("ANSWER", "200 result=0"),
        ("CONTROL STREAM FILE", "200 result=0 endpos=0"),
        ("EXEC", "200 result=0"),
        ("GET DATA", "200 result= (timeout)"),
        ("GET FULL VARIABLE", "200 result=0"),
        ("GET OPTION", "200 result=0 endpos=0"),
        ("GET VARIABLE", "200 result=0"),
        ("HANGUP", "200 result=1"),
        ("SET VARIABLE", "200 result=1"),
        ("STREAM FILE", "200 result=0 endpos=0"),
    ]
}
