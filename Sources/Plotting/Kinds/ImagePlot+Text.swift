import Diagnostics
import Outputs

extension ImagePlot {
  /// The pictures in rows of as many as fit, two columns a pixel, each over its label.
  func lines(_ style: PlotStyle) -> [String] {
    guard let first = images.first, first.width > 0, first.height > 0 else {
      return [title.onOneLine, "nothing to plot yet"]
    }
    if style.isNarrow { return ([title] + notes).map(\.onOneLine) }
    let shrink = images.count == 1 ? 1 : max(1, first.width / ImagePlot.sheetWidth)
    let factor = max(shrink, Int((Double(2 * first.width) / Double(max(2, style.width))).rounded(.up)))
    let sketches = images.map { Sketch($0, factor: factor, range: range, ramp: style.glyphs.ramp) }
    let columns = max(1, (style.width + ImagePlot.gap) / (sketches[0].width + ImagePlot.gap))
    var lines = [title.onOneLine.cut(to: style.width, ellipsis: ".."), ""]
    for start in stride(from: 0, to: sketches.count, by: columns) {
      if start > 0 { lines.append("") }
      lines += ImagePlot.row(sketches[start..<min(start + columns, sketches.count)])
    }
    return lines + notes.flatMap { $0.onOneLine.wrapped(to: style.width) }
  }

  /// The pictures in words.
  var caption: String {
    guard let first = images.first else { return "No pictures of \(title.onOneLine) yet." }
    let size = "\(first.height)x\(first.width) pixels"
    if images.count == 1 {
      return (["Picture of \(size): \(title.onOneLine)"] + notes.map(\.onOneLine)).joined(separator: ", ")
        + "."
    }
    return "\(images.count) pictures of \(title.onOneLine), \(size) each: "
      + images.map(\.label.onOneLine).joined(separator: ", ") + "."
  }

  private static var gap: Int { 2 }
  /// On a sheet a picture is drawn with at most about so many pixels a row.
  private static var sheetWidth: Int { 14 }

  private static func row(_ sketches: ArraySlice<Sketch>) -> [String] {
    let height = sketches.map(\.lines.count).max() ?? 0
    let separator = String(repeating: " ", count: gap)
    let rows = (0..<height).map { row in
      sketches.map { (row < $0.lines.count ? $0.lines[row] : "").padded(to: $0.width) }.joined(
        separator: separator)
    }
    return rows + [
      sketches.map { $0.label.cut(to: $0.width, ellipsis: "..").padded(to: $0.width) }.joined(
        separator: separator)
    ]
  }
}

/// One picture as characters.
private struct Sketch {
  let label: String
  let lines: [String]
  let width: Int

  /// - Parameter factor: how many pixels are averaged to one, in both directions.
  init(_ image: ImagePlot.Image, factor: Int, range: ClosedRange<Double>, ramp: [Character]) {
    label = image.label.onOneLine
    let columns = (image.width + factor - 1) / factor
    width = 2 * columns
    lines = stride(from: 0, to: image.height, by: factor).map { top in
      stride(from: 0, to: image.width, by: factor).map { left in
        let shade = Sketch.shade(image, top, left, factor, range, ramp)
        return String([shade, shade])
      }.joined()
    }
  }

  private static func shade(
    _ image: ImagePlot.Image, _ top: Int, _ left: Int, _ factor: Int, _ range: ClosedRange<Double>,
    _ ramp: [Character]
  ) -> Character {
    var sum = 0.0
    var count = 0.0
    for row in top..<min(top + factor, image.height) {
      for column in left..<min(left + factor, image.width)
      where row * image.width + column < image.pixels.count {
        sum += image.pixels[row * image.width + column]
        count += 1
      }
    }
    let extent = range.upperBound - range.lowerBound
    let share = (sum / count - range.lowerBound) / extent
    // What is no number, and every pixel of a picture without contrast, is left blank.
    guard share.isFinite else { return " " }
    return ramp[min(ramp.count - 1, max(0, Int(share * Double(ramp.count))))]
  }
}
