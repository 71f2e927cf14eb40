/// The one place where kernels make new arrays.
enum ArrayAllocation {
  /// An array of `count` numbers that `fill` writes, all of them, at the address it is given.
  ///
  /// Swift looks up the array's type anew each time it makes an array of a size known only at run time, which
  /// takes longer than the work on a handful of numbers. It does not for a literal, so that small arrays begin
  /// as one. The literals are not constant, or they would be shared and copied at once.
  @inline(__always)
  static func array(count: Int, _ fill: (UnsafeMutablePointer<Double>) -> Void) -> [Double] {
    if count <= largestLiteral {
      var result = literal(count: count, of: Double(count))
      result.withUnsafeMutableBufferPointer { out in
        if let out = out.baseAddress, count > 0 { fill(out) }
      }
      return result
    }
    return [Double](unsafeUninitializedCapacity: count) { out, filled in
      if let out = out.baseAddress { fill(out) }
      filled = count
    }
  }

  private static let largestLiteral = 12

  @inline(never)
  private static func literal(count: Int, of x: Double) -> [Double] {
    switch count {
    case 1: [x]
    case 2: [x, x]
    case 3: [x, x, x]
    case 4: [x, x, x, x]
    case 5: [x, x, x, x, x]
    case 6: [x, x, x, x, x, x]
    case 7: [x, x, x, x, x, x, x]
    case 8: [x, x, x, x, x, x, x, x]
    case 9: [x, x, x, x, x, x, x, x, x]
    case 10: [x, x, x, x, x, x, x, x, x, x]
    case 11: [x, x, x, x, x, x, x, x, x, x, x]
    case 12: [x, x, x, x, x, x, x, x, x, x, x, x]
    default: []
    }
  }
}
