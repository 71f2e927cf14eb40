import Diagnostics
import Outputs

/// A plot of values along y, whose axis may be logarithmic.
protocol ValuePlot {
  var xLabel: String { get }
  var yLabel: String { get }
  var isLogarithmic: Bool { get }
}

extension LinePlot: ValuePlot {}
extension XYPlot: ValuePlot {}

extension ValuePlot {
  /// What the y axis is called.
  var fullYLabel: String { yLabel.onOneLine + scaleNote }

  /// What is said of an axis that is not the usual one.
  var scaleNote: String { isLogarithmic ? " (log scale)" : "" }

  /// Whether a value has a place on the y axis.
  func canDraw(_ value: Double) -> Bool { value.isDrawable(isLogarithmic: isLogarithmic) }

  /// The frame around a raster of lines, with the y axis and the legend in their places.
  func frame<Canvas: LineCanvas>(
    _ style: PlotStyle, y: Scale, legend: Legend, around kind: Canvas.Type
  ) -> Frame {
    var frame = Frame(
      style, rows: style.height ?? min(max(style.width / 5, 10), 20), y: y, xLabel: xLabel.onOneLine,
      yLabel: fullYLabel, grain: (Canvas.dotsAcross, Canvas.dotsDown))
    frame.place(legend)
    return frame
  }
}

extension Double {
  /// Whether a value has a place on an axis.
  func isDrawable(isLogarithmic: Bool) -> Bool { isFinite && (!isLogarithmic || self > 0) }
}
