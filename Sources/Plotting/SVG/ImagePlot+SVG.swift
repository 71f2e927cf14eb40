import Diagnostics
import Outputs

extension ImagePlot {
  /// Draws the picture: a square for each pixel, the darker the larger its value.
  func draw(on page: inout SVGPage) {
    page.head(title, "")
    guard let first = images.first, first.width > 0, first.height > 0 else {
      return page.note("nothing to plot yet")
    }
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
    for note in notes { page.note(note.onOneLine) }
  }

  private func draw(_ image: Image, _ x: Double, _ y: Double, _ side: Double, on markup: inout Markup) {
    let extent = range.upperBound - range.lowerBound
    let shares = image.pixels.prefix(image.width * image.height).map { ($0 - range.lowerBound) / extent }
    // A pixel that is no number is left blank, as are those of a picture without contrast.
    let block = MatrixPlot.Block(
      name: "", columns: image.width, values: shares.map { $0.isFinite ? min(max($0, 0), 1) : 0 })
    let grid = MatrixGrid(block, rows: image.height, columns: image.width)
    CellShades(limit: 1, positive: "kf", steps: 16).draw(grid, x, y, side, on: &markup)
  }
}
