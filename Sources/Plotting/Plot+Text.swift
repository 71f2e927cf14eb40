public import Outputs

extension Plot {
  /// The plot as text, without its ``caption`` and without a line break at the end.
  ///
  /// A width that the plot itself asks for holds where the style has that much room. No line is wider than
  /// the style's width and none ends in a space.
  public func text(_ style: PlotStyle) -> String {
    let lines =
      switch self {
      case .line(let plot): plot.lines(style.fitted(width: plot.width, height: plot.height))
      case .boundary(let plot): plot.lines(style.fitted(width: plot.width, height: plot.height))
      case .images(let plot): plot.lines(style.fitted(width: plot.width, height: plot.height))
      }
    return lines.map(\.trimmingTrailingSpaces).joined(separator: "\n")
  }

  /// What the plot shows, in a sentence or two for those who do not see it.
  public var caption: String {
    switch self {
    case .line(let plot): plot.caption
    case .boundary(let plot): plot.caption
    case .images(let plot): plot.caption
    }
  }
}
