/// A convolution in plain Swift: windows are laid out flat, some at a time, and the filters are a matrix product over
/// them (K. Chellapilla et al., 2006). For small layers and for 64 bits.
final class ConvolutionKernel<Scalar: EngineScalar>: Kernel {
  private let geometry: SlidingGeometry
  private let groups: Int
  private let filters: Int
  private let source: LayerBuffers<Scalar>
  private let target: LayerBuffers<Scalar>
  private let weights: ParameterBuffers<Scalar>
  private let biases: ParameterBuffers<Scalar>?
  /// Some windows of one row and one group, a row each, and their gradient.
  private let patches: Buffer<Scalar>
  private let patchGradients: Buffer<Scalar>
  /// How many numbers a window has, and how many windows are laid out at a time.
  private let width: Int
  private let run: Int
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
    width = geometry.places * (geometry.channels / groups)
    run = max(1, min(geometry.positions, Self.patchNumbers / width))
    patches = Buffer(count: run * width)
    patchGradients = Buffer(count: source.gradients == nil ? 0 : run * width)
    part = Buffer(count: geometry.positions * (filters / groups))
  }

  /// About how many numbers are laid out at a time: as many as stay near the processor.
  private static var patchNumbers: Int { 1 << 16 }

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
        let into = groups == 1 ? sums : part.pointer
        if groups > 1 { part.clear() }
        let kernel = weights.values + group * groupFilters * width
        forEachRun { positions in
          layOut(positions, source.outputs + row * source.width, group)
          BlockedProducts.addProducts(
            of: patches.pointer, rows: positions.count, with: kernel, rows: groupFilters, width: width,
            to: into + positions.lowerBound * groupFilters)
        }
        if groups > 1 { addPart(to: sums, group) }
      }
    }
  }

  @inline(__always)
  private func forEachRun(_ body: (Range<Int>) -> Void) {
    for start in stride(from: 0, to: geometry.positions, by: run) {
      body(start..<min(start + run, geometry.positions))
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
        forEachRun { positions in
          learn(from: row, group, positions, factors + positions.lowerBound * groupFilters)
          passOn(to: row, group, positions, factors + positions.lowerBound * groupFilters)
        }
      }
    }
  }

  @inline(__always)
  private func learn(
    from row: Int, _ group: Int, _ positions: Range<Int>, _ delta: UnsafePointer<Scalar>
  ) {
    guard let gradients = weights.gradients else { return }
    layOut(positions, source.outputs + row * source.width, group)
    BlockedProducts.addCombinations(
      of: patches.pointer, rows: positions.count, width: width, factors: delta, perTarget: 1,
      perSource: groupFilters, to: gradients + group * groupFilters * width, rows: groupFilters)
  }

  @inline(__always)
  private func passOn(
    to row: Int, _ group: Int, _ positions: Range<Int>, _ delta: UnsafePointer<Scalar>
  ) {
    guard let gradients = source.gradients else { return }
    patchGradients.clear()
    BlockedProducts.addCombinations(
      of: weights.values + group * groupFilters * width, rows: groupFilters, width: width, factors: delta,
      perTarget: groupFilters, perSource: 1, to: patchGradients.pointer, rows: positions.count)
    let channels = geometry.channels / groups
    let into = gradients + row * source.width + group * channels
    geometry.forEachPlace(of: positions) { position, place, source in
      let patch = patchGradients.pointer + (position - positions.lowerBound) * width + place * channels
      let target = into + source * geometry.channels
      for channel in 0..<channels { target[channel] += patch[channel] }
    }
  }

  /// Writes some windows of one row and one group, zeros where they reach over the edge.
  @inline(__always)
  private func layOut(_ positions: Range<Int>, _ row: UnsafePointer<Scalar>, _ group: Int) {
    let channels = geometry.channels / groups
    patches.clear()
    let from = row + group * channels
    geometry.forEachPlace(of: positions) { position, place, source in
      (patches.pointer + (position - positions.lowerBound) * width + place * channels).update(
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
