internal import CCurl
internal import Dispatch

/// Fetches a URL with the system's libcurl and keeps no more of the answer than a limit, whatever the other side sends
/// and however slowly.
///
/// Redirects are not followed: the token is meant for the host that the configuration names.
enum Fetch {
    /// A status and a body.
    typealias Answer = (status: Int, body: [UInt8])

    /// Why there is no answer.
    enum Failure: Error, CustomStringConvertible {
        case tooLong(Int)
        case tooSlow(Int)
        case noClient
        /// What libcurl says (`curl_easy_strerror`).
        case network(String)

        var description: String {
            switch self {
            case .tooLong(let limit): "an answer of more than \(limit) bytes"
            case .tooSlow(let seconds): "no whole answer within \(seconds) s"
            case .noClient: "libcurl could not be used"
            case .network(let text): text
            }
        }
    }

    /// libcurl blocks, so each fetch has a thread; beyond 64 at once the others wait their turn.
    private static let threads = DispatchQueue(label: "fetch", attributes: .concurrent)

    /// Once a process, before any other use (`curl_global_init`).
    private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// Fetches, by GET.
    ///
    /// - Parameters:
    ///   - headers: lines such as `Accept: text/plain`.
    ///   - seconds: for the whole of it, from looking up the host to the last byte.
    ///   - limit: the most bytes of the headers, and of the body.
    /// - Throws: `Failure`. The corresponding C function is `curl_easy_perform`.
    static func run(_ url: String, headers: [String], within seconds: Int, limit: Int) async throws -> Answer {
        try await withCheckedThrowingContinuation { continuation in
            threads.async {
                continuation.resume(with: Result { try perform(url, headers, within: seconds, limit: limit) })
            }
        }
    }

    private static func perform(
        _ url: String, _ headers: [String], within seconds: Int, limit: Int
    ) throws(Failure) -> Answer {
        guard isReady, let curl = curl_easy_init() else { throw .noClient }
        defer { curl_easy_cleanup(curl) }
        var list: UnsafeMutablePointer<curl_slist>?
        for header in headers { list = curl_slist_append(list, header) }
        defer { curl_slist_free_all(list) }
        let received = Received(limit: limit)
        let settings = [
            ccurl_set_text(curl, CURLOPT_URL, url), ccurl_set_headers(curl, list),
            ccurl_set_text(curl, CURLOPT_USERAGENT, "nightbell"),
            ccurl_set_long(curl, CURLOPT_PROTOCOLS, Int(CURLPROTO_HTTP | CURLPROTO_HTTPS)),
            ccurl_set_long(curl, CURLOPT_FOLLOWLOCATION, 0), ccurl_set_long(curl, CURLOPT_TIMEOUT, seconds),
            // Without signals: this is one thread of many.
            ccurl_set_long(curl, CURLOPT_NOSIGNAL, 1),
            ccurl_set_sinks(curl, keepBody, countHeader, Unmanaged.passUnretained(received).toOpaque()),
        ]
        guard settings.allSatisfy({ $0 == CURLE_OK }) else { throw .noClient }
        let code = withExtendedLifetime(received) { curl_easy_perform(curl) }
        if received.isTooLong { throw .tooLong(limit) }
        if code == CURLE_OPERATION_TIMEDOUT { throw .tooSlow(seconds) }
        guard code == CURLE_OK else { throw .network(String(cString: curl_easy_strerror(code))) }
        return (ccurl_status(curl), received.body)
    }
}

/// What has come of an answer.
private final class Received {
    let limit: Int
    var body: [UInt8] = []
    var headerBytes = 0
    var isTooLong = false

    init(limit: Int) { self.limit = limit }
}

/// libcurl's sinks: what is not taken whole ends the transfer at once (CURLE_WRITE_ERROR).
private func keepBody(_ bytes: UnsafeMutablePointer<CChar>?, _: Int, _ count: Int, _ context: UnsafeMutableRawPointer?)
    -> Int
{
    guard let bytes, let context else { return 0 }
    let received = Unmanaged<Received>.fromOpaque(context).takeUnretainedValue()
    guard received.body.count + count <= received.limit else {
        received.isTooLong = true
        return 0
    }
    received.body += UnsafeRawBufferPointer(start: bytes, count: count)
    return count
}

private func countHeader(_: UnsafeMutablePointer<CChar>?, _: Int, _ count: Int, _ context: UnsafeMutableRawPointer?)
    -> Int
{
    guard let context else { return 0 }
    let received = Unmanaged<Received>.fromOpaque(context).takeUnretainedValue()
    received.headerBytes += count
    if received.headerBytes > received.limit { received.isTooLong = true }
    return received.isTooLong ? 0 : count
}
