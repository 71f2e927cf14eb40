import Diagnostics
public import Outputs

/// What every kind of plot can do; a new kind conforms, and ``Outputs/Plot`` names it in `drawable`.
protocol DrawablePlot: SizedPlot {
  /// The plot's headline.
  var title: String { get }
  /// The plot in words.
  var caption: String { get }
  /// The plot as lines, in a style that is already fitted to it.
  func lines(_ style: PlotStyle) -> [String]
  /// Draws the plot as a picture.
  func draw(on page: inout SVGPage)
}

extension LinePlot: DrawablePlot {}
extension BoundaryPlot: DrawablePlot {}
extension XYPlot: DrawablePlot {}
extension ImagePlot: DrawablePlot {}

extension Plot {
  /// The plot without the name of its kind.
  var drawable: any DrawablePlot {
    switch self {
    case .line(let plot): plot
    case .boundary(let plot): plot
    case .xy(let plot): plot
    case .histogram(let plot): plot
    case .columns(let plot): plot
    case .confusion(let plot): plot
    case .matrix(let plot): plot
    case .panels(let plot): plot
    case .network(let plot): plot
    case .images(let plot): plot
    }
  }

  /// The plot as text, without its ``caption`` and without a line break at the end.
  ///
  /// A width that the plot itself asks for holds where the style has that much room. No line is wider than
  /// the style's width and none ends in a space. In colour the headline is bold.
  public func text(_ style: PlotStyle) -> String {
    let plot = drawable
    let fitted = style.fitted(width: plot.width, height: plot.height)
    var lines = plot.lines(fitted)
    if fitted.isNarrow { lines = lines.flatMap { $0.wrapped(to: fitted.width, breaksWords: true) } }
    lines = lines.map(\.trimmingTrailingSpaces)
    if style.usesColor, let headline = lines.first { lines[0] = Ink.strong.around(headline) }
    return lines.joined(separator: "\n")
  }

  /// What the plot shows, in a sentence or two for those who do not see it.
  public var caption: String { drawable.caption }
}
