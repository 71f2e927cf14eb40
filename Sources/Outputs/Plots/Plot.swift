/// A plot as data: what is drawn, on which axes, not yet how. The same value becomes ASCII in Markdown and
/// blocks or braille on a terminal.
///
/// ```swift
/// let squares = XYPlot.Series(name: "x ^ 2", xs: [0, 1, 2, 3], ys: [0, 1, 4, 9])
/// let plot = Plot.xy(XYPlot(.line, title: "Squares", xLabel: "x", yLabel: "y", series: [squares]))
/// let text = plot.text(.markdown)
/// ```
public enum Plot: Sendable, Equatable {
  /// One or several series against a common x.
  case line(LinePlot)
  /// A two-input network's answer over a plane, with the data on top.
  case boundary(BoundaryPlot)
  /// Pictures side by side.
  case images(ImagePlot)
  /// Points on two axes: a function, lines, clouds.
  case xy(XYPlot)
  /// How often values fall into ranges.
  case histogram(HistogramPlot)
  /// The columns of a data set.
  case columns(ColumnsPlot)
  /// Which classes are taken for which.
  case confusion(ConfusionPlot)
  /// Signed numbers in rows and columns.
  case matrix(MatrixPlot)
  /// A layer's channels or filters as small pictures, signals or bars.
  case panels(PanelsPlot)
  /// A network as boxes and arrows, or unit by unit.
  case network(NetworkPlot)
  /// What one unit computes.
  case neuron(NeuronPlot)
  /// The loss over two parameters, and a way down.
  case descent(DescentPlot)
  /// The combinations of a sweep.
  case sweep(SweepPlot)
}

/// A plot of a kind that can be asked for in a size.
public protocol SizedPlot {
  /// The width in columns that the user asked for, if any.
  var width: Int? { get set }
  /// The height of the drawing area in rows that the user asked for, if any.
  var height: Int? { get set }
}

extension SizedPlot {
  /// The same plot in another size.
  fileprivate func sized(_ width: Int?, _ height: Int?) -> Self {
    var plot = self
    (plot.width, plot.height) = (width, height)
    return plot
  }
}

extension Plot {
  /// The same plot in the size that the user asked for; nil for what suits the page.
  public func sized(width: Int?, height: Int?) -> Plot {
    switch self {
    case .line(let plot): .line(plot.sized(width, height))
    case .boundary(let plot): .boundary(plot.sized(width, height))
    case .xy(let plot): .xy(plot.sized(width, height))
    case .histogram(let plot): .histogram(plot.sized(width, height))
    case .columns(let plot): .columns(plot.sized(width, height))
    case .confusion(let plot): .confusion(plot.sized(width, height))
    case .matrix(let plot): .matrix(plot.sized(width, height))
    case .panels(let plot): .panels(plot.sized(width, height))
    case .network(let plot): .network(plot.sized(width, height))
    case .neuron(let plot): .neuron(plot.sized(width, height))
    case .descent(let plot): .descent(plot.sized(width, height))
    case .images(let plot): .images(plot.sized(width, height))
    case .sweep(let plot): .sweep(plot.sized(width, height))
    }
  }
}
