import Foundation
import Foundations

/// Signs messages and checks signatures, HMAC with SHA-256 over the four parts in JSON.
struct Signer: Sendable {
  /// The code of an empty message; nil where nothing is signed.
  private let start: AuthenticationCode?
  /// The signatures that have come, so that a message which somebody heard and sends again is not obeyed.
  private var seen: Set<[UInt8]> = []
  /// The same in the order in which they came, the oldest at `oldest` once there are ``mostSeen``.
  private var order: [[UInt8]] = []
  private var oldest = 0

  /// So many signatures are remembered.
  static let mostSeen = 1 << 16

  /// - Parameter key: empty for messages without a signature.
  init(key: [UInt8]) { start = key.isEmpty ? nil : AuthenticationCode(key: key) }

  /// The signature of some parts, in hexadecimal digits.
  func signature(of parts: some Sequence<[UInt8]>) -> [UInt8] {
    guard var code = start else { return [] }
    for part in parts { code.add(part) }
    let digits = Array("0123456789abcdef".utf8)
    return code.bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  }

  /// Why a signature is not accepted; nil where it is.
  ///
  /// Signatures are compared in the same time wherever they differ.
  mutating func refusal(of signature: [UInt8], for parts: some Sequence<[UInt8]>) -> String? {
    guard var code = start else { return nil }
    guard let bytes = Signer.bytes(ofDigits: signature) else { return "its signature is no HMAC-SHA256" }
    for part in parts { code.add(part) }
    guard code.isRight(bytes) else { return "its signature is wrong" }
    guard seen.insert(bytes).inserted else { return "a message with its signature has come before" }
    if order.count < Signer.mostSeen {
      order.append(bytes)
    } else {
      seen.remove(order[oldest])
      order[oldest] = bytes
      oldest = (oldest + 1) % Signer.mostSeen
    }
    return nil
  }

  private static func bytes(ofDigits digits: [UInt8]) -> [UInt8]? {
    guard digits.count == 2 * AuthenticationCode.byteCount else { return nil }
    func value(_ digit: UInt8) -> UInt8? {
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
      default: nil
      }
    }
    var bytes: [UInt8] = []
    for place in stride(from: 0, to: digits.count, by: 2) {
      guard let high = value(digits[place]), let low = value(digits[place + 1]) else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }
}
