import Diagnostics
public import Outputs

extension Plot {
  /// The plot as an SVG picture, with its title and its caption for those who do not see it.
  ///
  /// It needs nothing else: its style is inside, and no ids that another picture on the page could have too.
  public func svg() -> String {
    var page = SVGPage()
    drawable.draw(on: &page)
    var svg = Markup()
    svg.open(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "class": "nbs-plot", "role": "img",
        "viewBox": "0 0 \(px(page.width)) \(px(page.height))", "width": px(page.width),
        "height": px(page.height),
      ])
    svg.add("title", [:], drawable.title.onOneLine)
    svg.add("desc", [:], caption)
    return svg.text + "<style>\(Plot.svgStyle)</style>" + page.markup.text + "</svg>"
  }

  /// The style sheet of a picture: light, or dark where the reader's system is.
  private static let svgStyle = """
    .nbs-plot{--ink:#1f2328;--faint:#59636e;--grid:#d1d9e0;--paper:#fff;--alert:#cf222e;--s0:#0969da;\
    --s1:#bc4c00;--s2:#8250df;--s3:#1a7f37;--s4:#bf3989;--s5:#7d4e00;max-width:100%;height:auto;\
    font:12px system-ui,sans-serif}
    @media(prefers-color-scheme:dark){.nbs-plot{--ink:#f0f6fc;--faint:#9198a1;--grid:#3d444d;--paper:#0d1117;\
    --alert:#ff7b72;--s0:#58a6ff;--s1:#f0883e;--s2:#bc8cff;--s3:#56d364;--s4:#f778ba;--s5:#e3b341}}
    .nbs-plot text{fill:var(--ink)}.nbs-plot .t{font-size:14px;font-weight:600}
    .nbs-plot .q{fill:var(--faint)}.nbs-plot .b{font-weight:600}.nbs-plot .w{fill:var(--paper);font-weight:600}
    .nbs-plot .h{paint-order:stroke;stroke:var(--paper);stroke-width:4px}
    .nbs-plot .a{stroke:var(--faint);fill:none}.nbs-plot .g{stroke:var(--grid);fill:none}
    .nbs-plot .k{stroke:var(--ink);fill:none;stroke-width:1.5}.nbs-plot .kf{fill:var(--ink)}
    .nbs-plot .e{stroke:var(--alert);fill:none;stroke-width:2.5}.nbs-plot .ef{fill:var(--alert)}
    .nbs-plot .n{fill:none;stroke:var(--ink)}.nbs-plot .p{fill:var(--paper);stroke:var(--faint)}
    .nbs-plot .f0{fill:var(--s0)}.nbs-plot .f1{fill:var(--s1)}.nbs-plot .f2{fill:var(--s2)}
    .nbs-plot .f3{fill:var(--s3)}.nbs-plot .f4{fill:var(--s4)}.nbs-plot .f5{fill:var(--s5)}
    .nbs-plot .l0,.nbs-plot .l1,.nbs-plot .l2,.nbs-plot .l3,.nbs-plot .l4,.nbs-plot .l5\
    {fill:none;stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}
    .nbs-plot .l0{stroke:var(--s0)}.nbs-plot .l1{stroke:var(--s1);stroke-dasharray:7 4}
    .nbs-plot .l2{stroke:var(--s2);stroke-dasharray:2 4}.nbs-plot .l3{stroke:var(--s3);stroke-dasharray:9 3 2 3}
    .nbs-plot .l4{stroke:var(--s4);stroke-dasharray:12 5}.nbs-plot .l5{stroke:var(--s5);stroke-dasharray:4 4}
    """
}

/// A picture that is drawn: what has been used of it, from the top down.
struct SVGPage {
  var width = 640.0
  var height = 0.0
  var markup = Markup()

  /// The columns of text, for sizes; wide scripts take more.
  static func width(of text: String) -> Double { Double(text.onOneLine.displayWidth) * 6.7 }

  /// The headline, with some words beside or below it.
  mutating func head(_ title: String, _ words: String = "") {
    let title = title.onOneLine.cut(to: 80, ellipsis: "…")
    let isBeside = 8 + SVGPage.width(of: title) * 1.4 + 16 + SVGPage.width(of: words) < width
    // In one line of text the words follow the title wherever it ends in the reader's font.
    markup.open("text", ["x": "8", "y": "20"])
    markup.add("tspan", ["class": "t"], title)
    if isBeside, !words.isEmpty { markup.add("tspan", ["class": "q", "dx": "14"], words.onOneLine) }
    markup.close("text")
    if !isBeside { markup.label(8, 38, words, "q") }
    height = isBeside ? 30 : 48
  }

  /// One sign of a legend and its meaning.
  struct Entry {
    var meaning: String
    var draw: (inout Markup, Double, Double) -> Void
  }

  /// The legend, as many rows as it takes.
  mutating func legend(_ entries: [Entry]) {
    var x = 8.0
    guard !entries.isEmpty else { return }
    height += 10
    for entry in entries {
      let meaning = entry.meaning.onOneLine.cut(to: 84, ellipsis: "…")
      let room = 34 + SVGPage.width(of: meaning)
      if x > 8, x + room > width {
        x = 8
        height += 18
      }
      entry.draw(&markup, x + 12, height - 4)
      markup.label(x + 28, height, meaning)
      x += room + 12
    }
    height += 10
  }

  /// Words where a picture would be.
  mutating func note(_ words: String, _ classes: String = "q") {
    height += 16
    markup.label(8, height, words, classes)
    height += 8
  }
}

/// The shapes of points: each class its own, so that colour is never the only difference.
enum PointShape {
  static func draw(_ index: Int, _ x: Double, _ y: Double, radius r: Double, on markup: inout Markup) {
    let place = max(index, 0)
    let classes = "f\(place % 6)"
    switch place % 5 {
    case 0: markup.add("circle", ["cx": px(x), "cy": px(y), "r": px(r), "class": classes])
    case 1: markup.rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8, classes)
    case 2: path([(0, -1.2), (1.1, 0.8), (-1.1, 0.8)], x, y, r, classes, on: &markup)
    case 3: path([(0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)], x, y, r, classes, on: &markup)
    default: path([(0, 1.2), (1.1, -0.8), (-1.1, -0.8)], x, y, r, classes, on: &markup)
    }
  }

  private static func path(
    _ corners: [(Double, Double)], _ x: Double, _ y: Double, _ r: Double, _ classes: String,
    on markup: inout Markup
  ) {
    let points = corners.map { "\(px(x + $0.0 * r)) \(px(y + $0.1 * r))" }.joined(separator: "L")
    markup.add("path", ["d": "M\(points)Z", "class": classes])
  }
}
