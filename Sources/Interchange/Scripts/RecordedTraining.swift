public import NeuralEngine

/// A training as it was done, with all that it takes to do it again in another program.
public struct RecordedTraining: Sendable {
  /// The network's name.
  public let name: String
  /// The name of the data that it was trained on.
  public let data: String
  /// What it was like: for sequences of any length, that for the longest of them.
  public let graph: NetworkGraph
  /// The weights that it began with, in the order of the engine's `ParameterLayout`.
  public let weights: [Double]
  /// The rows, on the scale that the network saw. Sequences of one length are rows of one width here.
  public let examples: Examples
  /// The rows that it was only measured on.
  public let validation: Examples?
  /// How many steps each row had, where the network takes sequences of any length; nil for another one.
  let steps: SequenceSteps?
  /// Whether the rows were scaled.
  public let isScaled: Bool
  /// How it was trained.
  public let options: TrainingOptions
  /// Whether classes are told apart, so that there is an accuracy.
  public let countsCorrect: Bool
  /// Whether the weights are those that an earlier training left.
  public let continues: Bool
  /// What stood in the way of repeating it elsewhere, in words.
  public let obstacle: String?
  /// How many epochs it took.
  public let epochs: Int
  /// The losses of its first epochs.
  public let losses: [Double]
  /// The random numbers as they were when it began.
  public let random: RandomStream

  /// Creates a record.
  public init(
    name: String, data: String, graph: NetworkGraph, weights: [Double], examples: Examples,
    validation: Examples?, isScaled: Bool, options: TrainingOptions, countsCorrect: Bool, continues: Bool,
    obstacle: String?,
    epochs: Int, losses: [Double], random: RandomStream
  ) {
    self.name = name
    self.data = data
    let matched = graph.takesAnyLength ? (try? examples.matched(to: graph)) ?? examples : examples
    let aside = graph.takesAnyLength ? validation.map { (try? $0.matched(to: graph)) ?? $0 } : validation
    steps = matched.steps
    let lengths = [matched, aside].compactMap { $0?.steps?.range }
    let longest = lengths.map(\.upperBound).max() ?? 1
    let areAlike = lengths.allSatisfy { $0 == longest...longest }
    self.graph = (try? graph.filled(steps: longest)) ?? graph
    self.weights = weights
    self.examples = areAlike ? matched.with(rows: nil) : matched
    self.validation = areAlike ? aside?.with(rows: nil) : aside
    self.isScaled = isScaled
    self.options = options
    self.countsCorrect = countsCorrect
    self.continues = continues
    self.obstacle = obstacle
    self.epochs = epochs
    self.losses = losses
    self.random = random
  }

  /// The rows in the order of each epoch, as the trainer draws them.
  func orders(epochs: Int) -> [[Int]] {
    let rows = Array(0..<examples.rows)
    let strata = examples.strata.map { StratifiedOrder(rows, strata: $0) }
    let batch = max(1, min(options.batchSize, rows.count))
    var random = random
    return (0..<epochs).map { _ in
      var order = rows
      if options.shuffles { random.shuffle(&order) }
      let arranged = strata?.arranging(order) ?? order
      guard let steps else { return arranged }
      // Batches of sequences gather similar lengths, and each is taken in the order of its lengths.
      return options.shuffles && strata == nil
        ? steps.gathered(arranged, batch: batch, random: &random)
        : steps.sortedWithin(batch: batch, arranged)
    }
  }
}

/// A line of a notebook, as far as it has a counterpart in another program.
public enum ScriptStep: Sendable {
  /// What a cell is about.
  case heading(String)
  /// `train`
  case training(RecordedTraining)
  /// `evaluate` and `predict`, of some data.
  case evaluation(data: String)
  case prediction(data: String)
  /// `plot loss`, `plot boundary`
  case lossPlot(isLogarithmic: Bool)
  case boundaryPlot(data: String)
  /// A line that has none.
  case missing(String)
}

/// The program that a notebook is converted to.
public enum ScriptFramework: String, Sendable, CaseIterable {
  case keras, torch

  /// What it is called.
  public var name: String { self == .keras ? "Keras" : "PyTorch" }
}
