import Datasets
package import Foundations
import NeuralEngine

extension [Preparation.Scale] {
  /// The scales as an array: an offset and a divisor a row, and behind them, where a target is learned by its logarithm,
  /// 1 for `log` and 2 for `log1p`.
  package func stored(_ name: String) -> StoredArray {
    guard contains(where: { $0.transform != nil }) else {
      return StoredArray(name, shape: [count, 2], flatMap { [$0.offset, $0.divisor] })
    }
    return StoredArray(
      name, shape: [count, 3],
      flatMap { [$0.offset, $0.divisor, $0.transform.map { $0 == .log ? 1 : 2 } ?? 0] })
  }

  /// The scales that an array holds.
  package init(_ array: StoredArray, _ reading: RecordReading) throws(CodedError) {
    let numbers = array.doubles
    guard array.shape.count == 2, [2, 3].contains(array.shape[1]), !numbers.isEmpty,
      numbers.allSatisfy(\.isFinite)
    else { throw reading.bad("\(array.name.asName) is not a list of offsets and divisors") }
    let width = array.shape[1]
    self = stride(from: 0, to: numbers.count, by: width).map { place in
      let kind = width == 3 ? numbers[place + 2] : 0
      return Preparation.Scale(
        offset: numbers[place], divisor: numbers[place + 1],
        transform: kind == 1 ? .log : kind == 2 ? .log1p : nil)
    }
    guard allSatisfy({ $0.divisor != 0 }) else {
      throw reading.bad("\(array.name.asName) holds a divisor of 0")
    }
  }
}
