internal import NeuralEngine

extension Preparation {
  /// Tells whether it scales as many columns as a data set has.
  public func fits(_ data: Dataset) -> Bool {
    [1, data.inputWidth].contains(inputs.count) && (targets.map { $0.count == data.targetWidth } ?? true)
  }

  /// The scale of a step of sequences, of which all columns of a row were scaled; nil where these differ from step to step.
  public func ofSteps(_ features: Int, targets count: Int) -> Preparation? {
    func first(_ scales: [Scale], _ width: Int) -> [Scale]? {
      guard scales.count > width, width > 0 else { return scales }
      return scales.indices.allSatisfy { scales[$0] == scales[$0 % width] }
        ? Array(scales.prefix(width)) : nil
    }
    guard let inputs = first(inputs, features) else { return nil }
    guard let targets else { return Preparation(inputs: inputs, constant: constant) }
    return first(targets, count).map { Preparation(inputs: inputs, targets: $0, constant: constant) }
  }

  /// The scale of rows of so many steps, which all have this one.
  public func repeated(_ steps: Int, targetsToo: Bool) -> Preparation {
    func all(_ scales: [Scale]) -> [Scale] {
      scales.count == 1 ? scales : (0..<steps).flatMap { _ in scales }
    }
    return Preparation(
      inputs: all(inputs),
      targets: targets.map { scales in targetsToo ? (0..<steps).flatMap { _ in scales } : scales },
      constant: constant)
  }

  /// A data set on the scale. Images stay 8-bit.
  public func apply(to data: Dataset) -> Dataset {
    let storage: ExampleInputs
    switch data.storage {
    case .doubles(let values): storage = .doubles(scaled(values, inputs) { $0.apply($1) })
    case .bytes(let bytes): storage = .bytes(composed(bytes))
    }
    guard let targets else { return data.replacing(storage: storage) }
    return data.replacing(storage: storage, targets: scaled(data.targets, targets) { $0.apply($1) })
  }

  /// All parts on the scale of the training part.
  public func apply(to parts: DatasetParts) -> DatasetParts {
    DatasetParts(
      train: apply(to: parts.train), validate: parts.validate.map { apply(to: $0) },
      test: parts.test.map { apply(to: $0) })
  }

  /// Rows of inputs in the user's units, on the scale.
  public func apply(toInputs rows: [Double]) -> [Double] { scaled(rows, inputs) { $0.apply($1) } }

  /// Rows of inputs on the scale, in the user's units.
  public func undo(inputs rows: [Double]) -> [Double] { scaled(rows, inputs) { $0.undo($1) } }

  /// Rows of targets in the user's units, on the scale.
  public func apply(toTargets rows: [Double]) -> [Double] { scaled(rows, targets ?? []) { $0.apply($1) } }

  /// Rows of targets, or of what a network predicts for them, in the user's units.
  public func undo(targets rows: [Double]) -> [Double] { scaled(rows, targets ?? []) { $0.undo($1) } }

  private func scaled(
    _ values: [Double], _ scales: [Scale], _ body: (Scale, Double) -> Double
  ) -> [Double] {
    guard !scales.isEmpty else { return values }
    return values.enumerated().map { body(scales[$0 % scales.count], $1) }
  }

  /// ((byte - o) / d - offset) / divisor is (byte - (o + offset d)) / (d divisor): the bytes stay.
  private func composed(_ bytes: ByteInputs) -> ByteInputs {
    let count = Swift.max(bytes.offsets.count, inputs.count)
    let pairs = (0..<count).map { column in
      let offset = bytes.offsets[bytes.offsets.count == 1 ? 0 : column]
      let divisor = bytes.divisors[bytes.divisors.count == 1 ? 0 : column]
      let scale = inputs[inputs.count == 1 ? 0 : column]
      return (offset + scale.offset * divisor, divisor * scale.divisor)
    }
    return ByteInputs(bytes.values, offsets: pairs.map(\.0), divisors: pairs.map(\.1))
  }
}
