import Datasets
import NeuralEngine

/// A data set of a session: its rows in the user's own units, the parts that it was divided into, and how its
/// columns are to be scaled.
public final class DataReference {
  /// All rows, or the training part of a set that comes divided.
  let set: Dataset
  /// What can change in it.
  var state: State
  /// The parts; one that is not divided is all training part.
  var parts: DatasetParts { state.parts }
  /// How `prepare` scales it, or what the data says of its own targets; nil when there is neither.
  var preparation: Preparation? { state.preparation ?? Preparation(transformsOf: set) }
  /// How a training changes its rows; nil when it does not.
  var augmentation: Augmentation? { state.augmentation }
  /// What was made of the rows so far, for who asks again.
  private var made = Made()

  private struct Made {
    var inputs: Tensor?
    var targets: Tensor?
    var inputSequences: [Value]?
    var targetSequences: [Value]?
  }

  /// The division into parts, how columns are scaled, and how rows are changed in training.
  struct State {
    var parts: DatasetParts
    var preparation: Preparation?
    var augmentation: Augmentation?
  }

  init(_ parts: DatasetParts) {
    state = State(parts: parts)
    set = parts.train
  }

  convenience init(_ set: Dataset) { self.init(DatasetParts(train: set)) }

  /// rows x inputs; of sequences steps x inputs
  ///
  /// - Throws: `too-large`: of 8-bit images the numbers take eight times the memory.
  func inputs() throws -> Tensor {
    if let inputs = made.inputs { return inputs }
    let inputs = try set.storage.tensor(rows: set.inputRows, width: set.inputWidth).kept()
    made.inputs = inputs
    return inputs
  }

  /// rows x targets; of sequences whose steps have targets, steps x targets
  ///
  /// - Throws: `too-large`.
  func targets() throws -> Tensor {
    if let targets = made.targets { return targets }
    let targets = try ExampleInputs.doubles(set.targets).tensor(rows: set.targetRows, width: set.targetWidth)
      .kept()
    made.targets = targets
    return targets
  }

  /// Rows that are sequences of their own lengths, each as an array of steps x inputs.
  var inputSequences: [Value] {
    if let sequences = made.inputSequences { return sequences }
    let sequences = (0..<set.rows).map { set.inputSequence(ofRow: $0) }
    made.inputSequences = sequences
    return sequences
  }

  /// The targets of their steps, each row as an array of steps x targets.
  var targetSequences: [Value] {
    if let sequences = made.targetSequences { return sequences }
    let sequences = (0..<set.rows).map { set.targetSequence(ofRow: $0) }
    made.targetSequences = sequences
    return sequences
  }
}

// MARK: - Some of the rows

extension DataReference {
  /// Fewer are made once, all of them, and are there for the next row.
  private static let fewNumbers = 1000

  /// What an index picks of the inputs or targets, `d.x[0]` or `d.y[:10]`, made of these rows alone: all of them may take
  /// long and fill the memory, and a loop would take them again each time. nil where all of them are needed, or there anyway.
  func selection(ofTargets: Bool, _ indexes: [ArrayIndex]) throws -> Value? {
    guard let first = indexes.first else { return nil }
    if set.steps.map({ !ofTargets || $0.haveTargets }) ?? false {
      guard indexes.count == 1, case .at = first, let row = first.places(along: set.rows)?.places[0] else {
        return nil
      }
      return ofTargets ? set.targetSequence(ofRow: row) : set.inputSequence(ofRow: row)
    }
    let width = ofTargets ? set.targetWidth : set.inputWidth
    let isMade = ofTargets ? made.targets != nil : made.inputs != nil
    guard !isMade, set.rows * width > DataReference.fewNumbers else { return nil }
    // What is wrong with an index is said of the whole array.
    try ArrayIndex.check(indexes, of: [set.rows, width])
    guard let (places, own) = first.places(along: set.rows), places.count <= set.rows / 2 else { return nil }
    let values = places.flatMap { ofTargets ? set.targets(ofRow: $0) : set.inputs(ofRow: $0) }
    let rows = try ExampleInputs.doubles(values).tensor(rows: places.count, width: width)
    return .tensor(try rows.selecting([own] + indexes.dropFirst()))
  }
}

extension Dataset {
  /// A row that is a sequence of its own length, as an array of steps x inputs.
  fileprivate func inputSequence(ofRow row: Int) -> Value { Dataset.sequence(inputs(ofRow: row), inputWidth) }

  /// The targets of its steps, as an array of steps x targets.
  fileprivate func targetSequence(ofRow row: Int) -> Value {
    Dataset.sequence(targets(ofRow: row), targetWidth)
  }

  private static func sequence(_ values: ArraySlice<Double>, _ width: Int) -> Value {
    let values = Array(values)
    return .tensor(
      (try? Tensor(shape: [values.count / max(1, width), width], values: values)) ?? Tensor(values))
  }
}

/// What a network remembers of the data that it was trained on, so that it can take and give the user's own
/// units and name classes.
struct TrainedData {
  let preparation: Preparation?
  /// The columns, their words and the classes.
  let schema: DataSchema
  /// The losses that the training was given; nil for the network's own.
  var objective: Objective?
  var classes: [String]? { schema.classes }
}
