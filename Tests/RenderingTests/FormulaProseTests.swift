import Notebooks
import Testing

@testable import Rendering

/// Formulas in prose: drawn in HTML, in plain symbols in a terminal, untouched in Markdown.
@Suite struct FormulaProseTests {
  @Test func inHTML() {
    let html = MarkdownHTML.html("The sum $z = w x$ costs $5.\n\n$$\nL = y^2\n$$\n\nEnd")
    #expect(html.hasPrefix("<p>The sum <math alttext=\"z = w x\">") && html.contains("</math> costs $5.</p>"))
    #expect(html.contains("\n<math display=\"block\" alttext=\"L = y²\">") && html.hasSuffix("<p>End</p>"))
    #expect(MarkdownHTML.html(#"\$x$ and `$x$`"#) == "<p>$x$ and <code>$x$</code></p>")
    #expect(MarkdownHTML.html("| a |\n| --- |\n| $x$ |").contains("<td><math"))
  }

  @Test func aMistakeIsShownWithTheSource() {
    let html = MarkdownHTML.html(#"See $\foo<b>$."#)
    #expect(html.contains(#"<code class="bad-formula" title="`\foo`"#), "\(html)")
    #expect(html.contains(#">$\foo&lt;b&gt;$</code>"#))
    #expect(MarkdownHTML.html("$$\nnever closed") == "<p>$$\nnever closed</p>")
  }

  @Test func inATerminal() {
    let style = TextStyle(width: 60)
    #expect(MarkdownText.text("The sum $z = w_1 x$\ncosts $5.", style: style) == "The sum z = w₁ x costs $5.")
    #expect(MarkdownText.text("- item $x^2$", style: style) == "- item x²")
    #expect(MarkdownText.text("See\n\n$$\\frac{a}{b}$$\n\nend", style: style) == "See\n\n    a/b\n\nend")
    #expect(MarkdownText.text(#"`$x$` \$5 $\foo$"#, style: style) == #"`$x$` $5 $\foo$"#)
    let details = "a\n<details><summary>In Keras</summary>\n\nb\n</details>\n\nc"
    #expect(MarkdownText.text(details, style: style) == "a\nIn Keras:\n\nb\n\nc")
    #expect(MarkdownText.text("```\n$x^2$\n```", style: style) == "```\n$x^2$\n```")
  }

  @Test func boldIsBoldWhereThereAreColours() {
    let style = TextStyle(width: 24, usesColor: true)
    #expect(
      MarkdownText.text("A **sum** of `a ** b`", style: style) == "A \u{1B}[1msum\u{1B}[0m of `a ** b`")
    #expect(
      MarkdownText.text("the **very first hidden layer**", style: style)
        == "the \u{1B}[1mvery first hidden\u{1B}[0m\n\u{1B}[1mlayer\u{1B}[0m")
    #expect(MarkdownText.text("two ** stars", style: style) == "two ** stars")
    #expect(MarkdownText.text("**bold**", style: TextStyle(width: 24)) == "**bold**")
  }

  @Test func inMarkdownTheyStayAsTheyAre() {
    let cell = Cell(.markdown, "A $x^2$.\n\n$$\ny\n$$")
    let report = Report(title: "T", facts: [], entries: [Report.Entry(cell: cell, outputs: [])])
    #expect(report.markdown().contains("A $x^2$.\n\n$$\ny\n$$\n"))
  }

  @Test func mistakesAreFoundByTheirLine() {
    let text = "Good $x$, bad $\\foo$.\n```\n$\\foo$\n```\n\n$$\n{\n$$\n"
    #expect(FormulaMistake.all(in: text).map(\.line) == [1, 6])
  }
}
