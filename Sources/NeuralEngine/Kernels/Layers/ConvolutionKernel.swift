/// A convolution in plain Swift: every window of a row is laid out flat, and the filters are a matrix product over
/// them (K. Chellapilla et al., 2006). For small layers and for 64 bits.
final class ConvolutionKernel<Scalar: EngineScalar>: Kernel {
  private let geometry: SlidingGeometry
  private let groups: Int
  private let filters: Int
  private let source: LayerBuffers<Scalar>
  private let target: LayerBuffers<Scalar>
  private let weights: ParameterBuffers<Scalar>
  private let biases: ParameterBuffers<Scalar>?
  /// The windows of one row and one group, a row each, and their gradient.
  private let patches: Buffer<Scalar>
  private let patchGradients: Buffer<Scalar>
  /// One group's sums, or their gradient, where there are several groups.
  private let part: Buffer<Scalar>

  init(
    _ geometry: SlidingGeometry, groups: Int, filters: Int, source: LayerBuffers<Scalar>,
    target: LayerBuffers<Scalar>, weights: ParameterBuffers<Scalar>, biases: ParameterBuffers<Scalar>?
  ) {
    self.geometry = geometry
    self.groups = groups
    self.filters = filters
    self.source = source
    self.target = target
    self.weights = weights
    self.biases = biases
    let count = geometry.positions * geometry.places * (geometry.channels / groups)
    patches = Buffer(count: count)
    patchGradients = Buffer(count: source.gradients == nil ? 0 : count)
    part = Buffer(count: geometry.positions * (filters / groups))
  }

  /// How many numbers of working memory one needs, besides its buffers.
  static func workspace(_ geometry: SlidingGeometry, groups: Int, filters: Int) -> Int {
    let patch = geometry.places.multipliedOrMost(geometry.channels / groups)
    return geometry.positions.multipliedOrMost(patch.multipliedOrMost(2) / 2 * 2)
  }

  private var width: Int { geometry.places * (geometry.channels / groups) }
  private var groupFilters: Int { filters / groups }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(rows: Int) {
    for row in 0..<rows {
      let sums = target.outputs + row * target.width
      for position in 0..<geometry.positions {
        if let biases {
          (sums + position * filters).update(from: biases.values, count: filters)
        } else {
          (sums + position * filters).update(repeating: 0, count: filters)
        }
      }
      for group in 0..<groups {
        layOut(source.outputs + row * source.width, group)
        let kernel = weights.values + group * groupFilters * width
        let (into, _) = groups == 1 ? (sums, 0) : (part.pointer, 0)
        if groups > 1 { part.clear() }
        BlockedProducts.addProducts(
          of: patches.pointer, rows: geometry.positions, with: kernel, rows: groupFilters, width: width,
          to: into)
        if groups > 1 { addPart(to: sums, group) }
      }
    }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(rows: Int) {
    guard let gradients = target.gradients else { return }
    for row in 0..<rows {
      let delta = gradients + row * target.width
      if let bias = biases?.gradients {
        for position in 0..<geometry.positions {
          for filter in 0..<filters { bias[filter] += delta[position * filters + filter] }
        }
      }
      for group in 0..<groups {
        let factors = groups == 1 ? UnsafePointer(delta) : takePart(of: delta, group)
        learn(from: row, group, factors)
        passOn(to: row, group, factors)
      }
    }
  }

  @inline(__always)
  private func learn(from row: Int, _ group: Int, _ delta: UnsafePointer<Scalar>) {
    guard let gradients = weights.gradients else { return }
    layOut(source.outputs + row * source.width, group)
    BlockedProducts.addCombinations(
      of: patches.pointer, rows: geometry.positions, width: width, factors: delta, perTarget: 1,
      perSource: groupFilters, to: gradients + group * groupFilters * width, rows: groupFilters)
  }

  @inline(__always)
  private func passOn(to row: Int, _ group: Int, _ delta: UnsafePointer<Scalar>) {
    guard let gradients = source.gradients else { return }
    patchGradients.clear()
    BlockedProducts.addCombinations(
      of: weights.values + group * groupFilters * width, rows: groupFilters, width: width, factors: delta,
      perTarget: groupFilters, perSource: 1, to: patchGradients.pointer, rows: geometry.positions)
    let channels = geometry.channels / groups
    let into = gradients + row * source.width + group * channels
    geometry.forEachPlace { position, place, source in
      let patch = patchGradients.pointer + position * width + place * channels
      let target = into + source * geometry.channels
      for channel in 0..<channels { target[channel] += patch[channel] }
    }
  }

  /// Writes the windows of one row and one group, zeros where they reach over the edge.
  @inline(__always)
  private func layOut(_ row: UnsafePointer<Scalar>, _ group: Int) {
    let channels = geometry.channels / groups
    patches.clear()
    let from = row + group * channels
    geometry.forEachPlace { position, place, source in
      (patches.pointer + position * width + place * channels).update(
        from: from + source * geometry.channels, count: channels)
    }
  }

  @inline(__always)
  private func addPart(to sums: UnsafeMutablePointer<Scalar>, _ group: Int) {
    for position in 0..<geometry.positions {
      let into = sums + position * filters + group * groupFilters
      for filter in 0..<groupFilters { into[filter] += part.pointer[position * groupFilters + filter] }
    }
  }

  @inline(__always)
  private func takePart(of delta: UnsafePointer<Scalar>, _ group: Int) -> UnsafePointer<Scalar> {
    for position in 0..<geometry.positions {
      (part.pointer + position * groupFilters).update(
        from: delta + position * filters + group * groupFilters, count: groupFilters)
    }
    return UnsafePointer(part.pointer)
  }
}
