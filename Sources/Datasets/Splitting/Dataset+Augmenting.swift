public import Foundations
public import NeuralEngine

/// Which augmentations fit the rows of a data set.
extension Dataset {
  /// Tells whether the rows are images, of any number of channels.
  private var hasImages: Bool { inputShape.count == 3 }

  /// Refuses an augmentation that the rows cannot have.
  ///
  /// - Throws: `wrong-shape` or `bad-value`.
  public func check(_ augmentation: Augmentation) throws(CodedError) {
    guard (2...3).contains(inputShape.count) else {
      let shape = inputShape.sizesText
      throw CodedError(
        .wrongShape,
        "`augment` changes images and signals, and the rows of `\(name)` are "
          + (inputShape.count == 1
            ? "\(inputWidth) column\(inputWidth == 1 ? "" : "s") of a table."
            : "arrays of \(shape)."))
    }
    let images: [(String, Bool)] = [
      ("rotate", augmentation.rotate != 0), ("zoom", augmentation.zoom != 0),
      ("flip", augmentation.flip != .none),
    ]
    if !hasImages, let option = images.first(where: \.1)?.0 {
      throw CodedError(
        .badOption,
        "`\(option)=` is for images, and the rows of `\(name)` are signals of \(inputShape[0]) steps. "
          + "Use shift=, noise= or cutout=.")
    }
    let size = hasImages ? Swift.min(inputShape[0], inputShape[1]) : inputShape[0]
    let what = hasImages ? "images of \(inputShape[0])x\(inputShape[1]) pixels" : "signals of \(size) steps"
    for (option, given) in [("shift", augmentation.shift), ("cutout", augmentation.cutout)]
    where !(0..<size).contains(given) {
      throw CodedError(
        .badValue,
        "\(option)=\(given) can leave nothing of the \(what) of `\(name)`. Use at most \(option)=\(size - 1).",
        suggestion: "\(option)=\(size - 1)")
    }
  }

  /// An augmentation of these rows once they are on a scale.
  ///
  /// - Parameter preparation: the scale; nil where they stay as they are.
  /// - Throws: `wrong-shape` or `bad-value` where it does not fit them.
  public func augmentation(_ augmentation: Augmentation, on preparation: Preparation?) throws(CodedError)
    -> RowAugmentation
  {
    try check(augmentation)
    let scales = preparation?.inputs ?? [Preparation.Scale()]
    return RowAugmentation(
      augmentation, shape: inputShape,
      ranges: augmentation.noise > 0
        ? channelRanges : [Double](repeating: 0, count: inputShape[inputShape.count - 1]),
      offsets: scales.map(\.offset), divisors: scales.map(\.divisor))
  }

  /// How far the largest and the smallest number of each channel are apart.
  private var channelRanges: [Double] {
    let channels = inputShape[inputShape.count - 1]
    // A scale for each column is only there once data has been prepared, and this is of the data as it came.
    if case .bytes(let bytes) = storage, bytes.offsets.count == 1 {
      return bytes.values.extremes(of: channels).map {
        (Double($0.high) - Double($0.low)) / abs(bytes.divisors[0])
      }
    }
    return inputs.extremes(of: channels).map { $0.high - $0.low }
  }
}

extension Array where Element: Comparable {
  /// The smallest and the largest number of each channel.
  fileprivate func extremes(of channels: Int) -> [(low: Element, high: Element)] {
    var extremes = prefix(channels).map { (low: $0, high: $0) }
    var channel = 0
    for value in self {
      if value < extremes[channel].low { extremes[channel].low = value }
      if value > extremes[channel].high { extremes[channel].high = value }
      channel += 1
      if channel == channels { channel = 0 }
    }
    return extremes
  }
}
