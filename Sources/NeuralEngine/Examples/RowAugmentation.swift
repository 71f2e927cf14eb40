/// An augmentation as it changes the rows of a data set: with their shape and their scale.
///
/// What a row becomes is a function of a key, the epoch and the row, so that it is the same however many threads and
/// processes share the work.
public struct RowAugmentation: Sendable, Equatable {
  /// What is done.
  public let augmentation: Augmentation
  /// The size of an image; a signal has the height 1.
  private let height: Int
  private let width: Int
  private let channels: Int
  /// The standard deviation of each channel's noise.
  private let deviations: [Double]
  /// The number that 0 in the data's own units is.
  private let zero: Double
  /// A number x of the row is x * divisor + offset in the data's own units, where each column has a scale of its own.
  private struct Scale: Equatable { let offset, divisor: Double }
  private let columnScales: [Scale]?

  /// Puts an augmentation together.
  ///
  /// - Parameters:
  ///   - shape: that of a row: height, width and channels of an image, or length and channels of a signal.
  ///   - ranges: how far each channel's largest and smallest number are apart, in the data's own units; for the noise.
  ///   - offsets: with the divisors the scale of the rows, (x - offset) / divisor, one for all columns or one a column.
  public init(
    _ augmentation: Augmentation, shape: [Int], ranges: [Double], offsets: [Double] = [0],
    divisors: [Double] = [1]
  ) {
    precondition((2...3).contains(shape.count) && shape.allSatisfy { $0 > 0 }, "images or signals")
    precondition(offsets.count == divisors.count && !offsets.isEmpty, "an offset for each divisor")
    self.augmentation = augmentation
    height = shape.count == 3 ? shape[0] : 1
    width = shape[shape.count - 2]
    channels = shape[shape.count - 1]
    if offsets.count == 1 {
      // Moving and mixing numbers is the same on either scale.
      columnScales = nil
      zero = -offsets[0] / divisors[0]
      deviations = ranges.map { abs(augmentation.noise * $0 / divisors[0]) }
    } else {
      precondition(offsets.count == height * width * channels, "a scale for each column")
      columnScales = zip(offsets, divisors).map { Scale(offset: $0, divisor: $1) }
      zero = 0
      deviations = ranges.map { augmentation.noise * $0 }
    }
    precondition(deviations.count == channels, "a range for each channel")
  }

  /// How many numbers a row has.
  var count: Int { height * width * channels }

  /// A row as an epoch sees it.
  ///
  /// - Parameters:
  ///   - values: the row, on its scale.
  ///   - epoch: counted from 1.
  public func row(_ values: [Double], number: Int, epoch: Int, key: UInt64) -> [Double] {
    precondition(values.count == count, "a row of the shape")
    var changed = values
    changed.withUnsafeMutableBufferPointer { row in
      if let row = row.baseAddress { change(row, number: number, epoch: epoch, key: key) }
    }
    return changed
  }

  /// Changes a row in its place.
  func change(_ row: UnsafeMutablePointer<Double>, number: Int, epoch: Int, key: UInt64) {
    // Multiples of odd numbers; the stream spreads whatever they come to.
    var random = RandomStream(
      seed: key &+ UInt64(epoch) &* 0xBF58_476D_1CE4_E5B9 &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
    let draw = AugmentationDraw(augmentation, height: height, width: width, &random)
    if let columnScales {
      for (place, scale) in columnScales.enumerated() {
        row[place] = row[place] * scale.divisor + scale.offset
      }
    }
    apply(draw, to: row)
    addNoise(to: row, &random)
    blank(row, draw)
    if let columnScales {
      for (place, scale) in columnScales.enumerated() {
        row[place] = (row[place] - scale.offset) / scale.divisor
      }
    }
  }
}

// MARK: - Moving

extension RowAugmentation {
  /// Moves, turns, enlarges and mirrors a row.
  func apply(_ draw: AugmentationDraw, to row: UnsafeMutablePointer<Double>) {
    let isTurned = draw.angle != 0 || draw.zoom != 1
    guard isTurned || draw.down != 0 || draw.right != 0 || draw.flipsVertically || draw.flipsHorizontally
    else { return }
    withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { copy in
      guard let source = copy.baseAddress else { return }
      source.initialize(from: row, count: count)
      isTurned ? turn(source, draw, into: row) : move(source, draw, into: row)
    }
  }

