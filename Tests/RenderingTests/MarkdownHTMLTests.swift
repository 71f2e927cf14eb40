import TestSupport
import Testing

@testable import Rendering

@Suite("Prose in HTML")
struct MarkdownHTMLTests {
  @Test(
    "The subset that notebooks are written in",
    arguments: [
      ("# One", "<h1>One</h1>"), ("### Three ###x", "<h3>Three ###x</h3>"), ("#not", "<p>#not</p>"),
      ("a\nb\n\nc", "<p>a\nb</p>\n<p>c</p>"),
      ("*em* **strong** `co<de>`", "<p><em>em</em> <strong>strong</strong> <code>co&lt;de&gt;</code></p>"),
      ("snake_case_name and 2 * 3 * 4", "<p>snake_case_name and 2 * 3 * 4</p>"),
      ("``a ` b``", "<p><code>a ` b</code></p>"), (#"\*plain\*"#, "<p>*plain*</p>"),
      ("[a *b*](c.md)", #"<p><a href="c.md">a <em>b</em></a></p>"#),
      ("<https://a.org/?b=1&c>", #"<p><a href="https://a.org/?b=1&amp;c">https://a.org/?b=1&amp;c</a></p>"#),
      (
        "- a\n- b\n  - c\n\npara", "<ul>\n<li>a</li>\n<li>b\n<ul>\n<li>c</li>\n</ul></li>\n</ul>\n<p>para</p>"
      ),
      ("3. a\n4. b", "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>"),
      ("> a\n> b", "<blockquote>\n<p>a\nb</p>\n</blockquote>"),
      (
        "<details><summary>In `K`</summary>\n\n- a\n\n</details>\nb",
        "<details><summary>In <code>K</code></summary>\n<ul>\n<li>a</li>\n</ul>\n</details>\n<p>b</p>"
      ),
      ("<details><summary>open</summary>", "<p>&lt;details&gt;&lt;summary&gt;open&lt;/summary&gt;</p>"),
      ("---", "<hr>"), ("a  \nb", "<p>a<br>\nb</p>"),
      ("```nbs\n<b>\n```\nafter", "<pre tabindex=\"0\"><code>&lt;b&gt;</code></pre>\n<p>after</p>"),
      (
        "| a | b |\n| --- | --: |\n| `x\\|y` | 1 |",
        "<table><thead><tr><th scope=\"col\">a</th><th scope=\"col\" class=\"num\">b</th></tr></thead>"
          + "<tbody><tr><td><code>x\\|y</code></td><td class=\"num\">1</td></tr></tbody></table>"
      ),
    ])
  func subset(markdown: String, html: String) {
    #expect(MarkdownHTML.html(markdown) == html)
  }

  @Test(
    "Nothing in prose is obeyed",
    arguments: [
      "<script>alert(1)</script>", "[a](javascript:alert(1))", "[a](JaVaScRiPt:x)", "![a](data:text/html,x)",
      "<img src=x onerror=y>", "`<script>`", "[x](\" onclick=\"y)", "<javascript:x>", "# <script>",
      "| <script> |\n| --- |\n| <script> |",
    ])
  func sanitized(markdown: String) {
    let html = MarkdownHTML.html(markdown)
    #expect(!html.contains("<script") && !html.contains("<img") && !html.contains("\" onclick"))
    #expect(!html.lowercased().contains("href=\"javascript") && !html.contains("href=\"data"))
  }

  @Test("No prose is too odd, and none takes long", arguments: 0..<300 as Range<UInt64>)
  func fuzz(seed: UInt64) {
    var noise = Noise(seed: seed)
    let pieces = Array("*_`[]()<>!\\#-+1. \n\n>|:a~é💡")
    let text = String((0..<600).compactMap { _ in pieces.randomElement(using: &noise) })
    let html = MarkdownHTML.html(text)
    // Tags are balanced as far as counting tells.
    for tag in ["p", "ul", "ol", "li", "em", "strong", "code", "pre", "blockquote", "table", "td"] {
      let opened = html.ranges(of: "<\(tag)>").count + html.ranges(of: "<\(tag) ").count
      #expect(opened == html.ranges(of: "</\(tag)>").count, "\(tag) in \(text)")
    }
  }
}
