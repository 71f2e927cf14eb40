import Diagnostics
import Foundations
import Language
import Localization
import NetworkSchema
import NeuralEngine
import Plotting

// Plots of functions and of values.

extension PlotCommands {
  static let ofValues: Table = [
    "function": FunctionGraph.self, "line": LineChart.self, "scatter": ScatterChart.self,
    "hist": Histogram.self,
  ]
}

/// `plot line xs ys`
private struct LineChart: PlotKind {
  let x: Operand<Tensor>
  let y: Operand<Tensor>?
  let yscale: Choice<YScale>

  func plot(_ context: CommandContext) throws -> any DrawablePlot {
    let first = try x(context)
    guard let y else {
      // Values that stand alone are y values, counted from 0 as indexes are.
      let xs = (0..<(first.shape.first ?? 1)).map(Double.init)
      return try lines(xs, first, of: x, xLabel: localized("index"))
    }
    return try lines(x.vector(first), y(context), of: y, xLabel: x.label ?? "x")
  }

  /// One line, or one for each column of a matrix.
  private func lines(_ xs: [Double], _ ys: Tensor, of slot: Operand<Tensor>, xLabel: String) throws
    -> any DrawablePlot
  {
    let rows = ys.shape.first ?? 1
    let columns = ys.rank == 2 ? ys.shape[1] : 1
    guard ys.rank <= 2, columns <= 9 else {
      throw Diagnostic(
        .wrongShape,
        "`plot line` takes a list of numbers, or a matrix with up to nine columns, but this has the shape \(ys.shape.shapeWords).",
        at: slot.span)
    }
    try checkCounts(xs.count, rows, at: slot.span)
    let label = slot.label ?? "y"
    let values = ys.values
    let series = (0..<columns).map { column in
      XYPlot.Series(
        name: columns == 1 ? label : "\(label)[:, \(column)]", xs: xs,
        ys: (0..<rows).map { values[$0 * columns + column] })
    }
    let title =
      y == nil ? localized("\(label) against index") : localized("\(label) against \(xLabel)")
    return XYPlot(
      .line, title: title, xLabel: xLabel, yLabel: label, series: series,
      isLogarithmic: yscale.value == .log)
  }
}

/// `plot scatter xs ys`
private struct ScatterChart: PlotKind {
  let x: Operand<Tensor>
  let y: Operand<Tensor>
  let yscale: Choice<YScale>

  func plot(_ context: CommandContext) throws -> any DrawablePlot {
    let (xs, ys) = (try x.vector(x(context)), try y.vector(y(context)))
    try checkCounts(xs.count, ys.count, at: y.span)
    let (xLabel, yLabel) = (x.label ?? "x", y.label ?? "y")
    return XYPlot(
      .scatter, title: localized("\(yLabel) against \(xLabel)"), xLabel: xLabel, yLabel: yLabel,
      series: [.init(name: yLabel, xs: xs, ys: ys)], isLogarithmic: yscale.value == .log)
  }
}

private func checkCounts(_ xs: Int, _ ys: Int, at span: SourceSpan) throws {
  guard xs != ys else { return }
  throw Diagnostic(
    .shapeMismatch, "Every point needs an x and a y, but there are \(xs) of one and \(ys) of the other.",
    at: span)
}

extension Operand<Tensor> {
  /// The operand's value as a list of numbers; a matrix of one column or row will do.
  fileprivate func vector(_ tensor: Tensor) throws -> [Double] {
    guard tensor.shape.filter({ $0 != 1 }).count <= 1 else {
      throw Diagnostic(
        .wrongShape,
        "`\(content.slot.name)` takes a list of numbers, but this has the shape \(tensor.shape.shapeWords). Pick a column: `\(label ?? "a")[:, 0]`.",
        at: span)
    }
    return tensor.values
  }
}

/// `plot hist hid.weights`
private struct Histogram: PlotKind {
  let x: Operand<Tensor>
  let bins: Operand<Int>?

  func plot(_ context: CommandContext) throws -> any DrawablePlot {
    let label = x.label ?? localized("values")
    return HistogramPlot(title: label, xLabel: label, values: try x(context).values, bins: try bins?(context))
  }
}

// MARK: - Functions

/// `plot function tanh from=-3 to=3`
private struct FunctionGraph: PlotKind {
  let function: Operand<Value>
  let from: Operand<Double>
  let to: Operand<Double>
  let n: Operand<Int>
  let yscale: Choice<YScale>

