import Datasets
import Diagnostics
import Foundations
import Localization
import NeuralEngine
import Outputs

extension EvaluateNetwork {
  /// Fewer rows are shown without intervals and classes.
  private static var fewestRows: Int { 20 }

  /// The rows below a set's metrics that say what they are worth: the bounds of their 95 % intervals, and what always
  /// answering the commonest class, or the mean of the amounts, comes to.
  ///
  /// - Parameter part: the part of the data that they are of, where several are measured.
  func doubtRows(_ measured: Evaluation, _ metrics: [Metric], hasAccuracy: Bool, of part: String? = nil)
    -> [[String]]
  {
    let rows = measured.predictions.outputs.count / max(1, measured.predictions.width)
    // Of a truth table there is nothing to doubt.
    // Rows that count differently have no intervals of this kind.
    guard rows >= EvaluateNetwork.fewestRows, measured.outputs.isEmpty, measured.predictions.weights == nil
    else {
      return []
    }
    let intervals = measured.predictions.intervals()
    let labels = measured.predictions.labels
    let accuracy = labels.map { truths, answers in
      ConfidenceInterval.wilson(hits: zip(truths, answers).count { $0 == $1 }, of: rows)
    }
    func bounds(_ heading: String, _ bound: (ConfidenceInterval) -> Double) -> [String] {
      [heading, "", ""] + (hasAccuracy ? [accuracy.map { bound($0).shareText } ?? ""] : [])
        + metrics.map { metric in
          intervals[metric].map { Score(metric: metric, value: bound($0)).text } ?? ""
        }
    }
    guard hasAccuracy || metrics.contains(where: { intervals[$0] != nil }) else { return [] }
    let place = part.map { $0 + " " } ?? ""
    var rowsBelow = [
      bounds(place + localized("95% from"), \.low), bounds(place + localized("95% to"), \.high),
    ]
    if let truths = labels?.truths, hasAccuracy {
      let most = Dictionary(truths.map { ($0, 1) }, uniquingKeysWith: +).values.max() ?? 0
      rowsBelow.append([place + localized("majority"), "", "", (Double(most) / Double(rows)).shareText])
    }
    let baseline = measured.predictions.meanScores
    if !baseline.isEmpty {
      rowsBelow.append(
        [place + localized("mean"), "", ""] + (hasAccuracy ? [""] : [])
          + metrics.map { metric in baseline.first { $0.metric == metric }.map(\.text) ?? "" })
    }
    return rowsBelow
  }

  /// A row for each class, those that are told worst first where there are too many; nil where there are no classes.
  func classTable(_ predictions: Predictions, _ names: [String]?, title: String? = nil) -> Table? {
    let scores = predictions.byClass
    guard predictions.outputs.count / max(1, predictions.width) >= EvaluateNetwork.fewestRows else {
      return nil
    }
    guard scores.count > 1, scores.contains(where: { $0.rows > 0 }) else { return nil }
    let most = 20
    let shown =
      scores.count <= most
      ? scores
      : Array(scores.filter { $0.rows > 0 }.sorted { ($0.f1, $0.label) < ($1.f1, $1.label) }.prefix(most))
    return Table(
      title: title,
      columns: [
        .words(localized("class")), .numbers(localized("rows")), .numbers(Metric.precision.displayName),
        .numbers(Metric.recall.displayName), .numbers("f1"),
      ],
      rows: shown.map { score in
        let name = names.flatMap { $0.indices.contains(score.label) ? $0[score.label] : nil }
        return [
          name ?? String(score.label), String(score.rows), score.precision.shareText, score.recall.shareText,
          score.f1.shareText,
        ]
      },
      footer: scores.count > most
        ? [localized("the \(most) of \(scores.count) classes with the lowest f1")] : [])
  }
}

extension Vocabulary {
  /// The tokens as a table shows them.
  var shown: [String] { tokens.map { $0 == "\n" ? "line end" : $0 == " " ? "blank" : $0 } }
}

extension Evaluation {
  /// The same with what a language model is judged by: the bits that each token takes, -log2 of the probability that it was
  /// given on average, and 2 to that power, the perplexity: among as many equally probable tokens it has, in effect, to choose.
  var ofText: Evaluation {
    guard case .multiclass(let count) = predictions.task, count == predictions.width else { return self }
    let rows = predictions.outputs.count / count
    var lost = 0.0
    for (output, target) in zip(predictions.outputs, predictions.targets) where target > 0 {
      // A probability that has become 0 would cost infinitely many bits.
      lost -= target * ElementaryFunctions.logarithm(max(output, 1e-30))
    }
    lost /= Double(max(1, rows))
    let added = [
      Score(metric: .perplexity, value: ElementaryFunctions.exponential(lost)),
      Score(metric: .bitsPerToken, value: lost / ElementaryFunctions.logarithm(2)),
    ]
    return Evaluation(
      loss: loss, accuracy: accuracy, scores: scores + added, predictions: predictions)
  }

  /// The same answers, taken for the second of two classes above another output.
  func with(threshold: Double) -> Evaluation {
    let moved = predictions.with(threshold: threshold)
    return Evaluation(loss: loss, accuracy: moved.accuracy, scores: moved.scores, predictions: moved)
  }
}
