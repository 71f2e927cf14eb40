/// The number of a buffer in its plan.
package struct BufferID: Hashable, Sendable {
  /// Its place in ``Plan/buffers``.
  package let number: Int
}

/// Numbers that the steps of a plan read and write.
package struct PlanBuffer: Sendable, Equatable {
  /// How many numbers there are, and how long they live.
  package enum Extent: Sendable, Equatable {
    /// So many numbers for each row of a batch.
    case rows(Int)
    /// So many bytes for each row of a batch.
    case rowBytes(Int)
    /// So many numbers for a whole batch, such as the mean of each channel.
    case whole(Int)
    /// So many numbers that each shard adds up for itself; a fixed tree then adds those of all shards.
    case reduced(Int)
    /// A slice of the parameters.
    case parameters(Range<Int>)
    /// The gradient of a slice of the parameters, reduced over the shards as well.
    case gradient(Range<Int>)
  }

  /// What it holds: `c1`, `c1 preactivations`, `gradient of c1`.
  package let name: String
  /// How many numbers it has.
  package let extent: Extent
  /// Its shape for one row, or in all.
  package let shape: [Int]

  init(_ name: String, _ extent: Extent, shape: [Int]? = nil) {
    self.name = name
    self.extent = extent
    switch extent {
    case .rows(let width), .rowBytes(let width), .whole(let width), .reduced(let width):
      self.shape = shape ?? [width]
    case .parameters(let range), .gradient(let range): self.shape = shape ?? [range.count]
    }
  }

  /// How many numbers it has for each row, or in all.
  package var width: Int {
    switch extent {
    case .rows(let width), .rowBytes(let width), .whole(let width), .reduced(let width): width
    case .parameters(let range), .gradient(let range): range.count
    }
  }

  /// Whether it has numbers for each row.
  var isByRow: Bool {
    switch extent {
    case .rows, .rowBytes: true
    case .whole, .reduced, .parameters, .gradient: false
    }
  }

  /// Whether each shard adds up its own.
  var isReduced: Bool {
    switch extent {
    case .reduced, .gradient: true
    case .rows, .rowBytes, .whole, .parameters: false
    }
  }
}

/// One operation of a plan, and the buffers that it reads and writes.
package struct Step: Sendable {
  /// What is computed at a time.
  package enum Scope: Sendable {
    /// Some rows of one shard; shards go on independently of each other.
    case rows
    /// The whole batch, once all shards have come as far: what their sums are needed for.
    case whole
  }

  /// What is computed.
  package var operation: any PlanOperation
  /// The layer that it belongs to.
  package let layer: String
  /// What it reads, in the order that the operation defines.
  package var inputs: [BufferID]
  /// What it writes, likewise.
  package var outputs: [BufferID]
  /// Whether it adds to what stands in its first output instead of writing it.
  package var accumulates = false
  /// What it computes at a time.
  package var scope = Scope.rows
}
