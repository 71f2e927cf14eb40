/// A network's parameters and their gradients, each one contiguous array: an optimizer's step is one pass.
final class Parameters<Scalar: EngineScalar> {
  let layout: ParameterLayout
  let values: Buffer<Scalar>
  let gradients: Buffer<Scalar>
  let trainableRanges: [Range<Int>]

  init(_ layout: ParameterLayout, values: [Double]) {
    self.layout = layout
    self.values = Buffer(count: layout.count)
    gradients = Buffer(count: layout.count)
    trainableRanges = layout.trainableRanges
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
  var areFinite: Bool { (0..<values.count).allSatisfy { values.pointer[$0].isFinite } }
}
