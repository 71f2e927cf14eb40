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
  /// rows x inputs; of sequences steps x inputs
  lazy var inputs = DataReference.matrix(set.inputs, set.inputRows, set.inputWidth)
  /// rows x targets; of sequences whose steps have targets, steps x targets
  lazy var targets = DataReference.matrix(set.targets, set.targetRows, set.targetWidth)

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

  private static func matrix(_ values: [Double], _ rows: Int, _ columns: Int) -> Tensor {
    ((try? Tensor(shape: [rows, columns], values: values)) ?? Tensor(values)).kept()
  }
}

extension Dataset {
  /// Rows that are sequences of their own lengths, each as an array of steps x inputs.
  var inputSequences: [Value] { (0..<rows).map { Dataset.sequence(inputs(ofRow: $0), inputWidth) } }

  /// The targets of their steps, each row as an array of steps x targets.
  var targetSequences: [Value] { (0..<rows).map { Dataset.sequence(targets(ofRow: $0), targetWidth) } }

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
