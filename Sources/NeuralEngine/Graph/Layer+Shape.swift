/// A layer's input: where it comes from and what it is like.
struct Incoming {
  let name: String
  let shape: [Int]
}

extension Layer {
  /// The shape of what it gives for one row; nil while nothing leads to it.
  ///
  /// - Parameters:
  ///   - incoming: what its edges bring, in the order of the edges.
  ///   - merge: how several become one; nil where a dense layer adds their sums.
  /// - Throws: `shape-mismatch`, `kernel-too-large`, `bad-reshape`, `needs-merge`, `too-large`, naming both layers and
  ///   a fix.
  func outputShape(_ incoming: [Incoming], merge: Merge?) throws(EngineError) -> [Int]? {
    switch kind {
    case .input(let shape): return shape
    case .dense(let units, _, _):
      if merge != nil { _ = try merged(incoming, merge) }
      for source in incoming where source.shape.count != 1 { throw needsRow(source) }
      return [units]
    default: break
    }
    guard let source = try merged(incoming, merge) else { return nil }
    switch kind {
    case .convolution(let convolution): return try convolved(source, convolution)
    case .pool(let pool): return try pooled(source, pool)
    case .globalPool: return [try channels(of: source, noun: "array")]
    case .flatten: return [source.shape.reduce(1, *)]
    case .reshape(let shape): return try reshaped(source, shape)
    case .embedding(_, let width): return try embedded(source, width)
    default: return source.shape
    }
  }

  private func needsRow(_ source: Incoming) -> EngineError {
    EngineError(
      "shape-mismatch",
      "`\(name)` expects a vector, but `\(source.name)` gives \(source.shape.words). "
        + "Put a flatten between them: layer flat flatten", suggestion: "layer flat flatten")
  }

  private func channels(of source: Incoming, noun: String) throws(EngineError) -> Int {
    guard source.shape.count > 1, source.shape.count <= 4, let last = source.shape.last else {
      throw EngineError(
        "shape-mismatch",
        "`\(name)` (\(kindName)) expects an \(noun) with channels, such as 28x28x1, but `\(source.name)` gives "
          + "\(source.shape.words). Put a reshape between them: layer grid reshape \(source.shape.words)x1",
        suggestion: "layer grid reshape \(source.shape.words)x1")
    }
    return last
  }

  private func convolved(_ source: Incoming, _ convolution: Convolution) throws(EngineError) -> [Int] {
    let rank = convolution.kernel.count
    guard source.shape.count == rank + 1 else { throw wrongRank(source, rank) }
    let channels = source.shape[rank]
    guard channels.isMultiple(of: convolution.groups), convolution.filters.isMultiple(of: convolution.groups)
    else {
      throw EngineError(
        "shape-mismatch",
        "`\(name)` divides channels and filters into \(convolution.groups) groups, but `\(source.name)` gives "
          + "\(channels) channels and it has \(convolution.filters) filters. Both must be multiples of the groups.",
        suggestion: "groups=1")
    }
    return try slid(convolution.window, over: source) + [convolution.filters]
  }

  private func pooled(_ source: Incoming, _ pool: Pool) throws(EngineError) -> [Int] {
    let channels = try channels(of: source, noun: "array")
    let rank = source.shape.count - 1
    let window = pool.window.spread(over: rank)
    guard window.size.count == rank else { throw wrongRank(source, window.size.count) }
    return try slid(window, over: source) + [channels]
  }

  private func wrongRank(_ source: Incoming, _ rank: Int) -> EngineError {
    let wanted = [
      "a signal, length x channels", "an image, height x width x channels",
      "a volume, depth x height x width x channels",
    ][
      min(max(rank, 1), 3) - 1]
    let grid =
      source.shape.count == rank
      ? "\(source.shape.words)x1" : (source.shape.count == 1 ? source.shape.squared(rank) : nil)
    let given = source.shape.count - 1
    let example = ["28x1", "28x28x1", "28x28x28x1"][min(max(rank, 1), 3) - 1]
    let other =
      if given == 0 {
        "Declare the shape of the data, as in `input \(example)`, or put a reshape before it"
      } else if case .convolution = kind {
        "Use conv\(given)d"
      } else {
        "Take a window of \([Int](repeating: 2, count: given).words)"
      }
    let fix = grid.map { "Give it that shape first: layer grid reshape \($0)" } ?? other + "."
    return EngineError(
      "shape-mismatch",
      "`\(name)` (\(kindName)) expects \(wanted), but `\(source.name)` gives \(source.shape.words). \(fix)",
      suggestion: grid.map { "layer grid reshape \($0)" })
  }

