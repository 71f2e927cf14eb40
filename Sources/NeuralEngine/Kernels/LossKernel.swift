import RealModule

/// Compares one output layer with the targets.
///
/// Not a ``Kernel``: it turns the direction round, from the outputs to their gradient.
final class LossKernel<Scalar: EngineScalar> {
  /// How the error reaches the layer before.
  enum ErrorSignal {
    /// The gradient of a loss by the outputs, or by the sums where the two are fused.
    case gradient(Loss, isFused: Bool)
    /// Rosenblatt's rule: output - target, as if the step were not there.
    case perceptron
  }

  let layer: LayerBuffers<Scalar>
  let targets: UnsafeMutablePointer<Scalar>
  private let signal: ErrorSignal
  /// Where one output parts two classes.
  private let middle: Scalar
  /// Probabilities are kept this far from 0 and 1 before a logarithm, as Keras does.
  let epsilon: Scalar = 1e-7

  /// - Parameter targets: rows x the layer's width.
  init(layer: LayerBuffers<Scalar>, targets: UnsafeMutablePointer<Scalar>, signal: ErrorSignal) {
    self.layer = layer
    self.targets = targets
    self.signal = signal
    middle = if case .gradient(let loss, _) = signal { Scalar(loss.middle) } else { 0.5 }
  }

  /// Whether ``backward(rows:scale:)`` writes the gradient by the sums, not by the outputs.
  var isFused: Bool {
    switch signal {
    case .perceptron: true
    case .gradient(_, let isFused): isFused
    }
  }

  /// The losses of the first `rows` rows, added up.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func total(rows: Int) -> Double {
    switch signal {
    case .perceptron, .gradient(.mse, _): squaredErrors(rows) / Double(layer.width)
    case .gradient(.bce, _): binaryCrossEntropy(rows) / Double(layer.width)
    case .gradient(.crossentropy, _): crossEntropy(rows)
    case .gradient(let loss, _): rarerTotal(loss, rows)
    }
  }

  @inline(__always)
  private func squaredErrors(_ rows: Int) -> Double {
    var sum = Scalar.zero
    for index in 0..<rows * layer.width {
      let error = layer.outputs[index] - targets[index]
      sum += error * error
    }
    return Double(sum)
  }

  /// From logits z where there are any: -t ln σ(z) - (1 - t) ln(1 - σ(z)) = max(z, 0) - t z + ln(1 + e^-|z|),
  /// which neither overflows nor loses a small loss in rounding.
  @inline(__always)
  private func binaryCrossEntropy(_ rows: Int) -> Double {
    var sum = Scalar.zero
    for index in 0..<rows * layer.width {
      let t = targets[index]
      if isFused, let z = layer.sums?[index] {
        sum += (z > 0 ? z : 0) - t * z + .log(onePlus: .exp(-z.magnitude))
      } else {
        let p = clamp(layer.outputs[index])
        sum -= t * .log(p) + (1 - t) * .log(1 - p)
      }
    }
    return Double(sum)
  }

  /// -Σ t ln softmax(z) = Σ t (ln Σ eᶻ - z), with the largest z taken out of the sum of exponentials.
  @inline(__always)
  private func crossEntropy(_ rows: Int) -> Double {
    guard let logits = layer.sums else { return 0 }
    var sum = Scalar.zero
    for row in 0..<rows {
      let z = logits + row * layer.width
      let t = targets + row * layer.width
      let peak = z[largest(z)]
      var exponentials = Scalar.zero
      for unit in 0..<layer.width { exponentials += .exp(z[unit] - peak) }
      let logSum = peak + .log(exponentials)
      for unit in 0..<layer.width where t[unit] != 0 { sum += t[unit] * (logSum - z[unit]) }
    }
    return Double(sum)
  }

  /// Keeps a probability inside (0, 1); NaN stays NaN.
  @inline(__always)
  private func clamp(_ p: Scalar) -> Scalar { p < epsilon ? epsilon : p > 1 - epsilon ? 1 - epsilon : p }

  /// Writes the gradient of the loss, times `scale`, for the first `rows` rows.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(rows: Int, scale: Scalar) {
    guard let g = layer.gradients else { return }
    let count = rows * layer.width
    let o = layer.outputs
    let perOutput = scale / Scalar(layer.width)
    switch signal {
    case .perceptron: for index in 0..<count { g[index] = scale * (o[index] - targets[index]) }
    case .gradient(.mse, _): for index in 0..<count { g[index] = 2 * perOutput * (o[index] - targets[index]) }
    case .gradient(let loss, isFused: true):
      let factor = loss == .bce ? perOutput : scale
      for index in 0..<count { g[index] = factor * (o[index] - targets[index]) }
    case .gradient(.bce, isFused: false):
      for index in 0..<count {
        let p = clamp(o[index])
        g[index] = perOutput * (p - targets[index]) / (p * (1 - p))
      }
    case .gradient(let loss, isFused: false): rarerBackward(loss, rows: rows, scale: scale)
    }
  }

  /// Whether a row is classified as its targets say: by the largest output, or with one output by the half that
  /// it lies in; for hinge, whose classes are -1 and 1, by its sign.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func isCorrect(row: Int) -> Bool {
    let o = layer.outputs + row * layer.width
    let t = targets + row * layer.width
    return layer.width == 1 ? (o[0] >= middle) == (t[0] >= middle) : largest(o) == largest(t)
  }

  @inline(__always)
  private func largest(_ row: UnsafeMutablePointer<Scalar>) -> Int {
    var best = 0
    for unit in 1..<layer.width where row[unit] > row[best] { best = unit }
    return best
  }
}
