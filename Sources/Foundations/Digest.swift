internal import CNettle

/// SHA-256, as hexadecimal digits.
package struct Digest {
  /// The bytes of a digest.
  static let byteCount = 32

  private var state = cnettle_sha256()

  /// Creates the digest of nothing yet.
  package init() { cnettle_sha256_begin(&state) }

  /// Adds bytes to what is hashed.
  package mutating func add(_ bytes: [UInt8]) { cnettle_sha256_add(&state, bytes.count, bytes) }

  /// The 64 digits of all that was added.
  package var digits: String {
    var state = state
    var bytes = [UInt8](repeating: 0, count: Digest.byteCount)
    cnettle_sha256_end(&state, &bytes)
    let alphabet = Array("0123456789abcdef")
    return String(bytes.flatMap { [alphabet[Int($0 >> 4)], alphabet[Int($0 & 15)]] })
  }

  /// The digits of a text, in UTF-8; the first of them tell short texts apart well enough.
  package static func digits(of text: String) -> String {
    var digest = Digest()
    digest.add(Array(text.utf8))
    return digest.digits
  }
}

/// HMAC with SHA-256: a code for a message that only who has the key can make.
package struct AuthenticationCode: Sendable {
  /// The bytes of a code.
  package static let byteCount = Digest.byteCount

  private var state = cnettle_hmac()

  /// Creates the code of nothing yet.
  package init(key: [UInt8]) { cnettle_hmac_begin(&state, key.count, key) }

  /// Adds bytes to the message.
  package mutating func add(_ bytes: [UInt8]) { cnettle_hmac_add(&state, bytes.count, bytes) }

  /// The code of all that was added.
  package var bytes: [UInt8] {
    var state = state
    var bytes = [UInt8](repeating: 0, count: AuthenticationCode.byteCount)
    cnettle_hmac_end(&state, &bytes)
    return bytes
  }

  /// Whether this is the code of all that was added. It takes the same time wherever the bytes differ.
  package func isRight(_ code: [UInt8]) -> Bool {
    code.count == AuthenticationCode.byteCount && cnettle_equal(bytes, code, code.count) != 0
  }
}