  private func slid(_ window: Window, over source: Incoming) throws(EngineError) -> [Int] {
    var steps: [Int] = []
    for (axis, length) in source.shape.dropLast().enumerated() {
      let count = window.steps(axis, over: length)
      guard count > 0 else {
        throw EngineError(
          "kernel-too-large",
          "`\(name)` looks at \(window.size.indices.map { window.reach($0) }.words) at a time, but `\(source.name)` gives only "
            + "\(source.shape.words). Take a smaller window, or padding=same.", suggestion: "padding=same")
      }
      steps.append(count)
    }
    return steps
  }

  private func reshaped(_ source: Incoming, _ shape: [Int]) throws(EngineError) -> [Int] {
    let (given, wanted) = (source.shape.reduce(1, *), shape.reduce(1) { $0.multipliedOrMost($1) })
    guard given == wanted else {
      throw EngineError(
        "bad-reshape",
        "`\(name)` would make \(shape.words) (\(wanted == .max ? "too many" : "\(wanted)") numbers) of what `\(source.name)` gives, \(source.shape.words) "
          + "(\(given) numbers). The numbers must be as many: reshape \(given)",
        suggestion: "reshape \(given)")
    }
    return shape
  }

  private func embedded(_ source: Incoming, _ width: Int) throws(EngineError) -> [Int] {
    guard source.shape.count == 1, let length = source.shape.first else {
      throw EngineError(
        "shape-mismatch",
        "`\(name)` expects a row of whole numbers, but `\(source.name)` gives \(source.shape.words). "
          + "Put a flatten between them: layer flat flatten", suggestion: "layer flat flatten")
    }
    return [length, width]
  }
}

extension Layer {
  /// What several edges bring, as one.
  func merged(_ incoming: [Incoming], _ merge: Merge?) throws(EngineError) -> Incoming? {
    guard let first = incoming.first else { return nil }
    guard incoming.count > 1 else { return first }
    guard let merge else {
      let names = incoming.map(\.name).joined(separator: " ")
      throw EngineError(
        "needs-merge",
        "`\(name)` (\(kindName)) takes one input, but \(incoming.map { "`\($0.name)`" }.joined(separator: " and ")) lead to it. "
          + "Say how they become one, on each of the edges: connect {\(names)} -> \(name) merge=add",
        suggestion: "connect {\(names)} -> \(name) merge=add")
    }
    for other in incoming.dropFirst() where !fit(first.shape, other.shape, merge) {
      let rule = merge == .concat ? "that agree in all but the last size" : "of one shape"
      throw EngineError(
        "shape-mismatch",
        "merge=\(merge.rawValue) takes arrays \(rule), but `\(first.name)` gives \(first.shape.words) and `\(other.name)` "
          + "\(other.shape.words). Bring them to one shape before `\(name)`.")
    }
    let name = incoming.map(\.name).joined(separator: " and ")
    guard merge == .concat else { return Incoming(name: name, shape: first.shape) }
    let last = incoming.reduce(0) { $0 + ($1.shape.last ?? 0) }
    return Incoming(name: name, shape: first.shape.dropLast() + [last])
  }

  private func fit(_ a: [Int], _ b: [Int], _ merge: Merge) -> Bool {
    merge == .concat ? a.count == b.count && a.dropLast() == b.dropLast() : a == b
  }
}

extension [Int] {
  /// `28x28x1`
  var words: String { map(String.init).joined(separator: "x") }

  /// A row of n numbers as a square or a cube with one channel, where n is one: `28x28x1` for 784.
  fileprivate func squared(_ rank: Int) -> String? {
    guard count == 1 else { return nil }
    let side =
      (1...4096).first { side in (0..<rank).reduce(1) { product, _ in product * side } >= self[0] } ?? 0
    guard (0..<rank).reduce(1, { product, _ in product * side }) == self[0] else { return nil }
    return [Int](repeating: side, count: rank).words + "x1"
  }
}

extension Int {
  /// The product, or the largest number there is.
  func multipliedOrMost(_ other: Int) -> Int {
    let (product, overflows) = multipliedReportingOverflow(by: other)
    return overflows ? .max : product
  }
}
