import Diagnostics

/// A sign of a plot and its meaning.
struct LegendEntry {
  /// A sign, however a form of the plot draws it.
  enum Symbol {
    case line(Int)
    case point(Int)
    case classPoint(Int)
    /// Where several lines or points share a character; the lines of a picture cross.
    case shared
    case best
    /// Where values are missing.
    case flaw
    /// The shades from the first of two classes to the second.
    case ramp
    case texture(Int)
    /// A point over a ground.
    case label(Int, isWrong: Bool)
    /// Characters that speak for themselves.
    case text(String, isAlert: Bool)
  }

  var symbol: Symbol
  var meaning: String
  /// What a legend adds where there is no other place for it.
  var detail = ""

  /// Where so many series of markers meet.
  static func shared(by count: Int) -> LegendEntry {
    LegendEntry(symbol: .shared, meaning: count == 2 ? "both" : "several")
  }

  /// Where values cannot be drawn.
  static let flaw = LegendEntry(symbol: .flaw, meaning: "values missing")
}
