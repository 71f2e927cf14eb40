import Diagnostics
import Localization

/// How often a network took each class for each other one.
public struct ConfusionPlot: Sendable, Equatable {
  /// The plot's headline: `solver on xor`.
  public var title: String
  /// The classes' names.
  public var classes: [String]
  /// How often, by the class that the data says and then by the class that the network predicts: classes x
  /// classes, row by row.
  public var counts: [Int]
  /// The width in columns that the user asked for, if any.
  public var width: Int?
  /// How many of the worst pairs are listed, where there are too many classes for a table.
  public var height: Int?

  /// Creates a plot; counts that are missing are zero.
  public init(title: String, classes: [String], counts: [Int]) {
    self.title = title
    self.classes = classes
    let needed = classes.count * classes.count
    self.counts = Array((counts + Array(repeating: 0, count: max(needed - counts.count, 0))).prefix(needed))
  }

  /// Counts pairs of classes; a pair of a class that there is not is left out.
  public init(title: String, classes: [String], pairs: some Sequence<(truth: Int, predicted: Int)>) {
    var counts = [Int](repeating: 0, count: classes.count * classes.count)
    for pair in pairs where classes.indices.contains(pair.truth) && classes.indices.contains(pair.predicted) {
      counts[pair.truth * classes.count + pair.predicted] += 1
    }
    self.init(title: title, classes: classes, counts: counts)
  }

  /// How often the network said `predicted` where the data says `truth`.
  public subscript(truth: Int, predicted: Int) -> Int { counts[truth * classes.count + predicted] }
}

// MARK: - Layout

extension ConfusionPlot: DrawablePlot {
  /// The plot laid out.
  public var layout: PlotLayout {
    var layout = PlotLayout(of: self, facts: score, caption: caption)
    guard total > 0 else {
      (layout.facts, layout.message) = ("", localized("nothing to plot yet"))
      return layout
    }
    layout.parts = [ConfusionMatrix(plot: self)]
    return layout
  }

  /// One class taken for another.
  fileprivate struct Mistake {
    let truth: Int
    let predicted: Int
    let count: Int
  }

  /// More classes than this make a list of the worst pairs, not a table.
  fileprivate static let mostClasses = 12

  fileprivate var total: Int { counts.reduce(0, +) }

  fileprivate var correct: Int { classes.indices.reduce(0) { $0 + self[$1, $1] } }

  /// How many rows of the data are of a class.
  fileprivate func rows(of truth: Int) -> Int { classes.indices.reduce(0) { $0 + self[truth, $1] } }

  /// How many rows the network predicts a class for.
  fileprivate func answers(of predicted: Int) -> Int {
    classes.indices.reduce(0) { $0 + self[$1, predicted] }
  }

  /// The share of a class's rows that the network knows; a dash for a class without rows.
  fileprivate func recall(of truth: Int) -> String {
    let rows = rows(of: truth)
    return rows == 0 ? "-" : NumberText.percent(self[truth, truth], of: rows)
  }

  /// The pairs that are confused, the most frequent first.
  fileprivate var mistakes: [Mistake] {
    let all = classes.indices.flatMap { truth in
      classes.indices.filter { $0 != truth && self[truth, $0] > 0 }.map {
        Mistake(truth: truth, predicted: $0, count: self[truth, $0])
      }
    }
    return all.sorted { ($1.count, $0.truth, $0.predicted) < ($0.count, $1.truth, $1.predicted) }
  }

  /// `3 of 4 correct (75%)`
  private var score: String {
    localized("\(correct) of \(total) correct (\(NumberText.percent(correct, of: total)))")
  }

  /// The plot in words.
  private var caption: String {
    let subject = localized("Confusion matrix of \(title.onOneLine)")
    guard total > 0 else { return localized("\(subject): \(localized("nothing to plot yet")).") }
    let named = mistakes.prefix(3).map { mistake in
      let (truth, predicted) = (classes[mistake.truth].onOneLine, classes[mistake.predicted].onOneLine)
      return localized("class \(truth) is taken for \(predicted) (\(mistake.count, "time"))")
    }
    let worst =
      mistakes.count > 3 ? localized("most often \(named.localizedList)") : named.localizedList
    let sum = localized(
      "\(correct) of \(total, "row") classified correctly (\(NumberText.percent(correct, of: total)))")
    let story = ([sum] + (named.isEmpty ? [] : [worst])).joined(separator: localized("; "))
    return localized("\(subject): \(story).")
  }
}

