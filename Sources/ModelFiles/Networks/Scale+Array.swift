import Datasets
package import Foundations
import NeuralEngine

extension [Preparation.Scale] {
  /// The scales as an array: an offset and a divisor a row.
  package func stored(_ name: String) -> StoredArray {
    StoredArray(name, shape: [count, 2], flatMap { [$0.offset, $0.divisor] })
  }

  /// The scales that an array holds.
  package init(_ array: StoredArray, _ reading: RecordReading) throws(CodedError) {
    let numbers = array.doubles
    guard array.shape.count == 2, array.shape[1] == 2, !numbers.isEmpty, numbers.allSatisfy(\.isFinite)
    else { throw reading.bad("\(array.name.asName) is not a list of offsets and divisors") }
    self = stride(from: 0, to: numbers.count, by: 2).map {
      Preparation.Scale(offset: numbers[$0], divisor: numbers[$0 + 1])
    }
    guard allSatisfy({ $0.divisor != 0 }) else {
      throw reading.bad("\(array.name.asName) holds a divisor of 0")
    }
  }
}
