/// What a network comes to on some rows.
public struct Evaluation: Sendable, Equatable {
  /// The mean loss over the rows.
  public let loss: Double
  /// The share classified rightly; nil where the targets are no classes.
  public let accuracy: Double?
  /// What else can be said, in the order of ``Metric``.
  public let scores: [Score]
  /// What the network answered, and what it should have.
  public let predictions: Predictions
  /// The same of each output layer by itself; empty where there is only one.
  public var outputs: [OutputEvaluation] = []

  /// Puts an evaluation together.
  public init(loss: Double, accuracy: Double?, scores: [Score], predictions: Predictions) {
    self.loss = loss
    self.accuracy = accuracy
    self.scores = scores
    self.predictions = predictions
  }
}

/// What one of several output layers comes to.
public struct OutputEvaluation: Sendable, Equatable {
  /// The layer's name.
  public let output: String
  /// What it comes to; its loss is not multiplied by the weight that it has in the whole.
  public var evaluation: Evaluation
}

/// A metric's value.
public struct Score: Sendable, Equatable {
  /// The metric.
  public let metric: Metric
  /// Its value.
  public let value: Double

  /// Creates a score.
  public init(metric: Metric, value: Double) {
    self.metric = metric
    self.value = value
  }
}

/// What can be said of a network's answers besides loss and accuracy.
public enum Metric: String, Sendable, CaseIterable {
  /// The share of what is taken for a class that is of it. With two classes that of the second, which is 1; with
  /// more the mean over those that occur among truths or answers, as scikit-learn's `macro`.
  case precision
  /// The share of a class that is taken for it; likewise.
  case recall
  /// The harmonic mean of the two, 2 TP / (2 TP + FP + FN); likewise the mean of each class's.
  case f1
  /// With two classes: how likely a row of the second gets more than one of the first, half for a tie. Exactly, by
  /// ranks (H. Mann and D. Whitney, 1947), where Keras takes 200 thresholds.
  case auc
  /// With more than five classes: the share of rows whose class is among the five with the most.
  case topFive = "top_5"
  /// For amounts: the mean of |t - o| over rows and outputs.
  case mae
  /// For amounts: the square root of the mean of (t - o)², likewise.
  case rmse
  /// For amounts: 1 - Σ (t - o)² / Σ (t - mean)², the mean over the outputs, as Keras's `R2Score`. Outputs whose
  /// targets are all the same have none.
  case rSquared = "r2"
  /// For texts: 2 to the power of ``bitsPerToken``; e to that of the mean crossentropy.
  case perplexity
  /// For texts: the mean of -log2 of the probability that the token which follows was given.
  case bitsPerToken = "bits_per_token"
}

/// A network's outputs and the targets for them, rows x width each.
public struct Predictions: Sendable, Equatable {
  /// Rows x width.
  public let outputs: [Double]
  /// Rows x width.
  public let targets: [Double]
  /// How many numbers a row has.
  public let width: Int
  /// What they are predictions of.
  public let task: PredictionTask
  /// How much each row counts, as scikit-learn's `sample_weight`; nil where all count alike.
  public var weights: [Double]?

  /// What can be said of them. Classes told apart by several layers have no one table of right and wrong.
  public var scores: [Score] {
    switch task {
    case .regression: regressionScores
    case .binary, .multiclass: classScores
    case .several: []
    }
  }

  /// Those of some of the columns, for a task of their own.
  package func columns(_ columns: Range<Int>, width own: Int, _ task: PredictionTask) -> Predictions {
    func picked(_ values: [Double]) -> [Double] {
      stride(from: 0, to: values.count, by: max(1, width)).flatMap {
        values[$0 + columns.lowerBound..<$0 + columns.upperBound]
      }
    }
    return Predictions(outputs: picked(outputs), targets: picked(targets), width: own, task: task)
  }

  private var rows: Int { outputs.count / max(1, width) }

  /// How much a row counts.
  func weight(_ row: Int) -> Double { weights?[row] ?? 1 }

  /// How much all rows count together; more than 0.
  var wholeWeight: Double { weights?.reduce(0, +) ?? Double(max(1, rows)) }

  /// How many classes there are: one output tells two apart.
  private var classes: Int { width == 1 ? 2 : width }

  private var classScores: [Score] {
    let scored = byClass
    // A class that nobody speaks of would only pull the mean down.
    let counted = classes == 2 ? [scored[1]] : scored.filter { $0.answers + $0.rows > 0 }
    func mean(_ share: (ClassScore) -> Double) -> Double {
      counted.reduce(0) { $0 + share($1) } / Double(max(1, counted.count))
    }
    var scores = [
      Score(metric: .precision, value: mean(\.precision)), Score(metric: .recall, value: mean(\.recall)),
      Score(metric: .f1, value: mean(\.f1)),
    ]
    let truths = (0..<rows).map { truth($0) }
    if classes == 2, let area = binaryCurves(truths)?.area(counting: (0..<rows).map(weight)) {
      scores.append(Score(metric: .auc, value: area))
    }
    if classes > 5 { scores.append(Score(metric: .topFive, value: topFive(truths))) }
    return scores
  }

  private func topFive(_ truths: [Int]) -> Double {
    let found = truths.enumerated().reduce(0.0) { sum, pair in
      let (row, truth) = pair
      let answers = outputs[row * width..<(row + 1) * width]
      let own = outputs[row * width + truth]
      return answers.count { $0 > own } < 5 ? sum + weight(row) : sum
    }
    return found / wholeWeight
  }

  private var regressionScores: [Score] {
    let values = (0..<width).compactMap { unit -> Double? in
      let truths = (0..<rows).map { targets[$0 * width + unit] }
      // Equal targets have a spread of 0, whatever the rounding of their mean makes of it.
      guard truths.contains(where: { $0 != truths[0] }) else { return nil }
      let mean = truths.enumerated().reduce(0) { $0 + weight($1.offset) * $1.element } / wholeWeight
      let spread = truths.enumerated().reduce(0) {
        $0 + weight($1.offset) * ($1.element - mean) * ($1.element - mean)
      }
      guard spread > 0 else { return nil }
      let errors = (0..<rows).reduce(0.0) { sum, row in
        let error = truths[row] - outputs[row * width + unit]
        return sum + weight(row) * error * error
      }
      return 1 - errors / spread
    }
    let differences = zip(outputs, targets).map { $0 - $1 }
    let count = wholeWeight * Double(max(1, width))
    let squares = differences.enumerated().reduce(0) {
      $0 + weight($1.offset / width) * $1.element * $1.element
    }
    let sizes = differences.enumerated().reduce(0) { $0 + weight($1.offset / width) * abs($1.element) }
    let errors = [
      Score(metric: .mae, value: sizes / count),
      Score(metric: .rmse, value: (squares / count).squareRoot()),
    ]
    guard !values.isEmpty else { return errors }
    return errors + [Score(metric: .rSquared, value: values.reduce(0, +) / Double(values.count))]
  }

  /// The same with what a function makes of rows of outputs and of targets.
  public func mapped(_ change: ([Double]) -> [Double]) -> Predictions {
    Predictions(outputs: change(outputs), targets: change(targets), width: width, task: task)
  }

  /// The same with each output and its targets multiplied by a number, one for each output: on another scale.
  public func multiplied(by factors: [Double]) -> Predictions {
    func scaled(_ values: [Double]) -> [Double] {
      values.enumerated().map { $1 * factors[$0 % factors.count] }
    }
    var made = Predictions(outputs: scaled(outputs), targets: scaled(targets), width: width, task: task)
    made.weights = weights
    return made
  }
}
