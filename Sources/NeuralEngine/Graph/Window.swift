internal import Foundations
internal import NetworkSchema

/// What a window that slides over one to three axes does at the edges.
public enum Padding: String, Sendable, CaseIterable {
  /// The window stays inside.
  case valid
  /// As many zeros are added, half of them before and half after with the odd one after, as make the output
  /// ⌈size / stride⌉ long: TensorFlow's rule.
  case same
}

/// A window, and how it slides: one number an axis.
public struct Window: Sendable, Equatable {
  /// How long it is.
  public let size: [Int]
  /// How far it moves.
  public let stride: [Int]
  /// How far apart the places are that it looks at; 1 where they touch.
  public let dilation: [Int]
  /// What it does at the edges.
  public let padding: Padding

  /// Creates a window; by default it moves by one and its places touch.
  public init(_ size: [Int], stride: [Int]? = nil, dilation: [Int]? = nil, padding: Padding = .valid) {
    self.size = size
    self.stride = stride ?? size.map { _ in 1 }
    self.dilation = dilation ?? size.map { _ in 1 }
    self.padding = padding
  }

  /// The window over so many axes: one size stands for all of them.
  func spread(over rank: Int) -> Window {
    guard size.count == 1, rank > 1 else { return self }
    func all(_ numbers: [Int]) -> [Int] { [Int](repeating: numbers[0], count: rank) }
    return Window(all(size), stride: all(stride), dilation: all(dilation), padding: padding)
  }

  /// How far it reaches along an axis.
  func reach(_ axis: Int) -> Int { (size[axis] - 1) * dilation[axis] + 1 }

  /// How often it fits along an axis of this length; 0 where it does not.
  func steps(_ axis: Int, over length: Int) -> Int {
    switch padding {
    case .same: (length + stride[axis] - 1) / stride[axis]
    case .valid: length < reach(axis) ? 0 : (length - reach(axis)) / stride[axis] + 1
    }
  }

  /// How many zeros stand before and after an axis of this length.
  func margins(_ axis: Int, over length: Int) -> (before: Int, after: Int) {
    guard padding == .same else { return (0, 0) }
    let needed = max(0, (steps(axis, over: length) - 1) * stride[axis] + reach(axis) - length)
    return (needed / 2, needed - needed / 2)
  }
}

extension Window {
  /// The window among a convolution's options; one number stands for all axes.
  ///
  /// - Throws: for another number of sizes.
  init(_ options: OptionValues, size: String, axes: Int) throws(SchemaViolation) {
    self.init(
      try options.sizes(size, axes: axes) ?? [Int](repeating: 1, count: axes),
      stride: try options.sizes("stride", axes: axes), dilation: try options.sizes("dilation", axes: axes),
      padding: Padding(options))
  }

  /// The window among a pool's options, whose stride is its size unless told otherwise.
  ///
  /// - Throws: for a window and a stride of differing numbers of sizes.
  init(poolOf options: OptionValues) throws(SchemaViolation) {
    let axes = max(options.sizes("window")?.count ?? 1, options.sizes("stride")?.count ?? 1)
    let size = try options.sizes("window", axes: axes) ?? [Int](repeating: 1, count: axes)
    self.init(
      size, stride: try options.sizes("stride", axes: axes) ?? size, padding: Padding(options))
  }

  /// The longest way that a window may reach: places are counted without a thought of overflow from here on.
  private static var longest: Int { 1_000_000_000 }

  /// Refuses numbers that no window can have.
  ///
  /// - Throws: `bad-value` or `too-large`.
  func check(named name: String, _ noun: String, _ kind: some LayerKind) throws(CodedError) {
    guard stride.count == size.count, dilation.count == size.count else {
      throw CodedError(
        .badValue,
        "`\(name)` would have a \(noun) of \(size.count) axes, but a stride of \(stride.count) and a dilation of "
          + "\(dilation.count). Give one number for each axis, or one for all.")
    }
    try kind.check(name, size, "a \(noun) size of")
    try kind.check(name, stride, "a stride of")
    try kind.check(name, dilation, "a dilation of")
    let places = size.reduce(1) { $0.multipliedOrMost($1) }
    let reach = zip(size, dilation).map { $0.multipliedOrMost($1) }.max() ?? 0
    guard max(places, reach, stride.max() ?? 0) > Self.longest else { return }
    // A pool's stride is its window unless it is told otherwise.
    let rest = [("stride", stride), ("dilation", dilation)]
      .filter { $1 != size && $1.contains { $0 > 1 } }
      .map { ", \($0)=\($1.sizesText)" }.joined()
    throw CodedError(
      .tooLarge,
      "`\(name)` would have a \(noun) of \(size.sizesText)\(rest), which is too large. Use a smaller one."
    )
  }

