import Foundations
import Testing

@Suite struct ErrorCodeTests {
  @Test func codesAreLowerCaseWordsJoinedByHyphens() {
    for code in ErrorCode.allCases {
      #expect(code.description.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil, "\(code)")
    }
  }

  @Test func aHeadlineIsItsCodeInCapitals() {
    #expect(ErrorCode.unknownOption.title == "UNKNOWN OPTION")
    #expect(ErrorCode(rawValue: "unknown-option") == .unknownOption)
  }
}

@Suite struct ByteTextTests {
  @Test func bytesForAReader() {
    let counts: [Int] = [1, 512, 250_000, 1_048_000, 20 << 20, 3 << 30, 3 << 29, 12 << 30]
    #expect(
      counts.map(\.byteText) == [
        "1 byte", "512 bytes", "244 KiB", "1023 KiB", "20 MiB", "3 GiB", "1.5 GiB", "12 GiB",
      ])
  }
}
