import NetworkSchema
import NeuralEngine

extension OptimizerKind {
  /// An optimizer by its name and options.
  init(_ name: String, _ options: OptionValues) throws {
    if name == "sgd" {
      self = .sgd(
        momentum: options.number("momentum") ?? 0, nesterov: options.boolean("nesterov") ?? false)
      return
    }
    guard let kind = OptimizerKind(name: name) else {
      throw SchemaViolation.unknownKind(family: "optimizer", name: name)
    }
    let schema = NetworkCatalog.current.optimizers[name]
    for option in schema?.options ?? [] where option.name != "rate" {
      guard let value = options[option.name], value != option.defaultValue else { continue }
      throw EngineError("bad-option", "The engine's \(name) has \(option.name)=\(option.defaultText) only.")
    }
    self = kind
  }

  /// The options that it was made with.
  var options: OptionValues {
    guard case .sgd(let momentum, let nesterov) = self else { return OptionValues() }
    return OptionValues(["momentum": .number(momentum), "nesterov": .boolean(nesterov)])
  }
}

extension RateSchedule {
  /// A schedule by its name and options.
  init(_ name: String, _ options: OptionValues) throws {
    guard let kind = RateSchedule.Kind(rawValue: name) else {
      throw SchemaViolation.unknownKind(family: "schedule", name: name)
    }
    self.init(kind, decay: options.number("decay"), period: options.integer("period"))
  }

  /// The options that it was made with.
  var options: OptionValues {
    var options = OptionValues()
    options["decay"] = decay.map { .number($0) }
    options["period"] = period.map { .integer($0) }
    return options
  }
}
