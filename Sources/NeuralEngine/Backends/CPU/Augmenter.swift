internal import CKernels

/// Changes the rows of a training on their way into a plan.
final class Augmenter: Sendable {
  private let augmentation: RowAugmentation
  private let key: UInt64
  private let precision: Precision

  /// - Parameter key: what the training draws from.
  init(_ augmentation: RowAugmentation, key: UInt64, _ precision: Precision) {
    self.augmentation = augmentation
    self.key = key
    self.precision = precision
  }

  /// Calls `body` with a row's inputs as an epoch sees them, in the network's precision.
  func withRow(_ row: Int, of samples: Samples, epoch: Int, _ body: (UnsafeRawPointer) -> Void) {
    let count = augmentation.count
    withUnsafeTemporaryAllocation(byteCount: count * precision.bytes, alignment: 64) { numbers in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { values in
        guard let numbers = numbers.baseAddress, let values = values.baseAddress else { return }
        let kernels = InstructionSet.current.kernels(precision)
        samples.copyInputs(row: row, from: 0, count: count, to: numbers)
        kernels.pointee.layers.to_doubles(numbers, values, count)
        augmentation.change(values, number: row, epoch: epoch, key: key)
        kernels.pointee.layers.from_doubles(values, numbers, count)
        body(numbers)
      }
    }
  }
}
