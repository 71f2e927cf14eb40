/// The sum of squared distances of each channel from its mean.
///
/// - Inputs: x, the means.
package struct ColumnSquares: PlanOperation {
  let places: Int
  let channels: Int

  package var name: String { "squared deviations" }
  package var multiplications: Int { places * channels }
}

/// A sum over a batch as a mean over its places.
///
/// - Inputs: the sums.
package struct BatchMean: PlanOperation {
  let places: Int
  let channels: Int

  package var name: String { "batch mean" }
}

/// 1 / √(variance + ε) of a batch, and the running mean and variance, which follow the batch's: a share `momentum` of
/// them stays.
///
/// - Inputs: the means, the sums of squared deviations, the running mean, the running variance.
package struct BatchStatistics: PlanOperation {
  let places: Int
  let channels: Int
  let momentum: Double
  let epsilon: Double

  package var name: String { "batch statistics" }
}

/// 1 / √(variance + ε) of the running variance.
///
/// - Inputs: the running variance.
package struct InverseDeviation: PlanOperation {
  package let channels: Int
  package let epsilon: Double

  package var name: String { "running deviation" }
}

/// Each channel brought to mean 0 and variance 1, then scaled by γ and shifted by β (S. Ioffe and C. Szegedy, ICML 2015).
///
/// - Inputs: x, mean, 1 / deviation, γ, β.
package struct Normalize: PlanOperation {
  package let places: Int
  package let channels: Int
  /// Whether mean and deviation are those of the batch, and so depend on each number.
  package let isByBatch: Bool

  package var name: String { "normalise" }
  package var multiplications: Int { 2 * places * channels }
  package var inPlace: Int? { 0 }

  package func differentiate(_ step: Step, _ dy: BufferID, _ tape: inout Tape) {
    let (x, mean, inverse, gamma) = (step.inputs[0], step.inputs[1], step.inputs[2], step.inputs[3])
    let sums = tape.plan.add("sums of \(step.layer)'s gradient", .reduced(channels))
    let products = tape.plan.add("products of \(step.layer)'s gradient", .reduced(channels))
    tape.plan.steps.append(
      Step(
        operation: NormalizeSums(places: places, channels: channels), layer: step.layer,
        inputs: [dy, x, mean, inverse], outputs: [sums, products]))
    for (parameter, sum) in [(gamma, products), (step.inputs[4], sums)] {
      tape.emit(AddWhole(width: channels), [sum], gradientOf: parameter, layer: step.layer, scope: .whole)
    }
    guard tape.wants(x) else { return }
    if isByBatch {
      // The sums must be those of the whole batch before any row goes on.
      tape.emit(Await(), [sums, products], to: sums, layer: step.layer, scope: .whole)
    }
    tape.emit(
      NormalizeGradient(places: places, channels: channels, isByBatch: isByBatch),
      [dy, x, mean, inverse, gamma, sums, products], gradientOf: x, layer: step.layer)
  }
}

/// What a batch normalisation's gradient comes to over the places: Σ dy and Σ dy x̂, where x̂ is x at mean 0 and variance 1. It
/// is worked out from x, which is kept anyway: keeping x̂ as well would take longer than that.
///
/// - Inputs: dy, x, mean, 1 / deviation.
/// - Outputs: Σ dy, Σ dy x̂.
package struct NormalizeSums: PlanOperation {
  let places: Int
  let channels: Int

  package var name: String { "normalise sums" }
  package var multiplications: Int { places * channels }
}

/// By the batch γ / σ (dy - mean dy - x̂ mean(dy x̂)), since mean and variance depend on each number; by the running
/// statistics simply γ / σ dy.
///
/// - Inputs: dy, x, mean, 1 / deviation, γ, Σ dy, Σ dy x̂.
package struct NormalizeGradient: PlanOperation {
  let places: Int
  let channels: Int
  let isByBatch: Bool
  /// Whether x is a relu's output, and the gradient that by its input.
  var masksRelu = false

  package var name: String { masksRelu ? "normalise gradient + relu derivative" : "normalise gradient" }
  package var multiplications: Int { 3 * places * channels }
  package var inPlace: Int? { 0 }
}

/// Nothing but the wait until all shards have come as far.
package struct Await: PlanOperation {
  package var name: String { "await all shards" }
}

/// The last axis brought to mean 0 and variance 1, then scaled by γ and shifted by β (J. Ba, J. Kiros and G. Hinton, 2016).
///
/// - Inputs: x, γ, β.
/// - Outputs: y, x at mean 0 and variance 1, 1 / deviation.
package struct NormalizeLayer: PlanOperation {
  package let places: Int
  package let width: Int
  package let epsilon: Double

  package var name: String { "layer normalise" }
  package var multiplications: Int { 3 * places * width }

  package func differentiate(_ step: Step, _ dy: BufferID, _ tape: inout Tape) {
    let (normal, inverse) = (step.outputs[1], step.outputs[2])
    tape.emit(ColumnSums(width: width, places: places), [dy], gradientOf: step.inputs[2], layer: step.layer)
    tape.emit(
      ColumnProducts(width: width, places: places), [dy, normal], gradientOf: step.inputs[1],
      layer: step.layer)
    tape.emit(
      NormalizeLayerGradient(places: places, width: width), [dy, normal, inverse, step.inputs[1]],
      gradientOf: step.inputs[0], layer: step.layer)
  }
}

/// The way back through ``NormalizeLayer``.
///
/// - Inputs: dy, x̂, 1 / deviation, γ.
package struct NormalizeLayerGradient: PlanOperation {
  let places: Int
  let width: Int

  package var name: String { "layer normalise gradient" }
  package var multiplications: Int { 4 * places * width }
}
