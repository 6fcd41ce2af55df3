internal import Foundation
internal import FoundationNetworking
internal import Synchronization

/// Fetches one URL and keeps no more of the answer than a limit, whatever the other side sends.
///
/// Redirects are not followed: the token is meant for the host that the configuration names.
final class CappedFetch: NSObject, URLSessionDataDelegate, Sendable {
    /// Why there is no answer.
    enum Failure: Error, CustomStringConvertible {
        case tooLong(Int)
        case noHTTP
        case network(String)

        var description: String {
            switch self {
            case .tooLong(let limit): "an answer of more than \(limit) bytes"
            case .noHTTP: "no HTTP"
            case .network(let text): text
            }
        }
    }

    typealias Answer = (status: Int, body: Data)

    private struct State {
        var body = Data()
        var isTooLong = false
        var continuation: CheckedContinuation<Answer, any Error>?
    }

    private let limit: Int
    private let state = Mutex(State())

    private init(limit: Int) { self.limit = limit }

    /// Fetches.
    ///
    /// - Parameters:
    ///   - seconds: for the whole of it, from connecting to the last byte.
    ///   - limit: the most bytes of the body.
    static func run(_ request: URLRequest, within seconds: Int, limit: Int) async throws -> Answer {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = TimeInterval(seconds)
        configuration.timeoutIntervalForResource = TimeInterval(seconds)
        configuration.httpShouldSetCookies = false
        let fetch = CappedFetch(limit: limit)
        let session = URLSession(configuration: configuration, delegate: fetch, delegateQueue: nil)
        defer { session.finishTasksAndInvalidate() }
        return try await withCheckedThrowingContinuation { continuation in
            fetch.state.withLock { $0.continuation = continuation }
            session.dataTask(with: request).resume()
        }
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let isTooLong = state.withLock { state in
            if state.body.count + data.count > limit { state.isTooLong = true } else { state.body += data }
            return state.isTooLong
        }
        if isTooLong { dataTask.cancel() }
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        let status = (task.response as? HTTPURLResponse)?.statusCode
        let (waiting, body, isTooLong) = state.withLock { state in
            defer { state.continuation = nil }
            return (state.continuation, state.body, state.isTooLong)
        }
        if isTooLong {
            waiting?.resume(throwing: Failure.tooLong(limit))
        } else if let error {
            waiting?.resume(throwing: Failure.network(error.localizedDescription))
        } else if let status {
            waiting?.resume(returning: (status, body))
        } else {
            waiting?.resume(throwing: Failure.noHTTP)
        }
    }
}
