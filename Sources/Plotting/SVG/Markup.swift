import Diagnostics

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
    guard utf8.contains(where: { [38, 60, 62, 34, 39, 0xEF].contains($0) || $0 < 0x20 }) else { return self }
    return escapedForMarkup { $0.isAllowedInXML && $0.value >= 0x20 ? $0 : " " }
  }
}

/// The path of a line, its neighbours within a pixel gathered, so that a million points make a short text.
struct PathBuilder {
  private(set) var text = ""
  private let isDense: Bool
  private var isOpen = false
  private var column = Int.min
  private var low = 0.0
  private var high = 0.0
  private var last = 0.0

  /// - Parameter isDense: whether there are more points than pixels.
  init(isDense: Bool) { self.isDense = isDense }

  mutating func add(_ x: Double, _ y: Double) {
    guard isDense else { return point(x, y) }
    let place = Int(x.rounded())
    if place == column {
      low = min(low, y)
      high = max(high, y)
      last = y
      return
    }
    flush()
    (column, low, high, last) = (place, y, y, y)
    point(Double(place), y)
  }

  /// Ends the line; the next point begins another.
  mutating func lift() {
    flush()
    column = .min
    isOpen = false
  }

  private mutating func flush() {
    guard column != .min, low < high else { return }
    text += "V\(px(low))V\(px(high))V\(px(last))"
  }

  private mutating func point(_ x: Double, _ y: Double) {
    text += (isOpen ? "L" : "M") + px(x) + " " + px(y)
    // A point on its own shows as a dot, by its round line cap.
    if !isOpen { text += "h0" }
    isOpen = true
  }
}
