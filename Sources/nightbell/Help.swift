/// What `nightbell help` says.
enum Help {
    static let version = "0.1"

    static let overview = """
        nightbell answers a support line after hours, for Asterisk, over FastAGI.

        usage: nightbell COMMAND [OPTIONS]

          serve     answer Asterisk's calls
          check     read the configuration and name every mistake in it
          import    take engineers, contracts or shifts from a CSV file
          on-call   who would be rung, and in which order
          calls     the latest calls
          pages     the latest pages and who was rung for them
          sounds    make the prompts, or see which are missing on the PBX
          record    write down the calls between Asterisk and a FastAGI server
          replay    play written calls against a FastAGI server
          version   this version
          help      this text, or that of a command

        The configuration is read from /etc/nightbell/nightbell.conf or from --config FILE.
        Exit codes: 0 all is well, 1 it failed or something was found, 2 the command's words were wrong.
        """

    static let texts: [String: String] = [
        "serve": """
        usage: nightbell serve [--config FILE]

        Listens for FastAGI and serves the calls until SIGTERM or SIGINT; calls in progress then have the time
        that 'drain' allows, a second signal ends them at once. Logs a line an event to standard error.
        """,
        "check": """
        usage: nightbell check [--config FILE]

        Reads the configuration, names every mistake by file and line, and sums up what it understood.
        """,
        "import": """
        usage: nightbell import engineers|contracts|shifts FILE.csv [--replace] [--dry-run] [--config FILE]

        Checks every row and changes nothing unless all are good. Rows are added, or updated where they exist;
        with --replace the file is the whole table. --dry-run only checks.

          engineers   id,name,number
          contracts   contract,customer,entitled,callback_minutes      entitled: yes or no
          shifts      line,role,engineer,start,end,order               line empty: every line
        """,
        "on-call": """
        usage: nightbell on-call [--line LINE] [--at 'YYYY-MM-DD HH:MM'] [--config FILE]

        Says who would be rung, in order; --at is a time in the line's zone, or one with an offset.
        Exit code 1 when nobody would be.
        """,
        "calls": "usage: nightbell calls [--line LINE] [--limit 20] [--config FILE]",
        "pages": "usage: nightbell pages [--line LINE] [--limit 20] [--config FILE]",
        "sounds": """
        usage: nightbell sounds build --to DIR [--language en,de] [--manifest FILE] [--force] [--config FILE]
               nightbell sounds check --in DIR [--language en] [--manifest FILE] [--config FILE]

        build makes DIR/LANGUAGE/nightbell/NAME.wav for every prompt of the manifest, with espeak-ng and sox or
        with the program that 'speech' names in the configuration. With --config it makes the names of lines,
        customers and engineers too. What is there already stays, unless --force.
        check tells which prompts are missing in DIR, the sounds folder of the PBX.
        """,
        "record": """
        usage: nightbell record --listen ADDRESS:PORT --forward ADDRESS:PORT --to DIR [--join none|overlapping]
                                [--mask]

        Stands between Asterisk and a FastAGI server, forwards every byte as it is, and writes each call to
        DIR/TIME-UNIQUEID.agi when it has ended. Point the dialplan's agi:// at --listen.
        Whoever reaches --listen reaches the server, which sees the recorder's address instead of theirs.

          --join overlapping   a connection that begins while another one is open is a further leg of its file
          --mask               typed numbers of four and more digits keep only their last three, and the caller's
                               number and name are replaced. Base64, sounds and other variables are not looked into.

        SIGINT or SIGTERM stops accepting and waits for the calls; once more cuts them. A line a call on stderr.
        """,
        "replay": """
        usage: nightbell replay FILE|DIR... [--against ADDRESS:PORT] [--format text|tap|junit]
                        [--record never|missing|all] [--pace fast|real] [--patience SECONDS] [--jobs N]

        Plays Asterisk's part of each transcript (of a DIR all .agi files in it) and checks what the server says.

          --against    the server; 127.0.0.1:4573
          --record     missing: what the server says behind the end of a transcript gets usual replies and is added
                       to the file; all: lines that differ are replaced too
          --pace       real: Asterisk's lines come when their '@' times say; fast: at once
          --patience   seconds for the server's next command; 10
          --jobs       how many at once; 1

        Exit code 0 when all passed, 1 when one failed, 2 when a file cannot be read; nothing is played then.
        """,
    ]
}
