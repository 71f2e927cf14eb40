import Diagnostics
import Localization

/// A two-input network's answer over a plane, with the points of a data set on top.
public struct BoundaryPlot: Sendable, Equatable {
  /// One row of the data set.
  public struct Point: Sendable, Equatable {
    /// The first input.
    public var x: Double
    /// The second input.
    public var y: Double
    /// The index in ``BoundaryPlot/classes`` of the class that the data says.
    public var truth: Int
    /// The index in ``BoundaryPlot/classes`` of the class that the network predicts.
    public var predicted: Int

    /// Creates a point.
    public init(x: Double, y: Double, truth: Int, predicted: Int) {
      self.x = x
      self.y = y
      self.truth = truth
      self.predicted = predicted
    }
  }

  /// An input that does not change over the plane.
  public struct FixedInput: Sendable, Equatable {
    /// The input's name.
    public var name: String
    /// What it is held at.
    public var value: Double

    /// Creates a fixed input.
    public init(name: String, value: Double) {
      self.name = name
      self.value = value
    }
  }

  /// The network's answer at one node of the grid.
  public struct Answer: Sendable, Equatable {
    /// The index in ``BoundaryPlot/classes`` of the most probable class.
    public var winner: Int
    /// With two classes the probability of the second, `classes[1]`; with more, the winner's probability.
    public var probability: Double

    /// Creates an answer.
    public init(winner: Int, probability: Double) {
      self.winner = winner
      self.probability = probability
    }
  }

  /// The plot's headline: `solver on xor`.
  public var title: String
  /// The first input's name.
  public var xLabel: String
  /// The second input's name.
  public var yLabel: String
  /// The x of the grid's first and last column.
  public var xRange: ClosedRange<Double>
  /// The y of the grid's first (lowest) and last (highest) row.
  public var yRange: ClosedRange<Double>
  /// How many columns the grid has; at least 2.
  public var gridColumns: Int
  /// The answers, row by row from the lowest y, each row from the lowest x.
  public var answers: [Answer]
  /// The classes' names.
  public var classes: [String]
  /// The data.
  public var points: [Point]
  /// The inputs besides the two of the plane, and what they are held at; the points keep their own.
  public var fixed: [FixedInput] = []
  /// The width in columns that the user asked for, if any.
  public var width: Int?
  /// The height of the drawing area in rows that the user asked for, if any.
  public var height: Int?

  /// Creates a boundary plot.
  public init(
    title: String, xLabel: String, yLabel: String, xRange: ClosedRange<Double>,
    yRange: ClosedRange<Double>, gridColumns: Int, answers: [Answer], classes: [String], points: [Point],
    width: Int? = nil, height: Int? = nil
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.xRange = xRange
    self.yRange = yRange
    self.gridColumns = gridColumns
    self.answers = answers
    self.classes = classes
    self.points = points
    self.width = width
    self.height = height
  }
}

// MARK: - Layout

extension BoundaryPlot: DrawablePlot {
  /// The plot laid out.
  public var layout: PlotLayout {
    var layout = PlotLayout(of: self, caption: caption)
    guard let ground, let x = Scale(from: xRange.lowerBound, to: xRange.upperBound),
      let y = Scale(from: yRange.lowerBound, to: yRange.upperBound)
    else {
      layout.message = localized("nothing to plot yet")
      return layout
    }
    layout.facts = score ?? ""
    layout.narrow = [score ?? localized("no points")]
    var axes = Axes(x: x, y: y, xLabel: xLabel, yLabel: yLabel, shape: .square)
    // Those that the network gets wrong come last, on top.
    let shown = points.filter(isInside).sorted { !$0.isMisclassified && $1.isMisclassified }
    let places = shown.map { point in
      Points.Point(
        place: UnitPoint(x: x.fraction(point.x), y: y.fraction(point.y)), label: point.truth,
        isWrong: point.isMisclassified)
    }
    axes.marks = [.ground(ground), .points(Points(points: places, kind: .overGround))]
    axes.valueCount = places.count
    axes.legend = legend(ground)
    layout.parts = [axes]
    return layout
  }

  /// The network's answers; nil where there is no whole row of them.
  private var ground: Ground? {
    guard gridColumns > 0, answers.count >= gridColumns else { return nil }
    let rows = answers.count / gridColumns
    return Ground(
      columns: gridColumns, rows: rows, classes: classes.count,
      answers: answers.prefix(rows * gridColumns).map { ($0.winner, $0.probability) })
  }

  /// `3 of 4 points classified correctly`; nil without points.
  private var score: String? {
    guard !points.isEmpty else { return nil }
    let correct = points.count { !$0.isMisclassified }
    return localized("\(correct) of \(points.count, "point") classified correctly")
  }

  private func isInside(_ point: Point) -> Bool { xRange.contains(point.x) && yRange.contains(point.y) }

  // MARK: Legend

  /// What the ground and the points on it mean.
  private func legend(_ ground: Ground) -> [LegendEntry] {
    let ramp = LegendEntry(symbol: .ramp, meaning: localized("probability of class \(className(1))"))
    let unknown = LegendEntry(
      symbol: .text(String(Glyphs.unknown), isAlert: true), meaning: localized("no answer"))
    let hasUnknown = answers.contains { !ground.isKnown(($0.winner, $0.probability)) }
    return (classes.count > 2 ? textureEntries : [ramp]) + pointEntries + (hasUnknown ? [unknown] : [])
  }

