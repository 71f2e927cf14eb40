import Testing

@testable import Rendering

@Suite("Captions in Markdown")
struct CaptionMarkupTests {
  @Test(
    "What a name holds is shown, and what needs no escape has none",
    arguments: [
      ("*a* `b` $x$", #"\*a\* \`b\` \$x\$"#),
      ("<script>alert</script> &amp;", #"\<script>alert\</script> \&amp;"#),
      ("snake_case on <0.1% & x_1", "snake_case on <0.1% & x_1"), ("_it_ \\n", #"\_it\_ \\n"#),
    ])
  func escaped(caption: String, markdown: String) {
    #expect(caption.escapedForEmphasis == markdown)
  }
}
