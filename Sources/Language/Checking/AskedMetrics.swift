internal import NetworkSchema

extension Command {
  /// The metrics that a training is asked for besides those that it always reports, under every name that they may have.
  var askedMetrics: [String] {
    guard verb == .train else { return [] }
    var asked: [String] = []
    if case .expression(let names)? = values["metrics"]?.kind, case .list(let items) = names.kind {
      for case .string(let name) in items.map(\.kind) { asked += [name, "val_" + name] }
    }
    if case .known(.word(let name))? = values["monitor"]?.kind { asked.append(name) }
    if let condition { asked.append(condition.metric) }
    let standard = NetworkCatalog.current.trainingMetrics.names
    return asked.filter { !standard.contains($0) }
  }
}
