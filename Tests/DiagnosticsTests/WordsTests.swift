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

  @Test func secondsForAReader() {
    let seconds = [0.0000042, 0.0123, 1.26, 6, 125, 7500]
    #expect(seconds.map(\.durationText) == ["4 us", "12 ms", "1.3 s", "6 s", "2 min 5 s", "2 h 5 min"])
  }

  @Test func oneLetterIsNearToNoOther() {
    #expect(DidYouMean.nearest(to: "σ", among: ["W", "b"]) == nil)
    #expect(DidYouMean.nearest(to: "w", among: ["W", "b"]) == "W")
    #expect(DidYouMean.nearest(to: "xy", among: ["z", "x"]) == "x")
    #expect(DidYouMean.nearest(to: "xo", among: ["xor"]) == "xor")
  }
}
