/// A data set as the plan reads it: rows of numbers of the network's own type, or of bytes that become such
/// numbers a batch at a time. 60,000 images of 28x28 take 47 MB as bytes and 188 MB in 32 bits.
final class Samples<Scalar: EngineScalar> {
  let rows: Int
  let inputWidth: Int
  let targetWidth: Int
  let targets: Buffer<Scalar>
  private let inputs: Inputs

  private enum Inputs {
    case numbers(Buffer<Scalar>)
    /// Bytes that all mean the same: the number that each of the 256 stands for.
    case bytes([UInt8], meanings: [Scalar])
    /// Bytes that mean something else in each column.
    case columns([UInt8], offsets: [Scalar], factors: [Scalar])
  }

  init(_ examples: Examples) {
    rows = examples.rows
    inputWidth = examples.inputWidth
    targetWidth = examples.targetWidth
    targets = Buffer(count: examples.targets.count)
    targets.doubles = examples.targets
    switch examples.storage {
    case .doubles(let values):
      let buffer = Buffer<Scalar>(count: values.count)
      buffer.doubles = values
      inputs = .numbers(buffer)
    case .bytes(let bytes) where bytes.offsets.count == 1:
      let meanings = (0...255).map { Scalar((Double($0) - bytes.offsets[0]) / bytes.divisors[0]) }
      inputs = .bytes(bytes.values, meanings: meanings)
    case .bytes(let bytes):
      inputs = .columns(
        bytes.values, offsets: bytes.offsets.map { Scalar($0) },
        factors: bytes.divisors.map { Scalar(1 / $0) })
    }
  }

  /// Writes a run of one row's inputs.
  @inline(__always)
  func copyInputs(row: Int, from column: Int, count: Int, to target: UnsafeMutablePointer<Scalar>) {
    let start = row * inputWidth + column
    switch inputs {
    case .numbers(let buffer): target.update(from: buffer.pointer + start, count: count)
    case .bytes(let bytes, let meanings):
      bytes.withUnsafeBufferPointer { bytes in
        meanings.withUnsafeBufferPointer { meanings in
          for index in 0..<count { target[index] = meanings[Int(bytes[start + index])] }
        }
      }
    case .columns(let bytes, let offsets, let factors):
      for index in 0..<count {
        target[index] = (Scalar(bytes[start + index]) - offsets[column + index]) * factors[column + index]
      }
    }
  }
}
