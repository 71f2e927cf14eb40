/// A network's parameters and their gradients, each one contiguous array: an optimizer's step is one pass.
final class Parameters<Scalar: EngineScalar> {
  let layout: ParameterLayout
  let values: Buffer<Scalar>
  let gradients: Buffer<Scalar>
  let trainableRanges: [Range<Int>]
  /// What a penalty counts.
  let penalisedRanges: [Range<Int>]

  init(_ layout: ParameterLayout, values: [Double]) {
    self.layout = layout
    self.values = Buffer(count: layout.count)
    gradients = Buffer(count: layout.count)
    trainableRanges = layout.trainableRanges
    penalisedRanges = layout.penalisedRanges
    self.values.doubles = values
  }

  /// Where the parameters of a key stand; nil when there are none.
  func buffers(_ key: String) -> ParameterBuffers<Scalar>? {
    layout.slice(key).map { slice in
      ParameterBuffers(
        values: values.pointer + slice.offset,
        gradients: slice.isTrainable ? gradients.pointer + slice.offset : nil)
    }
  }

  /// Whether every parameter is a finite number.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func areFinite() -> Bool {
    // x - x is 0 for a finite number and NaN for any other, and NaN stays in the sums.
    var lanes = Scalar.Lanes.zero
    var rest = Scalar.zero
    var index = 0
    while index + Scalar.Lanes.scalarCount <= values.count {
      let next = Primitives.load(values.pointer + index)
      lanes += next - next
      index += Scalar.Lanes.scalarCount
    }
    while index < values.count {
      rest += values.pointer[index] - values.pointer[index]
      index += 1
    }
    return lanes.sum() + rest == 0
  }

  /// The first layer, in the order of the computation, with a parameter that is not finite.
  var firstNonFiniteLayer: String? {
    layout.slices.first { slice in slice.range.contains { !values.pointer[$0].isFinite } }?.layer
  }
}
