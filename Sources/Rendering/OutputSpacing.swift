public import Outputs

/// Sets outputs apart that are shown one after the other: plots and tables have an empty line before and after.
public struct OutputSpacing {
  private var wasBlock: Bool?

  /// Nothing has been shown yet.
  public init() {}

  /// What to write before an output: an empty line, or nothing.
  public mutating func before(_ output: Output) -> String {
    let isBlock =
      switch output {
      case .plot, .table: true
      case .printed, .text, .value, .notice, .error, .progress: false
      }
    defer { wasBlock = isBlock }
    guard let wasBlock else { return "" }
    return isBlock || wasBlock ? "\n" : ""
  }
}
