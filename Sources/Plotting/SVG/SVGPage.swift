import Diagnostics

/// A picture that is drawn: what has been used of it, from the top down.
struct SVGPage {
  var width = 640.0
  var height = 0.0
  var markup = Markup()

  static let lightColors = """
    --ink:#1f2328;--faint:#59636e;--grid:#d1d9e0;--paper:#fff;--alert:#cf222e;--s0:#0969da;\
    --s1:#bc4c00;--s2:#8250df;--s3:#1a7f37;--s4:#bf3989;--s5:#7d4e00
    """
  static let darkColors = """
    --ink:#f0f6fc;--faint:#9198a1;--grid:#3d444d;--paper:#0d1117;\
    --alert:#ff7b72;--s0:#58a6ff;--s1:#f0883e;--s2:#bc8cff;--s3:#56d364;--s4:#f778ba;--s5:#e3b341
    """

  /// The style sheet of a picture: light, or dark where the reader's system is.
  static let style = """
    .nbs-plot{\(lightColors);max-width:100%;height:auto;\
    font:12px system-ui,sans-serif}
    @media(prefers-color-scheme:dark){.nbs-plot{\(darkColors)}}
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
  static func draw(_ index: Int, _ at: (x: Double, y: Double), radius r: Double, on markup: inout Markup) {
    let place = max(index, 0)
    let classes = "f\(place % 6)"
    func path(_ corners: [(Double, Double)]) {
      let points = corners.map { "\(px(at.x + $0.0 * r)) \(px(at.y + $0.1 * r))" }.joined(separator: "L")
      markup.add("path", ["d": "M\(points)Z", "class": classes])
    }
    switch place % 5 {
    case 0: markup.circle(at, r, classes)
    case 1: markup.rect(at.x - r * 0.9, at.y - r * 0.9, r * 1.8, r * 1.8, classes)
    case 2: path([(0, -1.2), (1.1, 0.8), (-1.1, 0.8)])
    case 3: path([(0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)])
    default: path([(0, 1.2), (1.1, -0.8), (-1.1, -0.8)])
    }
  }

  /// A point over a ground: in a circle with the sign of its class, or in a shape; ringed where it is misclassified.
  static func draw(
    _ label: Int, isWrong: Bool, _ at: (x: Double, y: Double), isLabelled: Bool, on markup: inout Markup
  ) {
    if isLabelled {
      let sign = isWrong ? Glyphs.misclassified(label) : Glyphs.point(label)
      markup.circle(at, 8, "f\(max(label, 0) % 6)")
      markup.label(at.x, at.y + 4, String(sign), "w", anchor: "middle")
    } else {
      draw(label, at, radius: 3.5, on: &markup)
    }
    if isWrong { markup.circle(at, isLabelled ? 10 : 6, "e") }
  }
}

/// SVG elements as text.
struct Markup {
  private(set) var text = ""

  /// Adds an element; its content is escaped.
  mutating func add(_ name: String, _ attributes: KeyValuePairs<String, String>, _ content: String? = nil) {
    open(name, attributes)
    text.removeLast()
    text += content.map { ">\($0.escapedForSVG)</\(name)>" } ?? "/>"
  }

  /// Opens an element that others go into.
  mutating func open(_ name: String, _ attributes: KeyValuePairs<String, String>) {
    text += "<\(name)"
    for (key, value) in attributes { text += " \(key)=\"\(value.escapedForSVG)\"" }
    text += ">"
  }

  /// Adds what was put together apart.
  mutating func add(_ other: Markup) { text += other.text }

  mutating func close(_ name: String) { text += "</\(name)>" }

  /// Adds a line of text, its baseline at y.
  mutating func label(
    _ x: Double, _ y: Double, _ words: String, _ classes: String = "", anchor: String = "start"
  ) {
    add("text", ["x": px(x), "y": px(y), "class": classes, "text-anchor": anchor], words.onOneLine)
  }

  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ classes: String) {
    add("line", ["x1": px(x1), "y1": px(y1), "x2": px(x2), "y2": px(y2), "class": classes])
  }

  mutating func circle(_ at: (x: Double, y: Double), _ radius: Double, _ classes: String) {
    add("circle", ["cx": px(at.x), "cy": px(at.y), "r": px(radius), "class": classes])
  }

  mutating func rect(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ classes: String, opacity: Double = 1
  ) {
    add(
      "rect",
      [
        "x": px(x), "y": px(y), "width": px(max(width, 0)), "height": px(max(height, 0)), "class": classes,
        "fill-opacity": px(opacity, 2),
      ])
  }
}

/// A length with few decimals; what is no number is nothing.
func px(_ value: Double, _ decimals: Int = 1) -> String {
  guard value.isFinite, abs(value) < 1e6 else { return "0" }
  let scale = decimals == 1 ? 10.0 : 100.0
  let rounded = (value * scale).rounded() / scale
  return rounded == rounded.rounded() ? String(Int(rounded)) : "\(rounded)"
}

extension String {
  /// This text on one line of XML, in content and in attributes.
  var escapedForSVG: String {
    // A path is long and has nothing to escape.
    guard utf8.contains(where: \.mayBeEscaped) else { return self }
    return escapedForMarkup { $0.isAllowedInXML && $0.value >= 0x20 ? $0 : " " }
  }
}

extension UInt8 {
  /// Whether a text with this byte may have something to escape; 0xEF begins U+FFFE and U+FFFF, which XML does not have.
  fileprivate var mayBeEscaped: Bool {
    switch self {
    case ..<0x20, 0xEF, UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""),
      UInt8(ascii: "'"):
      true
    default: false
    }
  }
}
