import AGI
import Lab
import Testing

/// The library's table of commands, compared with the Asterisk that is running here.
///
/// Asterisk 16.28 and 22.10 have the same 47 commands with the same arguments, of which GOSUB is there only while
/// app_stack is loaded. An Asterisk that has more, fewer or others fails these tests, and is to be described here.
struct CommandTableScenarios {
    @Test func namesAndDeadFlags_areThoseOfTheConsole() async throws {
        let console = try await PBX.shared().command("agi show commands")
        // `%5.5s %30.30s   %s`: whether it runs dead, the command, what it does.
        let rows = console.split(separator: "\n").dropFirst().map { line in
            let isDeadSafe = line.prefix(5).contains("Yes")
            let name = line.dropFirst(6).prefix(30).drop { $0 == " " }
            return Row(name: name.uppercased(), isDeadSafe: isDeadSafe)
        }
        let table = Command.all.map { Row(name: $0.text, isDeadSafe: $0.isDeadSafe) }
        #expect(Set(rows).subtracting(table) == [])
        #expect(Set(table).subtracting(rows) == [])
        #expect(rows.count == table.count)
    }

    @Test(arguments: syntaxes) func argumentsAreThoseThatTheMethodsTake(syntax: String) async throws {
        let name = try #require(
            Command.all.map { $0.text.lowercased() }.filter { syntax == $0 || syntax.hasPrefix($0 + " ") }
                .max { $0.count < $1.count })
        let topic = try await PBX.shared().command("agi show commands topic \(name)")
        #expect(Self.syntax(in: topic) == syntax)
    }

    @Test func everyCommandHasItsArgumentsChecked() {
        #expect(Self.syntaxes.count == Command.all.count)
    }

    private struct Row: Hashable {
        let name: String
        let isDeadSafe: Bool
    }

    /// What stands below `[Syntax]`, on one line; a heading is a word in brackets, an argument is `[<name>]`.
    private static func syntax(in topic: String) -> String {
        let lines = topic.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.drop { !$0.contains("[Syntax]") }.dropFirst()
            .prefix { !$0.isEmpty && ($0.first != "[" || $0.hasPrefix("[<")) }
            .flatMap { $0.split(separator: " ") }.joined(separator: " ")
    }

    /// `set music` and `tdd mode` take words, whose names the console leaves out.
    private static let syntaxes = [
        "answer", "asyncagi break", "channel status [<channelname>]",
        "control stream file <filename> <escape_digits> [<skipms>] [<ffchar>] [<rewchr>] [<pausechr>] [<offsetms>]",
        "database del <family> <key>", "database deltree <family> [<keytree>]", "database get <family> <key>",
        "database put <family> <key> <value>", "exec <application> <options>",
        "get data <file> [<timeout>] [<maxdigits>]", "get full variable <expression> [<channelname>]",
        "get option <filename> <escape_digits> [<timeout>]", "get variable <variablename>",
        "gosub <context> <extension> <priority> [<optional-argument>]", "hangup [<channelname>]", "noop",
        "receive char <timeout>", "receive text <timeout>",
        "record file <filename> <format> <escape_digits> <timeout> [<offset_samples>] [<beep>] [<s=silence>]",
        "say alpha <number> <escape_digits>", "say date <date> <escape_digits>",
        "say datetime <time> <escape_digits> [<format>] [<timezone>]", "say digits <number> <escape_digits>",
        "say number <number> <escape_digits> [<gender>]", "say phonetic <string> <escape_digits>",
        "say time <time> <escape_digits>", "send image <image>", "send text <text to send>", "set autohangup <time>",
        "set callerid <number>", "set context <desired context>", "set extension <new extension>",
        "set music {|} <class>", "set priority <priority>", "set variable <variablename> <value>",
        "speech activate grammar <grammar name>", "speech create <engine>", "speech deactivate grammar <grammar name>",
        "speech destroy", "speech load grammar <grammar name> <path to grammar>",
        "speech recognize <prompt> <timeout> [<offset>]", "speech set <name> <value>",
        "speech unload grammar <grammar name>", "stream file <filename> <escape_digits> [<sample offset>]",
        "tdd mode {|}", "verbose <message> <level>", "wait for digit <timeout>",
    ]
}
