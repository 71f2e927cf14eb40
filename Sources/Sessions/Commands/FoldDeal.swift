import Foundation
import NeuralEngine

/// The folds of a cross-validation. Processes that share a run train some of them each, and all get what all came to.
struct FoldDeal {
  private let work: [FoldWork]
  private let group: (any ProcessGroup)?

  init(_ work: [FoldWork], _ group: (any ProcessGroup)?) {
    self.work = work
    self.group = group
  }

  /// Measures the folds.
  ///
  /// - Returns: what they came to, in their order.
  /// - Throws: what the first of them throws that fails, in every process.
  func outcomes(_ measure: (FoldWork) throws -> FoldOutcome) throws -> [FoldOutcome] {
    guard let group else { return try work.map(measure) }
    let none = UInt64(work.count)
    var failed = none
    var own: [FoldOutcome] = []
    for (index, fold) in work.enumerated() where index % group.count == group.rank && failed == none {
      do {
        own.append(try measure(fold))
      } catch let error where !error.isInterruption {
        failed = UInt64(index)
      }
    }
    let first = group.gather(failed).min() ?? none
    if first != none {
      // It fails in the same way for everybody.
      _ = try measure(work[Int(first)])
      group.abandon("Fold \(first + 1) failed in one of the processes alone.")
    }
    return try group.gather(own.bytes).flatMap { try [FoldOutcome](bytes: $0) }.sorted { $0.place < $1.place }
  }
}

/// Outcomes as they go from one process to another.
extension [FoldOutcome] {
  fileprivate init(bytes: [UInt8]) throws {
    self = try SessionFile.decoder.decode([FoldOutcome].self, from: Data(bytes))
  }

  fileprivate var bytes: [UInt8] {
    get throws {
      try [UInt8](SessionFile.encoder.encode(self))
    }
  }
}
