import Diagnostics
import Testing

@Suite struct MarkupTests {
  @Test(arguments: [
    ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
    ("\"it's\"", "&quot;it&#39;s&quot;"),
    // An accent makes another character of a sign for whoever reads the text, and not for whoever reads the markup.
    ("\"\u{301} x=1", "&quot;\u{301} x=1"),
    ("&\u{301}<\u{20DD}", "&amp;\u{301}&lt;\u{20DD}"),
    ("é損失\u{1F600}", "é損失\u{1F600}"),
  ])
  func escapes(text: String, escaped: String) {
    #expect(text.escapedForMarkup { $0 } == escaped)
  }

  @Test func theRestIsForTheFormatToSay() {
    #expect("a\u{1}\u{FFFE}\n".escapedForMarkup { $0.isAllowedInXML ? $0 : nil } == "a\n")
    #expect("a\0b".escapedForMarkup { $0 == "\0" ? "?" : $0 } == "a?b")
  }
}
