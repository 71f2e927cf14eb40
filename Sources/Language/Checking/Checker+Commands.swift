internal import Diagnostics
internal import NetworkSchema

extension Checker {
  /// Fills the slots of a command; nil when something is wrong with it.
  mutating func command(_ syntax: CommandSyntax) -> Command? {
    guard let spec = CommandTable.command(syntax.verb.name) else { return nil }
    let before = diagnostics.count
    var filler = SlotFiller(spec: spec, syntax: syntax)
    filler.fill(with: &self)
    let condition = syntax.condition.flatMap { check($0, of: spec) }
    guard diagnostics.count == before else { return nil }
    var values = filler.values
    if spec.verb == .param {
      guard let declaration = declaration(values, at: syntax.span) else { return nil }
      values = declaration
    }
    let command = Command(
      verb: spec.verb, variant: filler.variant?.name, values: values, condition: condition, span: syntax.span)
    noteNames(of: command)
    return command
  }

  private mutating func check(_ condition: Condition, of spec: CommandSpec) -> CheckedCondition? {
    let span = condition.figure.span.joined(with: condition.threshold.span)
    guard spec.takesCondition else {
      report("unexpected-argument", "`\(spec.verb.rawValue)` takes no `until`; only `train` does.", at: span)
      return nil
    }
    let figures = NetworkCatalog.current.trainingMetrics.names.sorted()
    guard figures.contains(condition.figure.name) else {
      let nearest = DidYouMean.nearest(to: condition.figure.name, among: figures)
      report(
        "unknown-figure",
        "`until` knows no figure `\(condition.figure.name)`. "
          + (nearest.map { "Did you mean `\($0)`?" } ?? "It knows \(figures.joined(separator: ", "))."),
        at: condition.figure.span, suggestion: nearest)
      return nil
    }
    let slot = Slot.required("until", .number(.any), "the number to compare with")
    guard let threshold = value(condition.threshold, in: slot) else { return nil }
    return CheckedCondition(
      figure: condition.figure.name, comparison: condition.comparison, threshold: threshold, span: span)
  }

  /// The names that a command brings into being or takes away, so that the statements behind it are
  /// checked against them.
  private mutating func noteNames(of command: Command) {
    if command.verb == .load { names.mayBeMore = true }
    guard case .name(let name) = command.values["name"]?.kind else {
      let catalog = NetworkCatalog.current
      if command.verb == .train { names.variables.formUnion(catalog.trainingMetrics.names) }
      if command.verb == .evaluate { names.variables.formUnion(catalog.metrics.names) }
      if case .binding(let series, _) = command.values["series"]?.kind { names.series.insert(series.name) }
      return
    }
    switch command.verb {
    case .data: names.data.insert(name)
    case .net, .load: names.networks.insert(name)
    case .layer: names.layers.insert(name)
    default: break
    }
  }
}
