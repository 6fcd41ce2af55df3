internal import CCrypto

/// The digest that Asterisk's challenge asks for. It is no secret-keeper any more, but the only one the protocol has.
enum MD5 {
    /// The MD5 of the text's bytes as 32 lower-case hexadecimal digits.
    ///
    /// - Throws: `AMIError.noDigest` when this machine's OpenSSL refuses MD5, as in FIPS mode. The corresponding C
    ///   functions are `EVP_Digest` and `EVP_md5`.
    static func hexadecimal(_ text: String) throws(AMIError) -> String {
        let bytes = Array(text.utf8)
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        guard EVP_Digest(bytes, bytes.count, &digest, &length, EVP_md5(), nil) == 1, length == 16 else {
            throw .noDigest
        }
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: digest.prefix(16).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
