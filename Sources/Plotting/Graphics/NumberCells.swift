import Diagnostics

/// Numbers as cells of two columns.
protocol NumberCells {
  /// The cell of a number.
  func text(_ value: Double) -> String
  /// What the ends of the scale mean.
  var legend: [String] { get }
}

/// Signed numbers as cells of two columns, a sign and a size, on a scale that ends at `limit` on both sides.
struct SignedCells: NumberCells {
  let limit: Double
  let style: PlotStyle

  private var sizes: [Character] { Array(style.charset == .ascii ? "123456789" : "░▒▓█") }

  /// The size's step from 0, which is as good as nothing, to the number of signs.
  private func step(_ value: Double) -> Int {
    guard limit > 0 else { return 0 }
    return Int((abs(value) / limit * Double(sizes.count)).rounded())
  }

  /// The cell of a number.
  func text(_ value: Double) -> String {
    guard value.isFinite else { return style.inked("??", .alert) }
    let step = step(value)
    guard step > 0 else { return " ." }
    return style.inked((value > 0 ? "+" : "-") + String(sizes[step - 1]), .series(value > 0 ? 0 : 1))
  }

  /// What the ends of the scale and its middle mean.
  var legend: [String] {
    guard limit > 0, let last = sizes.last else { return [style.cut(" . all are zero")] }
    let smallest = NumberText.short(limit / Double(sizes.count) / 2)
    let end = NumberText.short(limit)
    let legend = Legend(entries: [
      .init(sign: "+\(last)", ink: .series(0), meaning: end),
      .init(sign: "-\(last)", ink: .series(1), meaning: "-\(end)"),
      .init(sign: ".", ink: nil, meaning: "below \(smallest) in size"),
    ])
    return legend.lines(style)
  }
}

/// Numbers from 0 up as cells of two columns, the darker the larger.
struct ShadedCells: NumberCells {
  let limit: Double
  let style: PlotStyle

  /// The cell of a number.
  func text(_ value: Double) -> String {
    guard value.isFinite else { return style.inked("??", .alert) }
    let ramp = style.glyphs.ramp
    let share = limit > 0 ? value / limit : 0
    // What is not zero shows, however small it is.
    let step = share > 0 ? max(1, Int(share * Double(ramp.count))) : 0
    let shade = ramp[min(step, ramp.count - 1)]
    return String([shade, shade])
  }

  /// What the ends of the scale mean.
  var legend: [String] {
    [style.cut("0 [\(String(style.glyphs.ramp))] \(NumberText.short(limit))")]
  }
}
