import Diagnostics
import Localization

/// Pictures side by side: a sheet of samples, or one of them large.
public struct ImagePlot: Sendable, Equatable {
  /// One picture of grey values.
  public struct Image: Sendable, Equatable {
    /// What stands under it: `ankle boot`.
    public var label: String
    /// How many rows of pixels it has.
    public var height: Int
    /// How many columns of pixels it has.
    public var width: Int
    /// The grey values, row by row from the top; ``ImagePlot/range`` says what is black and what is white.
    public var pixels: [Double]

    /// Creates a picture; `pixels` must have `height` x `width` values.
    public init(label: String, height: Int, width: Int, pixels: [Double]) {
      self.label = label
      self.height = height
      self.width = width
      self.pixels = pixels
    }
  }

  /// The plot's headline: `digits`.
  public var title: String
  /// The pictures, from the left.
  public var images: [Image]
  /// The values that are drawn as nothing and as full.
  public var range: ClosedRange<Double>
  /// More to say below: what a network makes of the picture.
  public var notes: [String]
  /// The width in columns that the user asked for, if any.
  public var width: Int?
  /// The height of a picture in rows that the user asked for, if any.
  public var height: Int?

  /// Creates a plot of pictures.
  public init(title: String, images: [Image], range: ClosedRange<Double>, notes: [String] = []) {
    self.title = title
    self.images = images
    self.range = range
    self.notes = notes
  }
}

// MARK: - Layout

extension ImagePlot: DrawablePlot {
  /// The plot laid out.
  public var layout: PlotLayout {
    var layout = PlotLayout(of: self, caption: caption)
    guard let first = images.first, first.width > 0, first.height > 0 else {
      layout.message = localized("nothing to plot yet")
      return layout
    }
    layout.narrow = notes.map(\.onOneLine)
    layout.parts = [ImageSheet(images: images, first: first, range: range), Notes(notes)]
    return layout
  }

  /// The pictures in words.
  private var caption: String {
    guard let first = images.first else { return localized("No pictures of \(title.onOneLine) yet.") }
    let size = localized("\(first.height)x\(first.width) pixels")
    if images.count == 1 {
      let story = ([title.onOneLine] + notes.map(\.onOneLine)).joined(separator: ", ")
      return localized("Picture of \(size): \(story).")
    }
    let labels = images.map(\.label.onOneLine).joined(separator: ", ")
    return localized("\(images.count) pictures of \(title.onOneLine), \(size) each: \(labels).")
  }
}

/// Pictures in rows of as many as fit, each over its label.
private struct ImageSheet: PlotPart {
  let images: [ImagePlot.Image]
  let first: ImagePlot.Image
  let range: ClosedRange<Double>

  private static let gap = 2
  /// On a sheet a picture is drawn with at most about so many pixels a row.
  private static let sheetWidth = 14

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

  /// Two columns a pixel.
  func lines(_ style: PlotStyle) -> [String] {
    let shrink = images.count == 1 ? 1 : max(1, first.width / Self.sheetWidth)
    let factor = max(shrink, Int((Double(2 * first.width) / Double(max(2, style.width))).rounded(.up)))
    let sketches = images.map { Sketch($0, factor: factor, range: range, ramp: style.glyphs.ramp) }
    let columns = max(1, (style.width + Self.gap) / (sketches[0].width + Self.gap))
    return stride(from: 0, to: sketches.count, by: columns).flatMap { start -> [String] in
      (start > 0 ? [""] : []) + Self.row(sketches[start..<min(start + columns, sketches.count)])
    }
  }

  /// A square for each pixel, the darker the larger its value.
  func draw(on page: inout SVGPage) {
    let side =
      images.count == 1 ? min(16, (page.width - 16) / Double(first.width)) : max(2, 84 / Double(first.width))
    var (x, y) = (8.0, page.height + 6)
    for image in images {
      let width = Double(image.width) * side
      if x > 8, x + width > page.width {
        x = 8
        y += Double(first.height) * side + 30
      }
      draw(image, x, y, side, on: &page.markup)
      page.markup.label(x, y + Double(image.height) * side + 16, image.label.onOneLine)
      x += width + 18
    }
    page.height = y + Double(first.height) * side + 28
  }

  private func draw(
    _ image: ImagePlot.Image, _ x: Double, _ y: Double, _ side: Double, on markup: inout Markup
  ) {
    let extent = range.upperBound - range.lowerBound
    let shares = image.pixels.prefix(image.width * image.height).map { ($0 - range.lowerBound) / extent }
    // A pixel that is no number is left blank, as are those of a picture without contrast.
    let block = MatrixPlot.Block(
      name: "", columns: image.width, values: shares.map { $0.isFinite ? min(max($0, 0), 1) : 0 })
    let grid = MatrixGrid(block, rows: image.height, columns: image.width)
    CellShades(limit: 1, positive: "kf", steps: 16).draw(grid, x, y, side, on: &markup)
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
