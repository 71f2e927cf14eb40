/// Where a kernel works: the rows at hand, and where each buffer stands for them.
struct Frame {
  /// Where the rows at hand begin in each buffer, by the buffers' numbers.
  let bases: UnsafePointer<UnsafeMutableRawPointer>
  /// How many rows are at hand.
  var rows: Int
  /// The place of the first of them in the batch.
  var firstRow: Int
  /// Whether they are the first of their shard: what shards add up is then written instead of added to.
  var isFirst: Bool
  /// Memory that a kernel may use as it likes.
  var scratch: UnsafeMutableRawPointer
  /// What the shard's losses come to; behind it, for each output layer that is told apart, what its own losses come to and
  /// how many of its answers are right.
  let loss: UnsafeMutablePointer<Double>
  /// What is said of the whole batch.
  let batch: UnsafePointer<BatchNumbers>

  /// Where a buffer begins.
  subscript(buffer: BufferID) -> UnsafeMutableRawPointer { bases[buffer.number] }

  /// Its numbers.
  subscript<Number>(buffer: BufferID, _: Number.Type) -> UnsafeMutablePointer<Number> {
    bases[buffer.number].assumingMemoryBound(to: Number.self)
  }
}

/// What kernels need to know of a batch.
package struct BatchNumbers: Sendable {
  /// How many rows it has.
  package var rows = 0
  /// What the gradient of the loss is multiplied by.
  package var scale = 1.0
  /// What dropout draws from.
  package var key: UInt64 = 0
  /// Whether it goes on from no other batch, so that what recurrent layers carry from batch to batch begins as 0.
  package var isFirst = true
}

/// A step that has been made ready to run.
package struct CPUKernel: Sendable {
  /// Computes the rows at hand.
  let run: @Sendable (Frame) -> Void
  /// What is to be done once for a batch before any row, such as packing weights.
  var prepare: (@Sendable () -> Void)?
  /// How many bytes of scratch it wants for so many rows at once.
  var scratch: @Sendable (Int) -> Int = { _ in 0 }
  /// The same computed side by side by threads; nil where that is not worth their while.
  var shared: SharedKernel?

  init(_ run: @escaping @Sendable (Frame) -> Void) { self.run = run }
}

/// A step in parts that do not depend on each other, for a batch that is a single shard. However many parts there are, each
/// number is computed in the same way.
package struct SharedKernel: Sendable {
  /// The most parts that are worth a thread's while.
  let mostParts: Int
  /// Computes one part of as many as are given, for the rows at hand.
  let run: @Sendable (_ frame: Frame, _ part: Int, _ parts: Int) -> Void

  /// The part of so many numbers, cut where a vector ends.
  static func range(_ part: Int, of parts: Int, outOf count: Int) -> Range<Int> {
    func bound(_ part: Int) -> Int { part == parts ? count : count * part / parts / 32 * 32 }
    return bound(part)..<bound(part + 1)
  }
}
