import Foundation
import Testing

@testable import Plotting

@Suite("Plots as parts of pages")
struct FigureTests {
  @Test("A figure has its colours for each page that says what it is, and its caption escaped")
  func themes() {
    let html = PlotFigure.html("<svg class=\"nbs-plot\"></svg>", caption: "a < b & c")
    #expect(html.contains(#"[data-jp-theme-light="true"] .nbs-plot,.vscode-light .nbs-plot"#))
    let dark = html.components(separatedBy: ".vscode-dark .nbs-plot").last
    #expect(dark?.contains("--paper:#0d1117") == true && dark?.contains("--paper:#fff") == false)
    #expect(html.contains("a &lt; b &amp; c</figcaption>"))
  }
}
