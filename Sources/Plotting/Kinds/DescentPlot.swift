import Diagnostics
import Foundation
import Localization

/// The loss of a network over two of its parameters, and the way that gradient descent takes on it.
public struct DescentPlot: Sendable, Equatable {
  /// Where the descent was after a step.
  public struct Step: Sendable, Equatable {
    /// The parameter on the x axis.
    public var x: Double
    /// The parameter on the y axis.
    public var y: Double
    /// The loss there.
    public var loss: Double

    /// Creates a step.
    public init(x: Double, y: Double, loss: Double) {
      self.x = x
      self.y = y
      self.loss = loss
    }
  }

  /// The plot's headline: `line on points`.
  public var title: String
  /// The parameter on the x axis, `out.weights[0, 0]`.
  public var xLabel: String
  /// The parameter on the y axis.
  public var yLabel: String
  /// The x of the grid's first and last column.
  public var xRange: ClosedRange<Double>
  /// The y of the grid's first (lowest) and last (highest) row.
  public var yRange: ClosedRange<Double>
  /// How many columns the grid has.
  public var gridColumns: Int
  /// The losses at the grid's nodes, row by row from the lowest y; NaN where there is none.
  public var losses: [Double]
  /// Where the descent began, and where each step led.
  public var path: [Step]
  /// The learning rate of the steps.
  public var rate: Double
  /// The width in columns that the user asked for, if any.
  public var width: Int?
  /// The height of the drawing area in rows that the user asked for, if any.
  public var height: Int?

  /// Creates a plot.
  public init(
    title: String, xLabel: String, yLabel: String, xRange: ClosedRange<Double>, yRange: ClosedRange<Double>,
    gridColumns: Int, losses: [Double], path: [Step], rate: Double
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.xRange = xRange
    self.yRange = yRange
    self.gridColumns = gridColumns
    self.losses = losses
    self.path = path
    self.rate = rate
  }
}

// MARK: - Layout

extension DescentPlot: DrawablePlot {
  /// The plot laid out.
  public var layout: PlotLayout {
    var layout = PlotLayout(of: self, caption: caption)
    guard let losses = range, gridColumns > 1, self.losses.count >= 2 * gridColumns,
      let x = Scale(from: xRange.lowerBound, to: xRange.upperBound),
      let y = Scale(from: yRange.lowerBound, to: yRange.upperBound)
    else {
      layout.message = localized("nothing to plot: the loss is not finite here")
      return layout
    }
    layout.facts = way ?? ""
    layout.narrow = [way ?? localized("loss \(NumberText.range(losses))")]
    var axes = Axes(x: x, y: y, xLabel: xLabel, yLabel: yLabel, shape: .square)
    let places = path.map { UnitPoint(x: x.fraction($0.x), y: y.fraction($0.y)) }
    let shown = Self.shown(of: path.count)
    let points = shown.enumerated().map { Points.Point(place: places[$1], label: $0) }
    axes.marks = [
      .points(Points(points: points, kind: .overGround)), .way(places), .surface(surface(losses)),
    ]
    axes.valueCount = points.count
    axes.legend = legend(losses, shown)
    layout.parts = [axes]
    return layout
  }

  /// The steps that have a sign: all, or ten of them with the first and the last among them.
  private static func shown(of count: Int) -> [Int] {
    guard count > 10 else { return Array(0..<count) }
    return (0..<10).map { $0 * (count - 1) / 9 }
  }

  /// The losses that there are; nil where there are none.
  private var range: ClosedRange<Double>? { losses.finiteRange }

  /// Whether shades are steps of the logarithm: a valley shows where the loss falls by factors.
  private func isLogarithmic(_ range: ClosedRange<Double>) -> Bool {
    range.lowerBound > 0 && range.upperBound / range.lowerBound > 20
  }

  private func surface(_ range: ClosedRange<Double>) -> Surface {
    let rows = losses.count / gridColumns
    let isLogarithmic = isLogarithmic(range)
    func scaled(_ loss: Double) -> Double { isLogarithmic ? log(loss) : loss }
    let (low, high) = (scaled(range.lowerBound), scaled(range.upperBound))
    return Surface(
      columns: gridColumns, rows: rows,
      heights: losses.prefix(rows * gridColumns).map { loss in
        guard loss.isFinite else { return .nan }
        return high > low ? (scaled(loss) - low) / (high - low) : 0.5
      })
  }

  // MARK: Words

  private func legend(_ range: ClosedRange<Double>, _ shown: [Int]) -> [LegendEntry] {
    let scale = isLogarithmic(range) ? localized(" (log scale)") : ""
    var legend = [
      LegendEntry(symbol: .heights, meaning: localized("loss \(NumberText.range(range))") + scale)
    ]
    guard let first = path.first else { return legend }
    legend.append(
      LegendEntry(
        symbol: .label(0, isWrong: false), meaning: localized("start, loss \(NumberText.short(first.loss))")))
    if let last = path.last, path.count > 1 {
      legend.append(
        LegendEntry(
          symbol: .label(shown.count - 1, isWrong: false),
          meaning: localized("after \(path.count - 1, "step"), loss \(NumberText.short(last.loss))")))
    }
    return legend
  }

  /// `loss 4.1 -> 0.01 in 30 steps`
  private var way: String? {
    guard let first = path.first, let last = path.last, path.count > 1 else { return nil }
    return localized(
      "loss \(NumberText.short(first.loss)) -> \(NumberText.short(last.loss)) in \(path.count - 1, "step")")
  }

  /// The plot in words.
  private var caption: String {
    let axes = localized("\(xLabel.onOneLine) and \(yLabel.onOneLine)")
    guard let range else {
      return localized("Loss of \(title.onOneLine) over \(axes): it is not finite here.")
    }
    let subject = localized("Loss of \(title.onOneLine) over \(axes), all other parameters as they are: ")
    let lowest = losses.indices.filter { losses[$0].isFinite }.min { losses[$0] < losses[$1] }
    let surface =
      lowest.map { index -> String in
        let x = words(index % gridColumns, gridColumns, xRange)
        let y = words(index / gridColumns, losses.count / gridColumns, yRange)
        return localized("\(NumberText.range(range)), lowest near (\(x), \(y))")
      } ?? ""
    guard let first = path.first, let last = path.last, path.count > 1 else { return subject + surface + "." }
    let (rate, from, to) = (NumberText.short(rate), words(first), words(last))
    let descent =
      path.count == 2
      ? localized("; 1 step of gradient descent at rate \(rate) leads from \(from) to \(to).")
      : localized("; \(path.count - 1) steps of gradient descent at rate \(rate) lead from \(from) to \(to).")
    return subject + surface + descent
  }

  private func words(_ step: Step) -> String {
    localized(
      "(\(NumberText.short(step.x)), \(NumberText.short(step.y))), loss \(NumberText.short(step.loss))")
  }

  private func words(_ node: Int, _ count: Int, _ range: ClosedRange<Double>) -> String {
    let part = count > 1 ? Double(node) / Double(count - 1) : 0
    return NumberText.short(range.lowerBound * (1 - part) + range.upperBound * part)
  }
}