  /// The textures of the classes that win anywhere, the widest first where they are too many to name.
  private var textureEntries: [LegendEntry] {
    let winners = winners
    let named = winners.count > Self.mostNamed ? winners.prefix(Self.mostNamed) : winners[...]
    var entries = named.map(\.label).sorted().map { index in
      LegendEntry(symbol: .texture(index), meaning: localized("classified as \(className(index))"))
    }
    if named.count < winners.count {
      let rest = localized("\(winners.count - named.count, "more class") with the same signs")
      entries.append(LegendEntry(symbol: .text("  ", isAlert: false), meaning: rest))
    }
    return entries
  }

  /// More classes than this are no longer named one by one.
  private static var mostNamed: Int { 12 }

  /// The classes that win anywhere and how often, the widest first.
  private var winners: [(label: Int, count: Int)] {
    let given = answers.lazy.filter { !$0.probability.isNaN }.map(\.winner)
    return Dictionary(grouping: given.filter(classes.indices.contains)) { $0 }
      .map { (label: $0.key, count: $0.value.count) }
      .sorted { ($1.count, $0.label) < ($0.count, $1.label) }
  }

  /// The signs of the points that there are, the classes in order and those that are wrong after them.
  private var pointEntries: [LegendEntry] {
    let right = Set(points.filter { !$0.isMisclassified }.map(\.truth)).sorted()
    let wrong = Set(points.filter(\.isMisclassified).map(\.truth)).sorted()
    guard max(right.count, wrong.count) <= Self.mostNamed else {
      return [
        .init(symbol: .text("0-9 a-z", isAlert: false), meaning: localized("in the first to the 36th class")),
        .init(
          symbol: .text("A-Z", isAlert: true), meaning: localized("in the first to the 26th, misclassified")),
        .init(symbol: .text(String(Glyphs.unknown), isAlert: true), meaning: localized("in a later class")),
      ]
    }
    return right.map { label in
      .init(symbol: .label(label, isWrong: false), meaning: localized("in class \(className(label))"))
    }
      + wrong.map { label in
        .init(
          symbol: .label(label, isWrong: true),
          meaning: localized("in class \(className(label)), misclassified"))
      }
  }

  /// A class's name, or its number where it has none.
  private func className(_ index: Int) -> String {
    classes.indices.contains(index) ? classes[index].onOneLine : String(index)
  }

  // MARK: Caption

  /// The plot in words.
  private var caption: String {
    let subject = localized(
      "Decision boundary of \(title.onOneLine) over \(xLabel.onOneLine) and \(yLabel.onOneLine)")
    let story =
      ground == nil
      ? localized("nothing to plot yet")
      : [held, shares, score ?? localized("no points"), mistakes, strays].compactMap(\.self)
        .joined(separator: ", ")
    return localized("\(subject): \(story).")
  }

  /// The inputs that the plane does not show; of many the first four.
  private var held: String? {
    guard !fixed.isEmpty else { return nil }
    let named = fixed.prefix(4).map { localized("\($0.name.onOneLine) at \(NumberText.short($0.value))") }
    let rest = fixed.count > 4 ? [localized("\(fixed.count - 4) more")] : []
    return localized("with \((named + rest).localizedList) (the means; the points keep their own)")
  }

  /// How much of the plane each class wins; of many classes the largest three.
  private var shares: String? {
    let largest = winners
    guard !answers.isEmpty else { return nil }
    let shown = largest.count > 4 ? largest.prefix(3) : largest[...]
    let parts = shown.map { label, count in
      localized("class \(className(label)) on \(NumberText.percent(count, of: answers.count))")
    }
    let rest = largest.count > shown.count ? [localized("others on the rest")] : []
    let silent = answers.count { $0.probability.isNaN }
    guard !parts.isEmpty else { return localized("the network gives no answer") }
    let none =
      silent > 0
      ? localized(" and gives no answer on \(NumberText.percent(silent, of: answers.count))") : ""
    return localized("the network predicts \((parts + rest).localizedList) of the plane") + none
  }

  /// Which classes' points are taken for others.
  private var mistakes: String? {
    let wrong = Dictionary(grouping: points.filter(\.isMisclassified), by: \.truth).mapValues(\.count)
    guard !wrong.isEmpty else { return nil }
    func words(_ label: Int, _ count: Int) -> String {
      localized("\(count, "point") of class \(className(label))")
    }
    if wrong.count > Self.mostNamed {
      let worst = wrong.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(3)
      let named = worst.map { words($0.key, $0.value) }
      return localized("wrong about points of \(wrong.count) classes, most often \(named.localizedList)")
    }
    let parts = wrong.sorted { $0.key < $1.key }.map { words($0.key, $0.value) }
    return localized("wrong about \(parts.localizedList)")
  }

  /// The points that the drawing leaves out.
  private var strays: String? {
    let outside = points.count { !isInside($0) }
    guard outside > 0 else { return nil }
    return outside == 1
      ? localized("1 point lies outside the plane") : localized("\(outside) points lie outside the plane")
  }
}

extension BoundaryPlot.Point {
  /// Whether the network predicts another class than the data.
  fileprivate var isMisclassified: Bool { truth != predicted }
}