/// A confusion matrix as a table, or the pairs that are confused most where that would be too large to read.
private struct ConfusionMatrix: PlotPart {
  let plot: ConfusionPlot

  func lines(_ style: PlotStyle) -> [String] {
    if let width = nameWidth(within: style.width) {
      return table(names: width, ellipsis: style.glyphs.ellipsis).lines(style)
    }
    let shown = style.height ?? 10
    let rest = plot.mistakes.dropFirst(shown)
    let others = rest.reduce(0) { $0 + $1.count }
    let foot = rest.isEmpty ? [] : [localized("and \(others, "row") in \(rest.count, "other pair")")]
    return pairs(shown).lines(style) + foot.map(style.cut)
  }

  func draw(on page: inout SVGPage) {
    if plot.classes.count <= ConfusionPlot.mostClasses {
      table(names: 14, ellipsis: "…").draw(on: &page)
    } else {
      pairs(max(plot.height ?? 10, 1)).draw(on: &page)
    }
  }

  /// The columns of text that names have in a table on a page; nil where it has no room, even with short names.
  private func nameWidth(within page: Int) -> Int? {
    let count = plot.classes.count
    guard count <= ConfusionPlot.mostClasses else { return nil }
    let longest = plot.classes.map(\.onOneLine.displayWidth).max() ?? 1
    let fixed =
      max(String(plot.total).count, localized("total").displayWidth) + localized("recall").displayWidth + 4
    // The names give way until the table fits, but two columns of a name must stay.
    let fitting = (1...max(longest, 1)).reversed().first { width in
      max(width, localized("truth").displayWidth) + count * (max(width, digits) + 2) + fixed <= page
    }
    return fitting.flatMap { $0 >= min(longest, 2) ? $0 : nil }
  }

  /// The digits of the largest count; of a sum the first may stand in the gap before it.
  private var digits: Int {
    let sums = plot.classes.indices.map(plot.answers(of:))
    return max(String(plot.counts.max() ?? 0).count, String(sums.max() ?? 0).count - 1)
  }

  private func table(names width: Int, ellipsis: String) -> TablePart {
    let names = plot.classes.map { $0.onOneLine.cut(to: width, ellipsis: ellipsis) }
    let cell = max(names.map(\.displayWidth).max() ?? 1, digits)
    let classes = plot.classes.indices
    let rows = classes.map { truth -> [TablePart.Cell] in
      let total = plot.rows(of: truth)
      let cells = classes.map { predicted in
        let count = plot[truth, predicted]
        return TablePart.Cell.count(
          count, share: Double(count) / Double(max(total, 1)), isRight: truth == predicted)
      }
      let sums: [TablePart.Cell] = [.text(String(total)), .text(plot.recall(of: truth))]
      return [.text(names[truth])] + cells + sums
    }
    let sums = classes.map { TablePart.Cell.text(String(plot.answers(of: $0))) }
    let all = NumberText.percent(plot.correct, of: plot.total)
    var columns = names.map { TablePart.Column(title: $0, width: cell) }
    columns.insert(TablePart.Column(title: localized("truth"), isRight: false), at: 0)
    columns += [TablePart.Column(title: localized("total")), TablePart.Column(title: localized("recall"))]
    let last: [TablePart.Cell] = [.text(localized("total"))] + sums + [.text(String(plot.total)), .text(all)]
    return TablePart(columns: columns, rows: rows + [last], above: localized("predicted"))
  }

  private func pairs(_ most: Int) -> any PlotPart {
    let mistakes = plot.mistakes
    guard let worst = mistakes.first else { return Notes([localized("no class is taken for another")]) }
    return TablePart(
      columns: [
        .init(title: localized("truth"), isRight: false),
        .init(title: localized("taken for"), isRight: false),
        .init(title: "", isRight: false), .init(title: localized("count")),
        .init(title: localized("of the class")),
      ],
      rows: mistakes.prefix(most).map { mistake in
        [
          .text(plot.classes[mistake.truth].onOneLine), .text(plot.classes[mistake.predicted].onOneLine),
          .bar(Double(mistake.count) / Double(worst.count)), .text(String(mistake.count)),
          .text(NumberText.percent(mistake.count, of: plot.rows(of: mistake.truth))),
        ]
      })
  }
}
