import Diagnostics
import Testing

@Suite("Counts and shares in words")
struct WordsTests {
  @Test(
    "Only 0 and 1 are 0% and 100%; near them stands a bound",
    arguments: [
      (0.0, "0%"), (0.0004, "<0.1%"), (0.001, "0.1%"), (0.042, "4.2%"), (0.93, "93%"), (0.99949, ">99.9%"),
      (0.9996, ">99.9%"), (0.999, "99.9%"), (1, "100%"), (.nan, "nan%"),
    ])
  func shares(_ share: Double, _ text: String) {
    #expect(share.shareText == text)
  }
}
