import Diagnostics
import Outputs

extension ConfusionPlot {
  /// One class taken for another.
  struct Mistake {
    let truth: Int
    let predicted: Int
    let count: Int
  }

  /// More classes than this make a list of the worst pairs, not a table.
  static let mostClasses = 12

  var total: Int { counts.reduce(0, +) }

  var correct: Int { classes.indices.reduce(0) { $0 + self[$1, $1] } }

  /// How many rows of the data are of a class.
  func rows(of truth: Int) -> Int { classes.indices.reduce(0) { $0 + self[truth, $1] } }

  /// How many rows the network says a class for.
  func answers(of predicted: Int) -> Int { classes.indices.reduce(0) { $0 + self[$1, predicted] } }

  /// The share of a class's rows that the network knows; a dash for a class without rows.
  func recall(of truth: Int) -> String {
    let rows = rows(of: truth)
    return rows == 0 ? "-" : NumberText.percent(self[truth, truth], of: rows)
  }

  /// The pairs that are confused, the most frequent first.
  var mistakes: [Mistake] {
    let all = classes.indices.flatMap { truth in
      classes.indices.filter { $0 != truth && self[truth, $0] > 0 }.map {
        Mistake(truth: truth, predicted: $0, count: self[truth, $0])
      }
    }
    return all.sorted { ($1.count, $0.truth, $0.predicted) < ($0.count, $1.truth, $1.predicted) }
  }

  /// `3 of 4 correct (75%)`
  var score: String { "\(correct) of \(total) correct (\(NumberText.percent(correct, of: total)))" }

  /// The plot in words.
  var caption: String {
    let subject = "Confusion matrix of \(title.onOneLine): "
    guard total > 0 else { return subject + "nothing to plot yet." }
    let named = mistakes.prefix(3).map {
      "class \(classes[$0.truth].onOneLine) is taken for \(classes[$0.predicted].onOneLine) "
        + "(\($0.count.counted("time")))"
    }
    let worst = "; " + (mistakes.count > 3 ? "most often " : "") + named.listed
    let sum =
      "\(correct) of \(total.counted("row")) classified correctly (\(NumberText.percent(correct, of: total)))"
    return subject + sum + (named.isEmpty ? "" : worst) + "."
  }
}
