import Diagnostics
import Outputs

extension BoundaryPlot {
  /// The plot in words.
  var caption: String {
    let subject = "Decision boundary of \(title.onOneLine) over \(xLabel.onOneLine) and \(yLabel.onOneLine): "
    guard BoundaryGrid(self) != nil else { return subject + "nothing to plot yet." }
    return subject
      + [held, shares, score ?? "no points", mistakes, strays].compactMap(\.self).joined(separator: ", ")
      + "."
  }

  /// The inputs that the plane does not show; of many the first four.
  private var held: String? {
    guard !fixed.isEmpty else { return nil }
    let named = fixed.prefix(4).map { "\($0.name.onOneLine) at \(NumberText.short($0.value))" }
    let rest = fixed.count > 4 ? ["\(fixed.count - 4) more"] : []
    return "with " + (named + rest).listed + " (the means; the points keep their own)"
  }

  /// How much of the plane each class wins; of many classes the largest three.
  private var shares: String? {
    let largest = winners
    guard !answers.isEmpty else { return nil }
    let shown = largest.count > 4 ? largest.prefix(3) : largest[...]
    let parts = shown.map { label, count in
      "class \(className(label)) on \(NumberText.percent(count, of: answers.count))"
    }
    let rest = largest.count > shown.count ? ["others on the rest"] : []
    let silent = answers.count { $0.probability.isNaN }
    let none = silent > 0 ? ["gives no answer on \(NumberText.percent(silent, of: answers.count))"] : []
    guard !parts.isEmpty else { return "the network gives no answer" }
    return "the network says " + (parts + rest).listed + " of the plane"
      + none.map { " and \($0)" }.joined()
  }

  /// Which classes' points are taken for others.
  private var mistakes: String? {
    let wrong = Dictionary(grouping: points.filter(\.isMisclassified), by: \.truth).mapValues(\.count)
    guard !wrong.isEmpty else { return nil }
    func words(_ label: Int, _ count: Int) -> String {
      "\(count.counted("point")) of class \(className(label))"
    }
    if wrong.count > Self.mostNamed {
      let worst = wrong.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(3)
      let named = worst.map { words($0.key, $0.value) }
      return "wrong about points of \(wrong.count) classes, most often " + named.listed
    }
    let parts = wrong.sorted { $0.key < $1.key }.map { words($0.key, $0.value) }
    return "wrong about " + parts.listed
  }

  /// The points that the drawing leaves out.
  private var strays: String? {
    guard outside > 0 else { return nil }
    return "\(outside) \(outside == 1 ? "point lies" : "points lie") outside the plane"
  }
}
