import NeuralEngine

extension LayerRecord {
  init(_ layer: Layer) {
    name = layer.name
    kind = layer.kindName
    start = layer.start.rawValue
    switch layer.kind {
    case .input(let shape), .reshape(let shape): self.shape = shape
    case .dense(let units, _, _): self.units = units
    case .convolution(let convolution):
      filters = convolution.filters
      groups = convolution.groups
      window = WindowRecord(convolution.window)
    case .pool(let pool): window = WindowRecord(pool.window)
    case .globalPool, .flatten: break
    case .dropout(let share): self.share = share
    case .batchNorm(let norm):
      momentum = norm.momentum
      epsilon = norm.epsilon
    case .layerNorm(let epsilon): self.epsilon = epsilon
    case .embedding(let words, let width):
      self.words = words
      self.width = width
    }
    if layer.hasActivation {
      activation = layer.activation.rawValue
      bias = layer.hasBias
    }
  }

  /// The layer that is described.
  func layer(_ reading: RecordReading) throws(EngineError) -> Layer {
    try reading.checkName(name)
    return Layer(
      name: name, kind: try layerKind(reading),
      start: try reading.word(start, as: WeightStart.self, "start of `\(name)`"))
  }

  private func layerKind(_ reading: RecordReading) throws(EngineError) -> Layer.Kind {
    switch kind {
    case "input": return .input(shape: try sizes(shape, "shape", reading))
    case "reshape": return .reshape(try sizes(shape, "shape", reading))
    case "dense":
      return .dense(
        units: try size(units, "units", reading), activation: try activation(reading),
        hasBias: try required(bias, "bias", reading))
    case "conv1d", "conv2d", "conv3d": return .convolution(try convolution(reading))
    case "maxpool": return .pool(Pool(.max, try window(reading)))
    case "avgpool": return .pool(Pool(.avg, try window(reading)))
    case "globalmaxpool": return .globalPool(.max)
    case "globalavgpool": return .globalPool(.avg)
    case "flatten": return .flatten
    case "dropout": return .dropout(try number(share, "share", reading) { $0 >= 0 && $0 < 1 })
    case "batchnorm":
      return .batchNorm(
        BatchNorm(
          momentum: try number(momentum, "momentum", reading) { $0 >= 0 && $0 <= 1 },
          epsilon: try number(epsilon, "epsilon", reading) { $0 > 0 }))
    case "layernorm": return .layerNorm(epsilon: try number(epsilon, "epsilon", reading) { $0 > 0 })
    case "embedding":
      return .embedding(
        words: try size(words, "words", reading), width: try size(width, "width", reading))
    default: throw reading.bad("the layer `\(name)` is of a kind that is not known here: \(kind.asName)")
    }
  }

  private func convolution(_ reading: RecordReading) throws(EngineError) -> Convolution {
    let window = try window(reading)
    guard kind == "conv\(window.size.count)d" else { throw unfit("window", reading) }
    return Convolution(
      filters: try size(filters, "filters", reading), window, groups: try size(groups, "groups", reading),
      activation: try activation(reading), hasBias: try required(bias, "bias", reading))
  }

  private func window(_ reading: RecordReading) throws(EngineError) -> Window {
    let record = try required(window, "window", reading)
    let size = try sizes(record.size, "window", reading)
    let stride = try sizes(record.stride, "stride", reading)
    let dilation = try sizes(record.dilation, "dilation", reading)
    guard size.count <= 3, stride.count == size.count, dilation.count == size.count else {
      throw unfit("window", reading)
    }
    return Window(
      size, stride: stride, dilation: dilation,
      padding: try reading.word(record.padding, as: Padding.self, "padding of `\(name)`"))
  }

  private func activation(_ reading: RecordReading) throws(EngineError) -> Activation {
    try reading.word(
      try required(activation, "activation", reading), as: Activation.self, "activation of `\(name)`")
  }

  /// No array of this machine is longer, and the engine can add up such sizes before it knows what memory they
  /// would take.
  private static let sizes = 1...1 << 32

  private func size(_ value: Int?, _ what: String, _ reading: RecordReading) throws(EngineError) -> Int {
    let size = try required(value, what, reading)
    guard LayerRecord.sizes.contains(size) else { throw unfit(what, reading) }
    return size
  }

  private func sizes(_ values: [Int]?, _ what: String, _ reading: RecordReading) throws(EngineError) -> [Int]
  {
    let values = try required(values, what, reading)
    guard (1...4).contains(values.count), values.allSatisfy(LayerRecord.sizes.contains) else {
      throw unfit(what, reading)
    }
    return values
  }

  private func number(
    _ value: Double?, _ what: String, _ reading: RecordReading, _ isFit: (Double) -> Bool
  ) throws(EngineError) -> Double {
    let number = try required(value, what, reading)
    guard number.isFinite, isFit(number) else { throw unfit(what, reading) }
    return number
  }

  private func required<Value>(
    _ value: Value?, _ what: String, _ reading: RecordReading
  ) throws(EngineError) -> Value {
    guard let value else { throw reading.bad("the layer `\(name)` has no \(what)") }
    return value
  }

  private func unfit(_ what: String, _ reading: RecordReading) -> EngineError {
    reading.bad("the \(what) of the layer `\(name)` is none that a \(kind) can have")
  }
}

extension WindowRecord {
  init(_ window: Window) {
    size = window.size
    stride = window.stride
    dilation = window.dilation
    padding = window.padding.rawValue
  }
}
