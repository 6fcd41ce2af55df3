internal import AGI
internal import OnCall

extension CallFlows {
    /// The single step `check-hours`.
    func checkHours(_ session: Session, _ line: Line) async throws {
        _ = try await isClosed(session, line)
    }

    /// Whether nobody is there now; leaves NIGHTBELL_HOURS.
    func isClosed(_ session: Session, _ line: Line) async throws(AGIError) -> Bool {
        let status = line.status(at: now())
        let value = status.channelValue
        log(.info, "hours", [("line", line.name), ("status", value), ("channel", session.environment.channel)])
        try await session.setVariable("NIGHTBELL_HOURS", to: value)
        return status != .open
    }
}
