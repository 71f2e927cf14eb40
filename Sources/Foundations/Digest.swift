internal import Crypto

/// SHA-256, as hexadecimal digits.
package struct Digest {
  private var hash = SHA256()

  /// Creates the digest of nothing yet.
  package init() {}

  /// Adds bytes to what is hashed.
  package mutating func add(_ bytes: [UInt8]) { hash.update(data: bytes) }

  /// The 64 digits of all that was added.
  package var digits: String {
    let alphabet = Array("0123456789abcdef")
    return String(hash.finalize().flatMap { [alphabet[Int($0 >> 4)], alphabet[Int($0 & 15)]] })
  }

  /// The digits of a text, in UTF-8; the first of them tell short texts apart well enough.
  package static func digits(of text: String) -> String {
    var digest = Digest()
    digest.add(Array(text.utf8))
    return digest.digits
  }
}
