import Foundations
import Testing

/// The figures are those of FIPS 180-2 (appendix B) and RFC 4231.
@Suite struct DigestTests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      String(repeating: "a", count: 1_000_000),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ])
  func digitsAreThoseOfTheStandard(text: String, digits: String) {
    #expect(Digest.digits(of: text) == digits)
  }

  @Test func copiesGoOnByThemselves() {
    var digest = Digest()
    digest.add(Array("a".utf8))
    var other = digest
    digest.add(Array("bc".utf8))
    other.add([])
    #expect(digest.digits == Digest.digits(of: "abc") && digest.digits == Digest.digits(of: "abc"))
    #expect(other.digits == Digest.digits(of: "a"))
  }

  @Test(arguments: [
    (
      [UInt8](repeating: 0x0b, count: 20), "Hi There",
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    ),
    (
      Array("Jefe".utf8), "what do ya want for nothing?",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
    (
      [UInt8](repeating: 0xaa, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    ),
  ])
  func codesAreThoseOfTheStandard(key: [UInt8], message: String, digits: String) throws {
    var code = AuthenticationCode(key: key)
    for byte in message.utf8 { code.add([byte]) }
    let right = stride(from: 0, to: 64, by: 2).map { place in
      UInt8(digits.dropFirst(place).prefix(2), radix: 16) ?? 0
    }
    #expect(code.bytes == right)
    #expect(code.isRight(right))
    for place in right.indices {
      var wrong = right
      wrong[place] ^= 1
      #expect(!code.isRight(wrong))
    }
    #expect(!code.isRight([]) && !code.isRight(Array(right.dropLast())) && !code.isRight(right + [0]))
  }
}
