import Datasets
import NeuralEngine

/// A fold to train and test on. It has random numbers of its own, so that it comes to the same whatever came before it,
/// and whoever trains it.
struct FoldWork {
  /// Its place in the table, from 1.
  let place: Int
  let fold: Fold
  let random: RandomStream
}

/// What a fold came to.
struct FoldOutcome: Equatable {
  let place: Int
  let rows: Int
  let loss: Double
  let accuracy: Double?
  let scores: [Score]

  init(_ work: FoldWork, _ evaluation: Evaluation) {
    place = work.place
    rows = work.fold.testing.count
    loss = evaluation.loss
    accuracy = evaluation.accuracy
    scores = evaluation.scores
  }
}

/// The folds of a cross-validation. Processes that share a run train some of them each, and all get what all came to.
struct FoldDeal {
  private let work: [FoldWork]
  private let group: (any ProcessGroup)?

  init(_ folds: [Fold], random: inout RandomStream, _ group: (any ProcessGroup)?) {
    work = folds.enumerated().map { place, fold in
      FoldWork(place: place + 1, fold: fold, random: RandomStream(seed: random.next()))
    }
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
    var numbers: [Double] = []
    for (index, fold) in work.enumerated() where index % group.count == group.rank && failed == none {
      do {
        numbers += try measure(fold).numbers
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
    let gathered = group.gather(numbers.withUnsafeBytes { Array($0) }).map { bytes in
      bytes.withUnsafeBytes { Array($0.bindMemory(to: Double.self)) }
    }
    return work.enumerated().map { index, work in
      FoldOutcome(work, gathered[index % group.count], at: index / group.count * FoldOutcome.width)
    }
  }
}

/// An outcome as it goes from one process to another: loss, accuracy, and each metric, NaN for what it does not have.
extension FoldOutcome {
  fileprivate static let width = 2 + Metric.allCases.count

  fileprivate var numbers: [Double] {
    [loss, accuracy ?? .nan]
      + Metric.allCases.map { metric in scores.first { $0.metric == metric }?.value ?? .nan }
  }

  fileprivate init(_ work: FoldWork, _ numbers: [Double], at start: Int) {
    place = work.place
    rows = work.fold.testing.count
    loss = numbers[start]
    accuracy = numbers[start + 1].isNaN ? nil : numbers[start + 1]
    scores = zip(Metric.allCases, numbers[(start + 2)...]).compactMap { metric, value in
      value.isNaN ? nil : Score(metric: metric, value: value)
    }
  }
}
