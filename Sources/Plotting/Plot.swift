/// A plot as data: what is drawn, on which axes, not yet how. The same value becomes ASCII in Markdown and
/// blocks or braille on a terminal.
///
/// ```swift
/// let squares = XYPlot.Series(name: "x ^ 2", xs: [0, 1, 2, 3], ys: [0, 1, 4, 9])
/// let plot = Plot(XYPlot(.line, title: "Squares", xLabel: "x", yLabel: "y", series: [squares]))
/// let text = plot.text(.markdown)
/// ```
public struct Plot: Sendable, Equatable {
  /// What is drawn: a ``LinePlot``, an ``XYPlot`` or another kind.
  public private(set) var content: any DrawablePlot

  /// Creates a plot of any kind.
  public init(_ content: some DrawablePlot) { self.content = content }

  /// Two plots are equal when they are of one kind and equal there.
  public static func == (a: Plot, b: Plot) -> Bool { a.content.equals(b.content) }

  /// The same plot in the size that the user asked for; nil for what suits the page.
  public func sized(width: Int?, height: Int?) -> Plot {
    var plot = self
    plot.content.width = width
    plot.content.height = height
    return plot
  }

  /// The plot laid out, for all the forms that it is shown in.
  public var layout: PlotLayout { content.layout }

  /// The plot as text, without its ``caption``; see ``PlotLayout/text(_:)``.
  public func text(_ style: PlotStyle) -> String { layout.text(style) }

  /// The plot as an SVG picture; see ``PlotLayout/svg()``.
  public func svg() -> String { layout.svg() }

  /// The plot in a sentence or two, for those who do not see it.
  public var caption: String { layout.caption }
}

/// A kind of plot: a value that can be laid out.
public protocol DrawablePlot: Sendable, Equatable {
  /// The plot's headline.
  var title: String { get }
  /// The width in columns that the user asked for, if any.
  var width: Int? { get set }
  /// The height of the drawing area in rows that the user asked for, if any.
  var height: Int? { get set }
  /// The plot laid out.
  var layout: PlotLayout { get }
}

extension DrawablePlot {
  fileprivate func equals(_ other: any DrawablePlot) -> Bool { (other as? Self) == self }
}
