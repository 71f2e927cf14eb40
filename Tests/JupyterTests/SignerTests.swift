import Foundation
import JSON
import TestSupport
import Testing

@testable import Jupyter

@Suite("Messages and their signatures")
struct SignerTests {
  private func parts(_ texts: String...) -> [[UInt8]] { texts.map { Array($0.utf8) } }

  /// The digits are those of Python's `hmac.new(key, b"".join(parts), hashlib.sha256).hexdigest()`.
  @Test("A signature is HMAC-SHA256 over the parts, in digits")
  func digits() {
    let signer = Signer(key: Array("a0436f6c-1916-498b-8eb9-e81ab9368e84".utf8))
    let signature = signer.signature(of: parts(#"{"msg_id":"1"}"#, "{}", "{}", #"{"code":"6 * 7"}"#))
    #expect(
      String(decoding: signature, as: UTF8.self)
        == "813d74c1708c9e6fe8b6034d458d2d08ab06e78ff22466f98f0511b42c2425bc")
  }

  @Test("A right signature is accepted once, a wrong one never")
  func refusals() {
    var signer = Signer(key: Array("key".utf8))
    let message = parts("{}", "{}", "{}", "{}")
    let signature = signer.signature(of: message)
    var wrong = signature
    wrong[10] ^= 1
    #expect(signer.refusal(of: wrong, for: message) == "its signature is wrong")
    #expect(signer.refusal(of: signature, for: parts("{}", "{}", "{}", "{} ")) == "its signature is wrong")
    #expect(signer.refusal(of: [], for: message) == "its signature is no HMAC-SHA256")
    #expect(signer.refusal(of: signature, for: message) == nil)
    #expect(signer.refusal(of: signature, for: message) == "a message with its signature has come before")
    // The same signature in other letters is the same signature.
    let shouted = Array(String(decoding: signature, as: UTF8.self).uppercased().utf8)
    #expect(signer.refusal(of: shouted, for: message) == "a message with its signature has come before")
  }

  @Test("Without a key nothing is signed, and nothing is checked")
  func noKey() {
    var signer = Signer(key: [])
    #expect(signer.signature(of: parts("{}")).isEmpty)
    #expect(signer.refusal(of: Array("anything".utf8), for: parts("{}")) == nil)
  }

  @Test("A message is read out of its parts")
  func reading() throws {
    var client = TestClient()
    let message = try client.request(
      "execute_request", #"{"code": "1"}"#, metadata: #"{"cellId": "x"}"#,
      date: "2026-11-29T10:00:00.250000+00:00")
    #expect(message.type == "execute_request" && message.replyType == "execute_reply")
    #expect(message.identities == [Array("client".utf8)])
    #expect(message.content["code"]?.string == "1" && message.metadata["cellId"]?.string == "x")
    let date = try #require(message.date)
    #expect(abs(date.timeIntervalSince1970 - 1_795_946_400.25) < 1e-3)
  }

  @Test("What is no message is refused with the reason")
  func noMessages() {
    func reason(_ frames: [[UInt8]]) -> String? {
      var signer = Signer(key: TestClient.key)
      do throws(Message.Refusal) {
        _ = try Message(frames, from: .shell, &signer)
        return nil
      } catch { return error.reason }
    }
    func signed(_ texts: String...) -> [[UInt8]] {
      let parts = texts.map { Array($0.utf8) }
      return [Message.delimiter, Signer(key: TestClient.key).signature(of: parts)] + parts
    }
    #expect(reason([]) == "it has no <IDS|MSG>")
    #expect(reason([Message.delimiter, [1, 2]]) == "parts are missing")
    #expect(reason(signed("{", "{}", "{}", "{}")) == "a part is not a JSON object")
    #expect(reason(signed("[]", "{}", "{}", "{}")) == "a part is not a JSON object")
    #expect(reason(signed("{}", "{}", "{}", "{}")) == "its header has no msg_type or msg_id")
    var client = TestClient()
    #expect(reason(client.frames("execute_request", key: Array("other".utf8))) == "its signature is wrong")
  }

  @Test("Damaged messages are refused and end nothing")
  func damaged() throws {
    var noise = Noise(seed: 17)
    var client = TestClient()
    var accepted = 0
    for round in 0..<1000 {
      var frames = client.frames("execute_request", #"{"code": "print 1", "silent": false}"#)
      let place = Int(noise.next() % UInt64(frames.count))
      switch round % 4 {
      case 0: frames.remove(at: place)
      case 1:
        frames[place] = (0..<Int(noise.next() % 40)).map { _ in UInt8(truncatingIfNeeded: noise.next()) }
      case 2: frames.insert(frames[place], at: Int(noise.next() % UInt64(frames.count)))
      default:
        guard !frames[place].isEmpty else { continue }
        let byte = Int(noise.next() % UInt64(frames[place].count))
        frames[place][byte] ^= UInt8(truncatingIfNeeded: noise.next() | 1)
      }
      var signer = Signer(key: TestClient.key)
      if let message = try? Message(frames, from: .shell, &signer) {
        accepted += 1
        // Only who sent it may have changed.
        #expect(message.content["code"]?.string == "print 1")
      }
    }
    #expect(accepted > 0 && accepted < 600)
  }
}