  /// How many positions it takes along each axis of an input that has as many axes besides its channels.
  ///
  /// - Throws: `kernel-too-large`.
  func positions(over source: Incoming, of name: String) throws(CodedError) -> [Int] {
    var positions: [Int] = []
    for (axis, length) in source.shape.dropLast().enumerated() {
      let count = steps(axis, over: length)
      guard count > 0 else {
        if source.kind == KindSchema.input.name, let last = source.shape.channelsLast {
          throw CodedError(
            .kernelTooLarge,
            "The window of `\(name)` covers \(size.indices.map { reach($0) }.sizesText), but `\(source.name)` gives "
              + "\(source.shape.sizesText). Channels come last: layer \(source.name) input \(last.sizesText)",
            suggestion: "layer \(source.name) input \(last.sizesText)")
        }
        throw CodedError(
          .kernelTooLarge,
          "The window of `\(name)` covers \(size.indices.map { reach($0) }.sizesText), but `\(source.name)` gives only "
            + "\(source.shape.sizesText). Use a smaller window, or padding=same.", suggestion: "padding=same")
      }
      positions.append(count)
    }
    return positions
  }
}

extension [Int] {
  /// The shape with its first axis moved to the end, where that looks like the channels of an image; nil for others.
  package var channelsLast: [Int]? {
    guard count > 2, let channels = first, [1, 3, 4].contains(channels),
      dropFirst().allSatisfy({ $0 > channels })
    else { return nil }
    return dropFirst() + [channels]
  }
}

extension Padding {
  /// The padding among a kind's options.
  init(_ options: OptionValues) {
    self = options.word("padding").flatMap(Padding.init(rawValue:)) ?? .valid
  }
}

extension LayerKind {
  /// An error of a layer whose window has another number of axes than its input; a family such as `conv` has a kind for
  /// each number of axes.
  func wrongRank(
    _ name: String, _ source: Incoming, _ rank: Int, family: String? = nil
  ) -> CodedError {
    let place = min(max(rank, 1), 3) - 1
    let wanted = [
      "a signal, length x channels", "an image, height x width x channels",
      "a volume, depth x height x width x channels",
    ][place]
    let grid =
      source.shape.count == rank
      ? "\(source.shape.sizesText)x1" : (source.shape.count == 1 ? source.shape.squared(rank) : nil)
    let given = source.shape.count - 1
    let example = ["28x1", "28x28x1", "28x28x28x1"][place]
    let other =
      if given == 0 {
        "Declare the shape of the data, as in `input \(example)`, or put a reshape before it"
      } else if let family {
        "Use \(family)\(given)d"
      } else {
        "Use a window of \([Int](repeating: 2, count: given).sizesText)"
      }
    let fix = grid.map { "Give it that shape first: layer grid reshape \($0)" } ?? other + "."
    return CodedError(
      .shapeMismatch,
      "`\(name)` (\(schema.name)) expects \(wanted), but `\(source.name)` gives \(source.shape.sizesText). \(fix)",
      suggestion: grid.map { "layer grid reshape \($0)" })
  }
}

extension WindowGeometry {
  /// Lays a window over an input of this shape, with the channels last and one to three axes before them.
  init(_ window: Window, over shape: [Int]) {
    let rank = shape.count - 1
    func axes(_ value: (Int) -> Int, _ rest: Int) -> SIMD3<Int> {
      var axes = SIMD3(repeating: rest)
      for axis in 0..<rank { axes[3 - rank + axis] = value(axis) }
      return axes
    }
    self.init(
      input: axes({ shape[$0] }, 1), output: axes({ window.steps($0, over: shape[$0]) }, 1),
      size: axes({ window.size[$0] }, 1), stride: axes({ window.stride[$0] }, 1),
      dilation: axes({ window.dilation[$0] }, 1),
      before: axes({ window.margins($0, over: shape[$0]).before }, 0), channels: shape[rank])
    for axis in 0..<3 { bringNear(axis) }
  }
}
