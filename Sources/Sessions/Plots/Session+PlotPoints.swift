import Diagnostics
import Language
import NeuralEngine
import Outputs

extension Session {
  func linesPlot(_ arguments: CommandArguments, _ context: ExecutionContext) throws -> XYPlot {
    let first = try array("x", arguments, context)
    guard arguments.isGiven("y") else {
      // Values that stand alone are y values, counted from 0 as indexes are.
      let xs = (0..<(first.shape.first ?? 1)).map(Double.init)
      return try lines(xs, first, ySlot: "x", xLabel: "index", arguments)
    }
    let xs = try vector(first, "x", arguments)
    let xLabel = arguments.label("x", default: "x")
    return try lines(xs, array("y", arguments, context), ySlot: "y", xLabel: xLabel, arguments)
  }

  func scatterPlot(_ arguments: CommandArguments, _ context: ExecutionContext) throws -> XYPlot {
    let xs = try vector(array("x", arguments, context), "x", arguments)
    let ys = try vector(array("y", arguments, context), "y", arguments)
    try checkCounts(xs.count, ys.count, arguments)
    let (xLabel, yLabel) = (arguments.label("x", default: "x"), arguments.label("y", default: "y"))
    return XYPlot(
      .scatter, title: "\(yLabel) against \(xLabel)", xLabel: xLabel, yLabel: yLabel,
      series: [.init(name: yLabel, xs: xs, ys: ys)], isLogarithmic: arguments.choice("yscale") == "log")
  }

  /// One line, or one for each column of a matrix.
  private func lines(
    _ xs: [Double], _ ys: Tensor, ySlot: String, xLabel: String, _ arguments: CommandArguments
  ) throws -> XYPlot {
    let rows = ys.shape.first ?? 1
    let columns = ys.rank == 2 ? ys.shape[1] : 1
    guard ys.rank <= 2, columns <= 9 else {
      throw Diagnostic(
        "wrong-shape",
        "A line is drawn of a list of numbers, or one for each column of a matrix of up to nine, but this has the shape \(ys.shape.shapeWords).",
        at: arguments.span(ySlot))
    }
    try checkCounts(xs.count, rows, arguments)
    let label = arguments.label(ySlot, default: "y")
    let values = ys.values
    let series = (0..<columns).map { column in
      XYPlot.Series(
        name: columns == 1 ? label : "\(label)[:, \(column)]", xs: xs,
        ys: (0..<rows).map { values[$0 * columns + column] })
    }
    return XYPlot(
      .line, title: "\(label) against \(xLabel)", xLabel: xLabel, yLabel: label, series: series,
      isLogarithmic: arguments.choice("yscale") == "log")
  }

  private func checkCounts(_ xs: Int, _ ys: Int, _ arguments: CommandArguments) throws {
    guard xs != ys else { return }
    throw Diagnostic(
      "shape-mismatch", "Every point needs an x and a y, but there are \(xs) of one and \(ys) of the other.",
      at: arguments.span("y"))
  }

  func array(_ slot: String, _ arguments: CommandArguments, _ context: ExecutionContext) throws -> Tensor {
    try (arguments.value(slot, context) ?? .nothing).array(at: arguments.span(slot))
  }

  /// A list of numbers; a matrix of one column or row will do.
  private func vector(_ tensor: Tensor, _ slot: String, _ arguments: CommandArguments) throws -> [Double] {
    guard tensor.shape.filter({ $0 != 1 }).count <= 1 else {
      throw Diagnostic(
        "wrong-shape",
        "`\(slot)` takes a list of numbers, but this has the shape \(tensor.shape.shapeWords). Pick a column: `\(arguments.label(slot, default: "a"))[:, 0]`.",
        at: arguments.span(slot))
    }
    return tensor.values
  }
}

extension CommandArguments {
  /// What an axis is called: the name that stands in the slot, else what is usual.
  func label(_ slot: String, default usual: String) -> String {
    guard case .expression(let expression)? = command.values[slot]?.kind else { return usual }
    switch expression.kind {
    case .name(let name): return name
    case .field(let base, let field):
      guard case .name(let owner) = base.kind else { return usual }
      return "\(owner).\(field.name)"
    default: return usual
    }
  }
}
