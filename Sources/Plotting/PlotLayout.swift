import Diagnostics

/// A plot laid out: what there is to see and to say, worked out once and then painted with characters or as SVG, so
/// that the two show the same.
public struct PlotLayout {
  /// The headline.
  var title: String
  /// A few words beside the headline.
  var facts = ""
  /// Figures of each series that stand below the headline, or beside it where there is only one.
  var seriesFacts: [(name: String, text: String)] = []
  /// The lines that stand in place of a drawing where there is no room for one; nil for the facts.
  var narrow: [String]?
  /// What is said in place of a drawing where there is nothing to draw.
  var message: String?
  /// What is drawn, from the top down.
  var parts: [any PlotPart] = []
  /// The plot in a sentence or two, for those who do not see it.
  public var caption: String
  /// The size in columns and rows that the user asked for, if any.
  var width, height: Int?

  init(of plot: some DrawablePlot, facts: String = "", caption: String) {
    title = plot.title
    (width, height) = (plot.width, plot.height)
    self.facts = facts
    self.caption = caption
  }
}

/// A piece of a plot, which knows how it is painted in both forms.
protocol PlotPart {
  /// The part as lines, in a style that is fitted to the plot and not narrow.
  func lines(_ style: PlotStyle) -> [String]
  /// Draws the part below what the page has.
  func draw(on page: inout SVGPage)
}

/// Sentences below a drawing.
struct Notes: PlotPart {
  var texts: [String]

  init(_ texts: [String]) { self.texts = texts }

  func lines(_ style: PlotStyle) -> [String] {
    texts.flatMap { $0.onOneLine.wrapped(to: style.width) }.map(style.cut)
  }

  func draw(on page: inout SVGPage) { for text in texts { page.note(text.onOneLine) } }
}

/// An empty line between parts.
struct Gap: PlotPart {
  func lines(_ style: PlotStyle) -> [String] { [""] }
  func draw(on page: inout SVGPage) {}
}

// MARK: Characters

extension PlotLayout {
  /// The plot as text, without its ``caption`` and without a line break at the end.
  ///
  /// A width that the plot itself asks for holds where the style has that much room. No line is wider than
  /// the style's width and none ends in a space. In colour the headline is bold.
  public func text(_ style: PlotStyle) -> String {
    let fitted = style.fitted(width: width, height: height)
    var lines = lines(fitted)
    if fitted.isNarrow { lines = lines.flatMap { $0.wrapped(to: fitted.width, breaksWords: true) } }
    lines = lines.map(\.trimmingTrailingSpaces)
    if style.usesColor, let headline = lines.first { lines[0] = Ink.strong.around(headline) }
    return lines.joined(separator: "\n")
  }

  private func lines(_ style: PlotStyle) -> [String] {
    if let message { return heading(style) + [style.cut(message)] }
    if style.isNarrow { return ([title.onOneLine] + (narrow ?? [facts])).map(style.cut) }
    return heading(style) + [""] + parts.flatMap { $0.lines(style) }
  }

  /// The headline and what stands beside or below it, on one line where that is enough.
  private func heading(_ style: PlotStyle) -> [String] {
    let title = title.onOneLine
    guard let first = seriesFacts.first else {
      return style.flow([title, facts].filter { !$0.isEmpty })
    }
    if seriesFacts.count == 1, title.displayWidth + 3 + first.text.displayWidth <= style.width {
      return [title + "   " + first.text]
    }
    let names = seriesFacts.map(\.name.displayWidth).max() ?? 0
    let table = seriesFacts.map { "  " + $0.name.padded(to: names) + "  " + $0.text }
    // Where a name and its figures find no room on one line, the figures go under the name.
    let isTooWide = table.contains { $0.displayWidth > style.width }
    let stacked = seriesFacts.flatMap { name, text in
      let parts = text.displayWidth > style.width - 4 ? text.split(separator: ", ") : [text[...]]
      return ["  " + name] + parts.map { "    " + $0 }
    }
    return ([title] + (isTooWide ? stacked : table)).map(style.cut)
  }
}

// MARK: SVG

extension PlotLayout {
  /// The plot as an SVG picture, with its title and its caption for those who do not see it.
  ///
  /// It needs nothing else: its style is inside, and no ids that another picture on the page could have too.
  public func svg() -> String {
    var page = SVGPage()
    page.head(title, seriesFacts.count == 1 ? seriesFacts[0].text : facts)
    if let message { page.note(message) } else { for part in parts { part.draw(on: &page) } }
    var svg = Markup()
    svg.open(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "class": "nbs-plot", "role": "img",
        "viewBox": "0 0 \(px(page.width)) \(px(page.height))", "width": px(page.width),
        "height": px(page.height),
      ])
    svg.add("title", [:], title.onOneLine)
    svg.add("desc", [:], caption)
    return svg.text + "<style>\(SVGPage.style)</style>" + page.markup.text + "</svg>"
  }
}
