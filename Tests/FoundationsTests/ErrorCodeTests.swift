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