  func plot(_ context: CommandContext) throws -> any DrawablePlot {
    let (start, end) = (try from(context), try to(context))
    guard start < end else {
      throw Diagnostic(
        .badValue, "`from` must be less than `to`, but \(start.brief) is not less than \(end.brief).",
        at: to.span)
    }
    let xs = try context.locating { try Tensor.evenlySpaced(from: start, to: end, count: n(context)) }
    let callee = try Callee(function, context)
    let ys = try callee.values(at: xs)
    let label = callee.parameter
    return XYPlot(
      .function, title: "\(callee.name)(\(label))", xLabel: label, yLabel: "\(callee.name)(\(label))",
      series: [.init(name: callee.name, xs: xs.values, ys: ys)], isLogarithmic: yscale.value == .log)
  }
}

/// The function that a plot asks for its values.
private struct Callee {
  let name: String
  /// What its one variable is called.
  let parameter: String
  private let call: (Tensor) throws -> Value
  private let span: SourceSpan

  init(_ operand: Operand<Value>, _ context: CommandContext) throws {
    span = operand.span
    let span = span
    if let builtin = Callee.builtin(operand, context.session) {
      guard builtin.parameters.filter(\.isRequired).count == 1 else {
        throw Callee.mistake(builtin.usage, at: span)
      }
      name = builtin.name
      parameter = "x"
      call = { xs in
        var call = CallArguments(
          function: builtin, values: [.tensor(xs)] + builtin.parameters.dropFirst().map { _ in nil },
          repeated: [], span: span, context: context.execution)
        return try locating(span) { try builtin.body(&call) }
      }
      return
    }
    guard case .function(let function) = try operand(context) else {
      throw Diagnostic(
        .badType,
        "`plot function` takes a function's name, as in `plot function tanh`, or one of yours: "
          + "`def f(x) = x ^ 2; plot function f`.", at: span)
    }
    guard function.parameters.count == 1 else {
      throw Callee.mistake("\(function.name)(\(function.parameters.joined(separator: ", ")))", at: span)
    }
    name = function.name
    parameter = function.parameters[0]
    call = { xs in
      do { return try context.execution.call(function, [ConstantNode(.tensor(xs), span)]) } catch let error
        as Diagnostic
        where error.span == nil
      { throw error.blaming(span) }
    }
  }

  /// The built-in function of the name; nil where the name stands for something of the user's.
  private static func builtin(_ operand: Operand<Value>, _ session: Session) -> BuiltinFunction? {
    guard case .expression(let expression) = operand.content.kind,
      case .name(let name) = expression.kind, !operand.isLocal, session.state.holder(of: name) == nil
    else { return nil }
    return BuiltinFunctions.byName[name]
  }

  private static func mistake(_ usage: String, at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      .wrongArgumentCount, "`plot function` needs a function of one variable, but this is `\(usage)`.",
      at: span)
  }

  /// The function's values, by one call for all where that says the same as a call each.
  func values(at xs: Tensor) throws -> [Double] {
    if let batch = try batch(xs) { return batch }
    return try xs.values.map { try single($0) }
  }

  /// Nil where the function does not go element by element: it fails for arrays, as one with `if` does, or
  /// answers something else, as one with `max(x)` does.
  private func batch(_ xs: Tensor) throws -> [Double]? {
    do {
      guard case .tensor(let ys) = try call(xs), ys.shape == xs.shape else { return nil }
      let probes = [0, xs.count / 3, xs.count - 1]
      let isElementwise = try probes.allSatisfy { isSame(try single(xs.values[$0]), ys.values[$0]) }
      return isElementwise ? ys.values : nil
    } catch let interruption as Interruption {
      throw interruption
    } catch {
      return nil
    }
  }

  /// Equal but for the last digits: sums of arrays may be taken in another order.
  private func isSame(_ a: Double, _ b: Double) -> Bool {
    a == b || a.isNaN && b.isNaN || abs(a - b) <= 1e-9 * max(abs(a), abs(b))
  }

  private func single(_ x: Double) throws -> Double {
    let value = try call(Tensor(x))
    guard case .tensor(let tensor) = value, let number = tensor.scalar else {
      throw Diagnostic(
        .badType,
        "`plot function` needs one number for each x, but `\(name)(\(x.brief))` is \(value.kindName).",
        at: span)
    }
    return number
  }
}
