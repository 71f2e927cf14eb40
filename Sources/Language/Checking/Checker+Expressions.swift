internal import Diagnostics
internal import NetworkSchema

extension Checker {
  mutating func check(_ expression: Expression) {
    switch expression.kind {
    case .name(let name): checkValue(name, at: expression.span)
    case .call(let function, let arguments):
      checkFunction(function)
      for argument in arguments { check(argument.value) }
    default: for child in expression.children { check(child) }
    }
  }

  /// A function's body may name what a later cell defines; it is looked up when the function is called.
  private mutating func checkValue(_ name: String, at span: SourceSpan) {
    guard locals == nil, !names.values.contains(name), !names.isVariable(name) else { return }
    if let spec = CommandTable.command(name) {
      return report("reserved-word", "`\(spec.verb.rawValue)` is a command and has no value.", at: span)
    }
    if names.mayBeMore { return }
    let nearest = DidYouMean.nearest(to: name, among: names.values.sorted())
    if nearest == nil, let advice = ForeignWords.advice(on: name) {
      return report("unknown-name", "Nothing is called `\(name)`. \(advice)", at: span)
    }
    let catalog = NetworkCatalog.current
    if nearest == nil, catalog.metrics.names.contains(name) {
      let isTrained = catalog.trainingMetrics.names.contains(name)
      return report(
        "unknown-name",
        "There is no `\(name)` yet. \(isTrained ? "`train` and `evaluate` set" : "`evaluate` sets") it.",
        at: span)
    }
    report(
      "unknown-name",
      "Nothing is called `\(name)`. "
        + (nearest.map { "Did you mean `\($0)`?" } ?? "Give it a value first: `\(name) = 0`."),
      at: span, suggestion: nearest)
  }

  private mutating func checkFunction(_ function: Expression) {
    guard case .name(let name) = function.kind else { return check(function) }
    guard locals == nil, !names.values.contains(name) else { return }
    let nearest = DidYouMean.nearest(to: name, among: names.builtins.union(names.variables).sorted())
    let guess = nearest.map { "Did you mean `\($0)`?" } ?? "Define it first: `def \(name)(x) = …`."
    report(
      "unknown-function", "There is no function `\(name)`. \(guess)", at: function.span, suggestion: nearest)
  }
}
