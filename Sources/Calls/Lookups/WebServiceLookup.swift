internal import Foundation
public import OnCall

/// Verifies contracts by asking a web service: `GET` of a URL in which `{contract}` stands for the digits.
///
/// The answer is `yes` or `no` as plain text, or JSON: `{"entitled": true, "customer": "…", "callback_minutes": 30}`.
/// A contract that does not exist is status 404, the text `unknown`, or `{"known": false}`.
public struct WebServiceLookup: ContractLookup {
    private let template: String
    private let timeout: Int
    private let retries: Int
    private let assumeEntitled: Bool
    private let token: String?

    /// The most bytes of an answer that are read.
    static let answerLimit = 65_536

    /// A lookup.
    ///
    /// - Parameters:
    ///   - url: holds `{contract}`.
    ///   - timeout: seconds for one try, from connecting to the last byte.
    ///   - retries: how often it is tried again.
    ///   - assumeEntitled: what a failure means: treated as entitled and marked unverified, or as not entitled.
    ///   - token: sent as `Authorization: Bearer`.
    public init(url: String, timeout: Int, retries: Int, assumeEntitled: Bool, token: String?) {
        template = url
        self.timeout = timeout
        self.retries = retries
        self.assumeEntitled = assumeEntitled
        self.token = token
    }

    /// Asks, and once more if that failed.
    public func verify(_ contract: ContractNumber, line: Line) async -> Verification {
        guard let url = URL(string: template.replacing("{contract}", with: contract.digits)) else {
            return assumed("the URL is none")
        }
        var reason = ""
        for _ in 0...retries {
            do {
                return try await ask(url)
            } catch {
                reason = (error as? Failure)?.text ?? "\(error)"
            }
        }
        return assumed(reason)
    }

    private func assumed(_ reason: String) -> Verification {
        Verification(entitlement: assumeEntitled ? .unverified(reason: reason) : .notEntitled)
    }

    private func ask(_ url: URL) async throws -> Verification {
        var headers = ["Accept: application/json, text/plain"]
        if let token { headers.append("Authorization: Bearer \(token)") }
        let (status, body) = try await Fetch.run(
            url.absoluteString, headers: headers, within: timeout, limit: Self.answerLimit)
        if status == 404 { return Verification(entitlement: .unknown) }
        guard status == 200 else { throw Failure("status \(status)") }
        return try Self.read(Data(body))
    }

    /// Reads an answer.
    static func read(_ data: Data) throws -> Verification {
        let text = String(decoding: data.prefix(answerLimit), as: UTF8.self).trimmingCharacters(
            in: .whitespacesAndNewlines)
        switch text.lowercased() {
        case "yes", "true", "1": return Verification(entitlement: .entitled)
        case "no", "false", "0": return Verification(entitlement: .notEntitled)
        case "unknown": return Verification(entitlement: .unknown)
        default: break
        }
        guard let answer = try? JSONDecoder().decode(Answer.self, from: data) else {
            throw Failure("rubbish for an answer")
        }
        if answer.known == false { return Verification(entitlement: .unknown) }
        guard let entitled = answer.entitled else { throw Failure("an answer without \"entitled\"") }
        return Verification(
            entitlement: entitled ? .entitled : .notEntitled,
            // The same cleaning as for a caller's name: both are texts from outside that people will read.
            customer: Caller(number: nil, name: answer.customer).name,
            callbackMinutes: answer.callback_minutes.flatMap { (1...10_080).contains($0) ? $0 : nil })
    }

    private struct Answer: Decodable {
        let entitled: Bool?
        let known: Bool?
        let customer: String?
        let callback_minutes: Int?
    }

    private struct Failure: Error {
        let text: String
        init(_ text: String) { self.text = text }
    }
}
