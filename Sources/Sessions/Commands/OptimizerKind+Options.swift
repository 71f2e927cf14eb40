import NetworkSchema
import NeuralEngine

extension OptimizerKind {
  /// An optimizer by its name and options; nil where the engine has none such.
  init?(named name: String, _ options: OptionValues) {
    if name == "sgd" {
      self = .sgd(
        momentum: options.number("momentum") ?? 0, nesterov: options.boolean("nesterov") ?? false)
      return
    }
    let fixed = NetworkCatalog.current.optimizers[name]?.options.filter { $0.name != "rate" } ?? []
    guard fixed.allSatisfy({ options[$0.name] == nil || options[$0.name] == $0.defaultValue }) else {
      return nil
    }
    self.init(name: name)
  }

  /// The options that it was made with.
  var options: OptionValues {
    guard case .sgd(let momentum, let nesterov) = self else { return OptionValues() }
    return OptionValues(["momentum": .number(momentum), "nesterov": .boolean(nesterov)])
  }
}

extension RateSchedule {
  /// A schedule by its name.
  init?(named name: String, decay: Double?, period: Int?) {
    guard let kind = RateSchedule.Kind(rawValue: name) else { return nil }
    self.init(kind, decay: decay, period: period)
  }

  /// The schedule as the language names it.
  var name: String { kind.rawValue }
}
