/// The largest or the mean of each window, channel by channel.
final class PoolKernel<Scalar: EngineScalar>: Kernel {
  private let geometry: SlidingGeometry
  private let reduction: Pool.Reduction
  private let source: LayerBuffers<Scalar>
  private let target: LayerBuffers<Scalar>
  /// Whether the source is a relu's output of which nothing else is made: its derivative is then told from the
  /// pool's output, of which there is less.
  private let masksRelu: Bool
  /// For each output, the place of the input that it is; of the largest only.
  private let winners: UnsafeMutableBufferPointer<Int32>
  /// For each position, how many places of its window lie inside.
  private let shares: [Scalar]

  init(
    _ geometry: SlidingGeometry, _ reduction: Pool.Reduction, source: LayerBuffers<Scalar>,
    target: LayerBuffers<Scalar>, masksRelu: Bool, capacity: Int
  ) {
    self.geometry = geometry
    self.reduction = reduction
    self.source = source
    self.target = target
    self.masksRelu = masksRelu
    winners = .allocate(capacity: reduction == .max ? capacity * target.width : 0)
    winners.initialize(repeating: 0)
    var counts = [Scalar](repeating: 0, count: geometry.positions)
    geometry.forEachPlace { position, _, _ in counts[position] += 1 }
    shares = counts.map { 1 / max($0, 1) }
  }

  deinit { winners.deallocate() }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func forward(rows: Int) {
    for row in 0..<rows {
      switch reduction {
      case .max: findLargest(row)
      case .avg: average(row)
      }
    }
  }

  @inline(__always)
  private func findLargest(_ row: Int) {
    let channels = geometry.channels
    let from = source.outputs + row * source.width
    let into = target.outputs + row * target.width
    guard let places = winners.baseAddress.map({ $0 + row * target.width }) else { return }
    into.update(repeating: -.infinity, count: target.width)
    geometry.forEachPlace { position, _, place in
      for channel in 0..<channels {
        let value = from[place * channels + channel]
        let output = position * channels + channel
        // A NaN wins, so that it is seen where it comes from.
        if value > into[output] || value.isNaN {
          into[output] = value
          places[output] = Int32(truncatingIfNeeded: place)
        }
      }
    }
  }

  @inline(__always)
  private func average(_ row: Int) {
    let channels = geometry.channels
    let from = source.outputs + row * source.width
    let into = target.outputs + row * target.width
    into.update(repeating: 0, count: target.width)
    geometry.forEachPlace { position, _, place in
      let share = shares[position]
      for channel in 0..<channels {
        into[position * channels + channel] += from[place * channels + channel] * share
      }
    }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func backward(rows: Int) {
    guard let delta = target.gradients, let gradients = source.gradients else { return }
    let channels = geometry.channels
    if masksRelu { target.maskGradients(rows: rows) }
    for row in 0..<rows {
      let from = delta + row * target.width
      let into = gradients + row * source.width
      switch reduction {
      case .max:
        for output in 0..<target.width {
          into[Int(winners[row * target.width + output]) * channels + output % channels] += from[output]
        }
      case .avg:
        geometry.forEachPlace { position, _, place in
          let share = shares[position]
          for channel in 0..<channels {
            into[place * channels + channel] += from[position * channels + channel] * share
          }
        }
      }
    }
  }
}
