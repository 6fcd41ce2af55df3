internal import Glibc

extension Transcript {
    /// Reads a file. It blocks, so call it off the event loop. The corresponding C functions are `open` and `read`.
    ///
    /// - Throws: `TranscriptError.unreadable` or `malformed`.
    public init(contentsOf path: String) throws(TranscriptError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(file: path, reason: systemText()) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= TranscriptLimits.fileBytes {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw .unreadable(file: path, reason: systemText())
            }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        try self.init(bytes: bytes, name: path)
    }

    /// Puts the transcript in the place of a file: whoever reads it sees the old one or the new one, whole. It blocks.
    /// The corresponding C function is `rename`.
    ///
    /// - Throws: `TranscriptError.unwritable`; the old file is untouched then.
    public func replace(_ path: String) throws(TranscriptError) {
        var old = stat()
        let mode = stat(path, &old) == 0 ? old.st_mode & 0o777 : 0o644
        let temporary = "\(path).\(getpid()).new"
        try writeNewFile(Array(text.utf8), temporary, mode: mode)
        guard rename(temporary, path) == 0 else {
            let reason = systemText()
            unlink(temporary)
            throw .unwritable(file: path, reason: reason)
        }
    }

    /// Writes the transcript as a new file `DIRECTORY/STEM.agi`, or `STEM-2.agi` and so on when that is taken. It
    /// blocks. Only its owner may read it. The corresponding C function is `link`.
    ///
    /// - Parameter serial: tells apart what this process writes at the same time.
    /// - Returns: the path of the file.
    /// - Throws: `TranscriptError.unwritable`.
    func writeNew(in directory: String, stem: String, serial: Int) throws(TranscriptError) -> String {
        let temporary = "\(directory)/.\(stem).\(getpid()).\(serial).new"
        try writeNewFile(Array(text.utf8), temporary, mode: 0o600)
        defer { unlink(temporary) }
        for number in 1...10_000 {
            let path = "\(directory)/\(stem)\(number == 1 ? "" : "-\(number)").agi"
            // Unlike rename, link refuses a name that is taken.
            if link(temporary, path) == 0 { return path }
            guard errno == EEXIST else { throw .unwritable(file: path, reason: systemText()) }
        }
        throw .unwritable(file: "\(directory)/\(stem).agi", reason: "there are 10,000 of this name")
    }
}

private func writeNewFile(_ bytes: [UInt8], _ path: String, mode: mode_t) throws(TranscriptError) {
    // One left behind by a process that was killed is nobody's any more.
    unlink(path)
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw .unwritable(file: path, reason: systemText()) }
    defer { close(descriptor) }
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if count > 0 {
            rest = rest.dropFirst(count)
        } else if errno != EINTR {
            let reason = systemText()
            unlink(path)
            throw .unwritable(file: path, reason: reason)
        }
    }
}

private func systemText() -> String { String(cString: strerror(errno)) }
