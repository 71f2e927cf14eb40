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
    #expect(
      [512, 20 << 20, 3 << 30, 3 << 29, 12 << 30].map(\.byteText) == [
        "512 bytes", "20 MiB", "3 GiB", "1.5 GiB", "12 GiB",
      ])
  }
}
