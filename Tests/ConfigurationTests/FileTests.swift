import Configuration
import Foundation
import OnCall
import Testing

@Suite struct FileTests {
    @Test func theShippedFileHasNoMistake() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let settings = try ConfigurationFile.read(path: root.appending(path: "dialplan/nightbell.conf").path)
        #expect(settings.lines.map(\.name) == ["support"])
        #expect(settings.webServices.map(\.name) == ["entitlement"])
        #expect(settings.line(named: "support")?.title == "Example support")
    }

    @Test func aMissingFileIsOneProblem() {
        let error = #expect(throws: ConfigurationProblems.self) {
            try ConfigurationFile.read(path: "/nonexistent/nightbell.conf")
        }
        #expect(
            error?.problems.map(\.description) == [
                "/nonexistent/nightbell.conf: it can't be read: No such file or directory; name the file with --config"
            ])
    }

    @Test func aFolderIsOneProblem() {
        let error = #expect(throws: ConfigurationProblems.self) { try ConfigurationFile.read(path: "/") }
        #expect(error?.problems.count == 1)
        #expect(error?.description.contains("it can't be read") == true)
    }

    @Test func aFileHas1MiBAtMost() {
        let error = #expect(throws: ConfigurationProblems.self) { try ConfigurationFile.read(path: "/dev/zero") }
        #expect(error?.problems.first?.what == "it has more than 1 MiB")
    }

    @Test func allMistakesAreToldInTheOrderOfTheFile() {
        let text = """
            [general]
            type = server
            drain = soon
            [support]
            type = line
            title = A, B
            time_zone = Chicago
            rounds = 11
            step = on-call
            lookup = entitlment
            [entitlement]
            type = web-service
            url = ftp://example.com/
            """
        #expect(
            problems(text).map { $0.prefix { $0 != ";" } } == [
                "test.conf:3: 'soon' is no drain", "test.conf:4: [support] has no number",
                "test.conf:4: [support] has no mailbox", "test.conf:6: 'A, B' is no title",
                "test.conf:7: 'Chicago' is no time_zone", "test.conf:8: '11' is no rounds",
                "test.conf:9: 'on-call' is no step", "test.conf:10: no web service 'entitlment'",
                "test.conf:13: 'ftp://example.com/' is no url",
            ])
    }

    @Test func theErrorSaysHowManyMistakesThereAre() {
        let error = #expect(throws: ConfigurationProblems.self) { try settings(Configured.line("rounds = 0")) }
        #expect(
            error?.description
                == "the configuration has 1 mistake:\ntest.conf:7: '0' is no rounds; write a whole number from 1 to 10")
    }

    // MARK: Lines and sections

    @Test func carriageReturnsBlanksAndAByteOrderMarkAreNoMistakes() throws {
        let text =
            "\u{FEFF}; first\n" + Configured.line("  title\t=\tExample  ", "\t; last").replacing("\n", with: "\r\n")
        #expect(try settings(text).lines.first?.title == "Example")
    }

    @Test func linesAreCountedInAFileFromWindowsToo() {
        #expect(
            problems(Configured.line("rounds = 0").replacing("\n", with: "\r\n")).first?.hasPrefix("test.conf:7:")
                == true)
    }

    @Test func aSemicolonBeginsACommentUnlessEscaped() throws {
        let text = Configured.general("speech = speak -w {file} \\; {text} ; not this", ";speech = other")
        #expect(try settings(text).speech == "speak -w {file} ; {text}")
        #expect(
            try settings(Configured.general("speech = say \\n {file} {text}\\")).speech == "say \\n {file} {text}\\")
    }

    @Test func anArrowIsAnEqualsSign() throws {
        #expect(try settings(Configured.line("title => Example")).lines.first?.title == "Example")
    }

    @Test(arguments: [
        ("#include other.conf", "#include is not supported here; write everything into this one file"),
        ("#exec /bin/true", "#exec is not supported here; write everything into this one file"),
        ("rounds", "'rounds' is neither a section nor a key; write [name] or key = value"),
        ("[other", "'[other' is no section; write [name]"),
        (";-- off", "';--' begins a block comment in Asterisk; there are none here; write ; before each line"),
        ("title = a\u{7}b", "the line has a control character; take it out"),
        ("title = a\u{202E}b", "the line has a control character; take it out"),
        ("; " + String(repeating: "x", count: 999), "the line has more than 1000 characters; shorten it"),
    ])
    func aLineThatIsNoneIsTold(_ line: String, _ expected: String) {
        #expect(problems(Configured.line(line)) == ["test.conf:7: " + expected])
    }

    @Test func aLineHas1000CharactersAtMost() {
        #expect(problems(Configured.line("; " + String(repeating: "ä", count: 998))) == [])
        #expect(problems(Configured.line(";-----------------------")) == [])
    }

    @Test func aKeyBeforeTheFirstSectionIsTold() {
        #expect(
            problems("rounds = 2\n" + Configured.line())
                == ["test.conf:1: 'rounds' stands before the first section; begin with [general]"])
    }

    @Test(arguments: ["[Support](template)", "[Support](!)"])
    func templatesAreTold(_ header: String) {
        let found = problems(Configured.line(header, "type = server"))
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("test.conf:7:") == true)
        #expect(found.first?.contains("no templates") == true)
    }

    @Test(arguments: ["Support", "-support", "sup port", "suppört", "", String(repeating: "a", count: 33)])
    func aSectionsNameIsASlug(_ name: String) {
        let found = problems(Configured.line().replacing("[support]", with: "[\(name)]"))
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("test.conf:1: [\(name)] is no name of a section") == true)
    }

    @Test func aSectionMayNotComeTwice() {
        #expect(
            problems(Configured.line() + "\n" + Configured.line())
                == ["test.conf:7: the section [support] comes twice; the first is in line 1"])
    }

    @Test func thereIsOneServer() {
        #expect(
            problems(Configured.general("[other]", "type = server"))
                == [
                    "test.conf:9: [other] is a second section with type = server; write its keys into [general] in line 7"
                ])
    }

    @Test(arguments: [
        ("type = lines", "test.conf:2: no type 'lines'; did you mean 'line'?"),
        ("type = webservice", "test.conf:2: no type 'webservice'; did you mean 'web-service'?"),
        ("type = endpoint", "test.conf:2: no type 'endpoint'; write type = server, line, web-service or manager"),
        ("", "test.conf:1: [other] has no type; write type = server, line, web-service or manager"),
    ])
    func anUnknownTypeIsTold(_ type: String, _ expected: String) {
        #expect(problems("[other]\n\(type)\n" + Configured.line()) == [expected])
    }

    @Test(arguments: ["", "; nothing\n", "[general]\ntype = server\n"])
    func thereIsAtLeastOneLine(_ text: String) {
        #expect(problems(text) == ["test.conf: there is no line; add a section with type = line"])
    }

    @Test(arguments: [
        ("round = 2", "did you mean 'rounds'?"), ("timezone = x", "did you mean 'time_zone'?"),
        ("Title = x", "names are lower case: write 'title'"), ("holidays = x", "did you mean 'holiday'?"),
    ])
    func anUnknownKeyIsToldWithTheNearest(_ line: String, _ hint: String) {
        let key = line.prefix { $0 != " " }
        #expect(problems(Configured.line(line)) == ["test.conf:7: no key '\(key)' in a section of this type; \(hint)"])
    }

    @Test func anUnknownKeyFarFromAllIsToldWithAllKeys() {
        #expect(problems(Configured.line("colour = red")).first?.contains("there are type, title, number") == true)
    }

    @Test func aSingleKeyMayNotComeTwice() {
        #expect(
            problems(Configured.line("rounds = 2", "rounds = 3"))
                == ["test.conf:8: 'rounds' comes twice; the first is in line 7"])
        #expect(problems(Configured.line("type = line")).count == 1)
    }
}
