import Diagnostics
import Language
import NetworkSchema
import NeuralEngine
import Outputs

extension Session {
  func functionPlot(_ arguments: CommandArguments, _ context: ExecutionContext) throws -> XYPlot {
    let start = try arguments.number("from", context) ?? -5
    let end = try arguments.number("to", context) ?? 5
    guard start < end else {
      throw Diagnostic(
        "bad-value", "`from` must lie below `to`, but \(start.brief) does not lie below \(end.brief).",
        at: arguments.span("to"))
    }
    let xs = try locating(arguments.span) {
      try Tensor.evenlySpaced(from: start, to: end, count: arguments.integer("n", context) ?? 201)
    }
    let callee = try Callee(arguments, context)
    let ys = try callee.values(at: xs)
    let label = callee.parameter
    return XYPlot(
      .function, title: "\(callee.name)(\(label))", xLabel: label, yLabel: "\(callee.name)(\(label))",
      series: [.init(name: callee.name, xs: xs.values, ys: ys)],
      isLogarithmic: arguments.choice("yscale") == "log")
  }
}

/// The function that a plot asks for its values.
private struct Callee {
  let name: String
  /// What its one variable is called.
  let parameter: String
  private let call: (Tensor) throws -> Value
  private let span: SourceSpan

  init(_ arguments: CommandArguments, _ context: ExecutionContext) throws {
    span = arguments.span("function")
    let span = span
    if let builtin = Callee.builtin(arguments, context.session) {
      guard builtin.parameters.filter(\.isRequired).count == 1 else {
        throw Callee.mistake(builtin.usage, at: span)
      }
      name = builtin.name
      parameter = "x"
      call = { xs in
        var call = CallArguments(
          function: builtin, values: [.tensor(xs)] + builtin.parameters.dropFirst().map { _ in nil },
          repeated: [], span: span, context: context)
        return try locating(span) { try builtin.body(&call) }
      }
      return
    }
    guard case .function(let function)? = try arguments.value("function", context) else {
      throw Diagnostic(
        "bad-type", "`plot function` takes a function's name, as in `plot function tanh`.", at: span)
    }
    guard function.parameters.count == 1 else {
      throw Callee.mistake("\(function.name)(\(function.parameters.joined(separator: ", ")))", at: span)
    }
    name = function.name
    parameter = function.parameters[0]
    call = { xs in
      do { return try context.call(function, [ConstantNode(.tensor(xs), span)]) } catch let error
        as Diagnostic
        where error.span == nil
      { throw error.blaming(span) }
    }
  }

  /// The built-in function of the name; nil where the name stands for something of the user's.
  private static func builtin(_ arguments: CommandArguments, _ session: Session) -> BuiltinFunction? {
    guard case .expression(let expression)? = arguments.command.values["function"]?.kind,
      case .name(let name) = expression.kind, !(arguments.node("function") is LocalNode),
      session.state.holder(of: name) == nil
    else { return nil }
    return BuiltinFunctions.byName[name]
  }

  private static func mistake(_ usage: String, at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      "wrong-argument-count", "A graph is drawn of a function of one variable, but this is `\(usage)`.",
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
        "bad-type", "A graph needs one number for each x, but `\(name)(\(x.brief))` is \(value.kindName).",
        at: span)
    }
    return number
  }
}
