internal import NetworkSchema

/// Rows, or columns where there are fewer of them, of length 1 that stand at right angles to each other (A. Saxe et al.,
/// ICLR 2014); ±1 for an edge of one weight a unit, whose matrix is diagonal.
struct Orthogonal: InitializerRule {
  var schema: KindSchema { .orthogonal }

  func values(_ shape: [Int], fanIn: Int, fanOut: Int, using random: inout RandomStream) -> [Double] {
    let rows = shape.first ?? 0
    guard shape.count > 1 else { return (0..<rows).map { _ in random.below(2) == 0 ? -1 : 1 } }
    return matrix(rows: rows, columns: shape.dropFirst().reduce(1, *), using: &random)
  }

  /// The directions of as many normal vectors as the shorter side has, each freed of those before it: the Q of a QR
  /// decomposition whose R has a positive diagonal, which favours no such matrix over another.
  private func matrix(rows: Int, columns: Int, using random: inout RandomStream) -> [Double] {
    let (count, length) = (min(rows, columns), max(rows, columns))
    var vectors: [[Double]] = []
    let isCancelled = Cancellation.isRequested
    while vectors.count < count {
      var vector = random.normalNumbers(length)
      guard vector.count == length else { return [] }
      // Twice: what rounding leaves of the others after the first time is gone after the second.
      for _ in 0..<2 {
        for (number, other) in vectors.enumerated() {
          if number & 63 == 0, isCancelled() { return [] }
          let share = dot(vector, other)
          for place in 0..<length { vector[place] = vector[place].addingProduct(-share, other[place]) }
        }
      }
      let norm = dot(vector, vector).squareRoot()
      // There may be next to nothing of it left.
      if norm > 1e-9 { vectors.append(vector.map { $0 / norm }) }
    }
    guard rows > columns else { return vectors.flatMap(\.self) }
    return (0..<rows * columns).map { vectors[$0 % columns][$0 / columns] }
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for place in a.indices { sum = sum.addingProduct(a[place], b[place]) }
    return sum
  }
}

extension Initializer {
  /// Rows of length 1 at right angles.
  public static let orthogonal = Initializer(Orthogonal())
}
