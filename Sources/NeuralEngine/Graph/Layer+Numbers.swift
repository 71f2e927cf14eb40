extension Layer {
  /// Refuses numbers that no layer can be made with.
  ///
  /// - Throws: `bad-value`, `bad-activation` or `too-large`.
  func checkNumbers() throws(EngineError) {
    switch kind {
    case .input(let shape): try check(shape, "a size of")
    case .dense(let units, let activation, _):
      try check([units], "the width")
      if units == 1 { try refuseSoftmax(activation, "unit") }
    case .convolution(let convolution):
      try check([convolution.filters], "filters:")
      try check([convolution.groups], "groups:")
      try check(convolution.window, "kernel")
      if convolution.filters == 1 { try refuseSoftmax(convolution.activation, "filter") }
    case .pool(let pool): try check(pool.window, "window")
    case .reshape(let shape): try check(shape, "a size of")
    case .embedding(let words, let width):
      try check([words], "words:")
      try check([width], "the width")
    case .dropout(let share): try check(share, 0..<1, "the share ", "at least 0 and below 1")
    case .batchNorm(let options):
      try check(options.momentum, 0..<1, "momentum=", "at least 0 and below 1")
      try checkEpsilon(options.epsilon)
    case .layerNorm(let epsilon): try checkEpsilon(epsilon)
    case .globalPool, .flatten: break
    }
  }

  private func check(_ numbers: [Int], _ what: String) throws(EngineError) {
    guard let bad = numbers.first(where: { $0 < 1 }) else { return }
    throw EngineError("bad-value", "`\(name)` would have \(what) \(bad), but that is at least 1.")
  }

  private func check(
    _ value: Double, _ range: Range<Double>, _ what: String, _ wanted: String
  ) throws(EngineError) {
    if range.contains(value) { return }
    throw EngineError("bad-value", "`\(name)` would have \(what)\(value), but that is \(wanted).")
  }

  private func checkEpsilon(_ value: Double) throws(EngineError) {
    try check(value, Double.leastNonzeroMagnitude..<Double.infinity, "epsilon=", "above 0")
  }

  /// The longest way that a window may reach: places are counted without a thought of overflow from here on.
  private static var longest: Int { 1_000_000_000 }

  private func check(_ window: Window, _ noun: String) throws(EngineError) {
    try check(window.size, "a \(noun) size of")
    try check(window.stride, "a stride of")
    try check(window.dilation, "a dilation of")
    let places = window.size.reduce(1) { $0.multipliedOrMost($1) }
    let reach = zip(window.size, window.dilation).map { $0.multipliedOrMost($1) }.max() ?? 0
    guard max(places, reach, window.stride.max() ?? 0) > Self.longest else { return }
    // A pool's stride is its window unless it is told otherwise.
    let rest = [("stride", window.stride), ("dilation", window.dilation)]
      .filter { $1 != window.size && $1.contains { $0 > 1 } }
      .map { ", \($0)=\($1.words)" }.joined()
    throw EngineError(
      "too-large",
      "`\(name)` would have a \(noun) of \(window.size.words)\(rest), which goes beyond any array. Take a smaller one."
    )
  }

  private func refuseSoftmax(_ activation: Activation, _ noun: String) throws(EngineError) {
    guard activation == .softmax else { return }
    throw EngineError(
      "bad-activation",
      "softmax over one \(noun) is always 1. For two classes use one sigmoid \(noun), or two softmax \(noun)s.",
      suggestion: "sigmoid")
  }
}
