import Diagnostics
import Foundation
import Language
import Notebooks
import Outputs
import Plotting
import Testing

@testable import Rendering

@Suite("A report as a page")
struct ReportHTMLTests {
  @Test("Source is set apart by what the lexer found")
  func highlight() {
    let source = "repeat 3 { train xor epochs=20 # teach\n}\nprint \"a # b\""
    let html = source.highlighted(Highlighter.marks(in: SourceText(source, name: "")))
    #expect(html.contains("<span class=\"s-keyword\">repeat</span>"))
    #expect(html.contains("<span class=\"s-verb\">train</span> xor <span class=\"s-key\">epochs</span>="))
    #expect(html.contains("<span class=\"s-comment\"># teach</span>"))
    #expect(html.contains("<span class=\"s-string\">&quot;a # b&quot;</span>"))
  }

  @Test(
    "Marks leave the text as it is",
    arguments: ["", "\"open", "x = (1,\n # c\n 2)", "ŷ = 1 # é", "data d {\n1 -> 2"])
  func marksKeepText(source: String) {
    let html = source.highlighted(Highlighter.marks(in: SourceText(source, name: "")))
    #expect(
      html.replacing(/<[^>]*>/, with: "").replacing("&quot;", with: "\"").replacing("&gt;", with: ">")
        == source)
  }

  @Test("A page needs nothing from elsewhere and escapes what it is given")
  func page() throws {
    let notebook = try #require(
      NotebookFormat.read(Data("# %% <i>name\nprint 1\n".utf8), name: "a").notebook)
    let entries = notebook.cells.map { cell in
      Report.Entry(
        cell: cell,
        outputs: [
          .text("<b>"), .value("1"),
          .table(Table(title: "t&", columns: [.words("<"), .numbers("n")], rows: [["a<", "1"]])),
          .plot(Plot(HistogramPlot(title: "<h>", xLabel: "x", values: [1, 2, 3]))),
        ])
    }
    let html = Report(title: "<t>", facts: [("a", "<b>")], entries: entries).html()
    for part in ["<b>", "<i>", "<h>", "<t>", "a<<", "src=", "<script", "<link", "@import"] {
      #expect(!html.contains(part), "\(part)")
    }
    #expect(html.contains("<td class=\"num\">1</td>") && html.contains("role=\"img\""))
    #expect(html.contains("<figcaption>Histogram of &lt;h&gt;: 3 values"))
  }

  @Test("Pictures that a Jupyter cell carries along are in the page and in Markdown")
  func attachments() throws {
    let cell = """
      # %% [markdown] attachments={"a.png": {"image/png": "iVBORw0KGgo="}, "b.svg": {"image/svg+xml": "PHN2Zz4="}, "c.png": {"image/png": "\\"onload="}}
      # See ![a <plot>](attachment:a.png), ![b](attachment:b.svg), ![c](attachment:c.png) and ![d](attachment:d.png).
      """
    let notebook = try #require(NotebookFormat.read(Data(cell.utf8), name: "a").notebook)
    let entries = notebook.cells.map { Report.Entry(cell: $0, outputs: []) }
    let report = Report(title: "t", facts: [], entries: entries)
    #expect(
      report.html().contains(
        "See <img src=\"data:image/png;base64,iVBORw0KGgo=\" alt=\"a &lt;plot&gt;\">, b, c and d."))
    #expect(report.markdown().contains("![a <plot>](data:image/png;base64,iVBORw0KGgo=)"))
  }

  @Test("Names that run from right to left keep to themselves")
  func rightToLeft() {
    #expect("network שלום: 3 < 4".isolatedForHTML == "network <bdi>שלום</bdi>: 3 &lt; 4")
    #expect("損失 & café".isolatedForHTML == "損失 &amp; café")
  }
}
