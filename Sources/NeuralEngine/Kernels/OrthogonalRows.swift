/// Random matrices whose rows, or columns where there are fewer of them, are of length 1 and at right angles.
enum OrthogonalRows {
  /// The directions of as many normal vectors as the shorter side has, each freed of those before it: the Q of
  /// a QR decomposition whose R has a positive diagonal, which favours no such matrix over another.
  static func values(rows: Int, columns: Int, using random: inout RandomStream) -> [Double] {
    let (count, length) = (min(rows, columns), max(rows, columns))
    let vectors = Buffer<Double>(count: count * length)
    for index in 0..<count {
      let vector = vectors.pointer + index * length
      repeat {
        for place in 0..<length { vector[place] = random.normal() }
        // Twice: what rounding leaves of the others after the first time is gone after the second.
        for _ in 0..<2 {
          for other in 0..<index { free(vector, of: vectors.pointer + other * length, length) }
        }
      } while !normalise(vector, length)
    }
    guard rows > columns else { return vectors.doubles }
    return (0..<rows * columns).map { vectors.pointer[$0 % columns * length + $0 / columns] }
  }

  /// Takes from a vector what lies along a unit vector.
  private static func free(
    _ vector: UnsafeMutablePointer<Double>, of unit: UnsafePointer<Double>, _ count: Int
  ) {
    let share = Primitives.dot(vector, unit, count)
    for index in 0..<count { vector[index] -= share * unit[index] }
  }

  /// Makes a vector one long; false when there is next to nothing of it.
  private static func normalise(_ vector: UnsafeMutablePointer<Double>, _ count: Int) -> Bool {
    let length = Primitives.dot(vector, vector, count).squareRoot()
    guard length > 1e-9 else { return false }
    for index in 0..<count { vector[index] /= length }
    return true
  }
}
