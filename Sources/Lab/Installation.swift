public import Foundation

/// An Asterisk that is installed here: the system's own, or one in a private root that is entered by chroot.
public struct Installation: Sendable {
    /// The private root's folder; nil for the system's Asterisk.
    public let root: URL?

    /// The path of the program, as seen inside the root.
    public let program: String

    /// The folder of its modules, as seen inside the root.
    public let moduleFolder: String

    /// Its data folder (documentation, sounds), as seen inside the root.
    public let dataFolder: String

    /// Finds the Asterisk to use: `NIGHTBELL_PBX_ROOT`, then `asterisk` on PATH, then the root that `.ci/need pbx` makes.
    ///
    /// - Throws: `LabError.noAsterisk` when there is none.
    public static func find() throws -> Installation {
        let environment = ProcessInfo.processInfo.environment
        if let path = environment["NIGHTBELL_PBX_ROOT"] {
            return try Installation(root: URL(fileURLWithPath: path, isDirectory: true))
        }
        if let program = Program.find("asterisk") { return try Installation(system: program) }
        let home = environment["HOME"] ?? "/root"
        return try Installation(root: URL(fileURLWithPath: "\(home)/.cache/nightbell/pbx-forky", isDirectory: true))
    }

    /// The Asterisk in a private root, made by debootstrap.
    ///
    /// - Throws: `LabError.noAsterisk` when the folder holds none or we may not chroot.
    public init(root: URL) throws {
        let program = "/usr/sbin/asterisk"
        guard FileManager.default.isExecutableFile(atPath: root.path + program) else {
            throw LabError.noAsterisk("looked on PATH and in \(root.path)")
        }
        guard geteuid() == 0 else {
            throw LabError.noAsterisk("the private root \(root.path) can be used by root only")
        }
        try self.init(root: root, program: program)
    }

    /// The Asterisk of the system.
    ///
    /// - Throws: `LabError.noAsterisk` when its folders are not where its configuration says.
    public init(system program: String) throws {
        try self.init(root: nil, program: program)
    }

    private init(root: URL?, program: String) throws {
        self.root = root
        self.program = program
        let base = root?.path ?? ""
        // Where a distribution put modules and sounds is said in its asterisk.conf; read it, change nothing there.
        let text = (try? String(contentsOfFile: "\(base)/etc/asterisk/asterisk.conf", encoding: .utf8)) ?? ""
        func folder(_ key: String, _ usual: [String]) throws -> String {
            let lines = text.split(separator: "\n").map { $0.split(separator: ">", maxSplits: 1) }
            let said = lines.first { $0.count == 2 && $0[0].trimmingCharacters(in: .whitespaces) == "\(key) =" }
            let value = said?[1].split(separator: ";").first?.trimmingCharacters(in: .whitespaces)
            let places = [value].compactMap { $0 } + usual
            guard let found = places.first(where: { FileManager.default.fileExists(atPath: base + $0) }) else {
                throw LabError.noAsterisk("its \(key) is in none of \(places)")
            }
            return found
        }
        moduleFolder = try folder(
            "astmoddir",
            ["/usr/lib/x86_64-linux-gnu/asterisk/modules", "/usr/lib/asterisk/modules", "/usr/lib64/asterisk/modules"])
        dataFolder = try folder("astdatadir", ["/usr/share/asterisk", "/var/lib/asterisk"])
    }

    /// Where the lab's folders go: under /srv of the private root, or the temporary folder.
    var parent: URL {
        root?.appendingPathComponent("srv", isDirectory: true) ?? FileManager.default.temporaryDirectory
    }

    /// The path of a file as Asterisk sees it.
    func inside(_ file: URL) -> String {
        guard let root, file.path.hasPrefix(root.path) else { return file.path }
        return String(file.path.dropFirst(root.path.count))
    }

    /// The path of a file of Asterisk's, from outside.
    func outside(_ path: String) -> URL { URL(fileURLWithPath: (root?.path ?? "") + path) }

    /// The program and its arguments that run Asterisk.
    func invocation(_ arguments: [String]) throws -> (program: String, arguments: [String]) {
        guard let root else { return (program, arguments) }
        guard let chroot = Program.find("chroot") else { throw LabError.missingProgram("chroot", need: "pbx") }
        return (chroot, [root.path, program] + arguments)
    }
}