  /// By whole pixels, which stay as they are.
  private func move(
    _ source: UnsafeMutablePointer<Double>, _ draw: AugmentationDraw, into row: UnsafeMutablePointer<Double>
  ) {
    for y in 0..<height {
      for x in 0..<width {
        let from = place(y - draw.down, x - draw.right, draw)
        for channel in 0..<channels {
          row[(y * width + x) * channels + channel] = from < 0 ? zero : source[from + channel]
        }
      }
    }
  }

  /// About the middle, with bilinear interpolation between pixels; beyond the edges the fill goes on.
  private func turn(
    _ source: UnsafeMutablePointer<Double>, _ draw: AugmentationDraw, into row: UnsafeMutablePointer<Double>
  ) {
    let (sine, cosine) = (ElementaryFunctions.sine(draw.angle), ElementaryFunctions.cosine(draw.angle))
    let (middleY, middleX) = (Double(height - 1) / 2, Double(width - 1) / 2)
    for y in 0..<height {
      for x in 0..<width {
        let (dy, dx) = (Double(y - draw.down) - middleY, Double(x - draw.right) - middleX)
        let fromY = (cosine * dy + sine * dx) / draw.zoom + middleY
        let fromX = (cosine * dx - sine * dy) / draw.zoom + middleX
        let (top, left) = (fromY.rounded(.down), fromX.rounded(.down))
        let (shareY, shareX) = (fromY - top, fromX - left)
        let (firstY, firstX) = (Int(top), Int(left))
        let places = (
          place(firstY, firstX, draw), place(firstY, firstX + 1, draw), place(firstY + 1, firstX, draw),
          place(firstY + 1, firstX + 1, draw)
        )
        for channel in 0..<channels {
          func value(_ place: Int) -> Double { place < 0 ? zero : source[place + channel] }
          let upper = value(places.0) * (1 - shareX) + value(places.1) * shareX
          let lower = value(places.2) * (1 - shareX) + value(places.3) * shareX
          row[(y * width + x) * channels + channel] = upper * (1 - shareY) + lower * shareY
        }
      }
    }
  }

  /// Where the first channel of a pixel stands in a row that is mirrored as drawn; below 0 for one that is filled with 0.
  @inline(__always)
  private func place(_ y: Int, _ x: Int, _ draw: AugmentationDraw) -> Int {
    var (y, x) = (y, x)
    if y < 0 || y >= height || x < 0 || x >= width {
      switch augmentation.fill {
      case .zero: return -1
      case .edge: (y, x) = (min(max(y, 0), height - 1), min(max(x, 0), width - 1))
      case .wrap: (y, x) = (((y % height) + height) % height, ((x % width) + width) % width)
      }
    }
    if draw.flipsVertically { y = height - 1 - y }
    if draw.flipsHorizontally { x = width - 1 - x }
    return (y * width + x) * channels
  }
}

// MARK: - Noise and blanks

extension RowAugmentation {
  private func addNoise(to row: UnsafeMutablePointer<Double>, _ random: inout RandomStream) {
    guard augmentation.noise > 0 else { return }
    withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { noise in
      guard let noise = noise.baseAddress else { return }
      noise.initialize(repeating: 0, count: count)
      random.fillNormal(noise, count: count)
      for place in 0..<count { row[place] += noise[place] * deviations[place % channels] }
    }
  }

  /// Blanks a square about a point of the image; at an edge only a part of it lies within (T. DeVries and G. Taylor,
  /// "Improved Regularization of Convolutional Neural Networks with Cutout", 2017).
  func blank(_ row: UnsafeMutablePointer<Double>, _ draw: AugmentationDraw) {
    let side = augmentation.cutout
    guard side > 0 else { return }
    func range(_ middle: Int, _ size: Int) -> Range<Int> {
      max(0, middle - side / 2)..<min(size, middle - side / 2 + side)
    }
    let columns = range(draw.cut.column, width)
    for y in height == 1 ? 0..<1 : range(draw.cut.row, height) {
      let start = (y * width + columns.lowerBound) * channels
      for place in start..<start + columns.count * channels { row[place] = zero }
    }
  }
}
