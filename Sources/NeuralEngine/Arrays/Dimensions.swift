/// The length of each axis of an array, kept without a list of its own where there are four axes at most, so
/// that passing a shape on from array to array counts no references and comparing two of them is three words.
struct Dimensions: Equatable {
  private enum Form {
    /// Two lengths of 32 bits in each word, the earlier axis in the lower half.
    case short(low: UInt64, high: UInt64, rank: UInt8)
    /// More than four axes, or a length that does not fit into 32 bits.
    case long([Int])
  }

  private let form: Form

  @inline(__always)
  private init(_ form: Form) { self.form = form }

  /// The shape of a single number.
  @inline(__always)
  static var number: Dimensions { Dimensions(.short(low: 0, high: 0, rank: 0)) }

  /// A shape of two axes.
  @inline(__always)
  init(rows: Int, columns: Int) {
    if rows | columns <= Int(UInt32.max) {
      self.init(.short(low: UInt64(rows) | UInt64(columns) << 32, high: 0, rank: 2))
    } else {
      self.init(.long([rows, columns]))
    }
  }

  /// The shape with these lengths, none of them negative.
  init(_ lengths: [Int]) {
    guard lengths.count <= 4, lengths.allSatisfy({ $0 <= Int(UInt32.max) }) else {
      self.init(.long(lengths))
      return
    }
    var words: (low: UInt64, high: UInt64) = (0, 0)
    for (axis, length) in lengths.enumerated() {
      let shifted = UInt64(length) << UInt64((axis & 1) * 32)
      if axis < 2 { words.low |= shifted } else { words.high |= shifted }
    }
    self.init(.short(low: words.low, high: words.high, rank: UInt8(lengths.count)))
  }

  /// How many axes there are.
  @inline(__always)
  var rank: Int {
    switch form {
    case .short(_, _, let rank): Int(rank)
    case .long(let lengths): lengths.count
    }
  }

  /// The length of an axis that exists.
  @inline(__always)
  subscript(axis: Int) -> Int {
    switch form {
    case .short(let low, let high, _):
      Int(truncatingIfNeeded: ((axis < 2 ? low : high) >> UInt64((axis & 1) * 32)) & 0xFFFF_FFFF)
    case .long(let lengths): lengths[axis]
    }
  }

  /// The lengths as a list.
  var lengths: [Int] {
    switch form {
    case .short: (0..<rank).map { self[$0] }
    case .long(let lengths): lengths
    }
  }

  @inline(__always)
  static func == (a: Dimensions, b: Dimensions) -> Bool {
    switch (a.form, b.form) {
    case (.short(let lowA, let highA, let rankA), .short(let lowB, let highB, let rankB)):
      lowA == lowB && highA == highB && rankA == rankB
    case (.long(let lengthsA), .long(let lengthsB)): lengthsA == lengthsB
    // The form follows from the lengths.
    default: false
    }
  }
}
