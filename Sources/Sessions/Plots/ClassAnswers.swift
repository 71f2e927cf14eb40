import Datasets
import NeuralEngine
import Outputs

/// Reads a network's outputs, and a data set's targets, as classes: one output is a probability of class 1, or a margin
/// where the loss is hinge; several are a score each.
struct ClassAnswers {
  /// What the outputs are predictions of.
  let task: PredictionTask

  /// How many outputs the network has.
  let width: Int

  /// The classes' names, where the data has given any.
  var names: [String]?

  /// Reads a network's outputs.
  init(_ network: Network, names: [String]?) {
    task = network.task
    width = network.graph.outputWidth
    self.names = names
  }

  /// The classes' names, or their numbers.
  var classes: [String] { names ?? (0..<max(2, width)).map(String.init) }

  /// The answer that stands in a row of outputs; its probability is NaN where the network has none.
  func answer(_ outputs: [Double], row: Int) -> BoundaryPlot.Answer {
    if width == 1 {
      let output = outputs[row]
      // A margin's -1 is the class 0, its 1 the class 1.
      let p = task.threshold == 0 ? (output + 1) / 2 : output
      return .init(
        winner: output >= task.threshold ? 1 : 0, probability: p.isNaN ? .nan : min(1, max(0, p)))
    }
    let winner = task.label(outputs[row * width..<(row + 1) * width])
    return .init(winner: winner, probability: outputs[row * width + (width == 2 ? 1 : winner)])
  }

  /// The class that the data says; nil where its targets are no classes of the network's.
  func truth(_ set: Dataset, row: Int) -> Int? {
    let targets = set.targets(ofRow: row)
    if targets.count > 1 { return targets.count == width ? task.label(targets) : nil }
    guard let target = targets.first, target.isFinite else { return nil }
    return width == 1
      ? (target >= 0.5 ? 1 : 0) : Int(exactly: target).flatMap { (0..<width).contains($0) ? $0 : nil }
  }
}

extension Dataset {
  /// The class of each row as the targets alone tell it: their one-hot place, or a small whole number. Nil
  /// where they are no classes.
  var labels: [Int]? {
    let width = targetNames.count
    guard width > 0 else { return nil }
    if width > 1 {
      let isOneHot = (0..<rows).allSatisfy { row in
        let targets = targets(ofRow: row)
        return targets.allSatisfy { $0 == 0 || $0 == 1 } && targets.reduce(0, +) == 1
      }
      guard isOneHot else { return nil }
      return (0..<rows).map { Array(targets(ofRow: $0)).firstIndex(of: 1) ?? 0 }
    }
    let labels = targets.compactMap { Int(exactly: $0) }
    guard labels.count == rows, labels.allSatisfy({ (0..<36).contains($0) }) else { return nil }
    return labels
  }

  /// One column of the inputs.
  func input(_ column: Int) -> [Double] {
    stride(from: column, to: inputs.count, by: inputNames.count).map { inputs[$0] }
  }

  /// One column of the targets.
  func target(_ column: Int) -> [Double] {
    stride(from: column, to: targets.count, by: targetNames.count).map { targets[$0] }
  }
}
