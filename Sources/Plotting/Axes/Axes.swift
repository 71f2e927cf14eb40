import Diagnostics

/// One axis of a plot: its scale, its name and its ticks.
struct Axis {
  let scale: Scale
  let label: String
  /// The ticks, chosen once for a report's page: a page with less room shows some of them, and none shows others.
  let ticks: [Tick]
}

/// What is drawn within two axes, its places from 0 to 1 along each.
struct Axes {
  /// The proportions of the drawing.
  enum Shape {
    /// As wide as the page.
    case wide
    /// The same for bars, which need less height.
    case low
    /// As wide as high.
    case square

    /// The rows of characters that suit a page.
    func rows(width: Int) -> Int {
      switch self {
      case .wide: min(max(width / 5, 10), 20)
      case .low: min(max(width / 6, 8), 16)
      case .square: min(20, (width - 6) / 2)
      }
    }

    /// The columns of the drawing, of those that there are. A character is about twice as high as it is wide.
    func columns(of room: Int, rows: Int) -> Int { self == .square ? min(room, rows * 2 + 1) : room }
  }

  private(set) var x: Axis
  let y: Axis
  let shape: Shape
  var marks: [Mark] = []
  /// The places along x at which values are missing.
  var flaws: [Double] = []
  /// The signs in the drawing and their meaning.
  var legend: [LegendEntry] = []
  /// How many values lines and clouds have: few are each given a sign.
  var valueCount = 0

  /// Lays the axes out; what names none of the values that there are is no tick.
  init(
    x: Scale, y: Scale, xLabel: String, yLabel: String, shape: Shape = .wide, wholeX: Bool = false,
    wholeY: Bool = false
  ) {
    self.shape = shape
    let page = PlotStyle.markdown.width
    let rows = shape.rows(width: page)
    let yTicks = TickColumn(rows: rows, width: page)
    let up = Ticks.on(y, wholeOnly: wholeY, most: yTicks.most, where: yTicks.accepts).filter(yTicks.accepts)
    let xTicks = TickRow(below: up, width: page, shape: shape, rows: rows)
    let across = Ticks.on(x, wholeOnly: wholeX, most: TickRow.most, where: xTicks.accepts)
    self.x = Axis(scale: x, label: xLabel.onOneLine, ticks: across)
    self.y = Axis(scale: y, label: yLabel.onOneLine, ticks: up)
  }
}

extension Axes {
  /// Lays axes out whose horizontal one has names at equal distances, each in the middle of a part of its own.
  init(names: [String], y: Scale, xLabel: String, yLabel: String, shape: Shape = .wide) {
    let ends = Scale(from: 0, to: 1)
    // A scale from 0 to 1 is always one.
    self.init(x: ends ?? y, y: y, xLabel: xLabel, yLabel: yLabel, shape: shape)
    let ticks = names.enumerated().map { place, name in
      Tick(fraction: Axes.place(place, of: names.count), label: name.onOneLine, order: place)
    }
    let room = TickRow(
      below: self.y.ticks, width: PlotStyle.markdown.width, shape: shape,
      rows: shape.rows(width: PlotStyle.markdown.width))
    x = Axis(scale: x.scale, label: x.label, ticks: ticks.thinned(where: room.accepts))
  }

  /// Puts names in place of the numbers 0, 1, 2 and so on along the horizontal axis, as many of them as there is room for.
  mutating func nameTicks(_ names: [String]) {
    let room = TickRow(
      below: y.ticks, width: PlotStyle.markdown.width, shape: shape,
      rows: shape.rows(width: PlotStyle.markdown.width))
    // Of thousands most have no room whatever their length.
    let stride = max(1, names.count / 100)
    let ticks = names.indices.filter { $0.isMultiple(of: stride) }.enumerated().compactMap { order, place in
      let (number, ends) = (Double(place), scaleEnds)
      return ends.contains(number)
        ? Tick(fraction: x.scale.fraction(number), label: names[place].onOneLine, order: order) : nil
    }
    x = Axis(scale: x.scale, label: x.label, ticks: ticks.thinned(where: room.accepts))
  }

  private var scaleEnds: ClosedRange<Double> { x.scale.low...max(x.scale.low, x.scale.high) }

  /// Where the name of this number stands, from 0 to 1.
  static func place(_ name: Int, of count: Int) -> Double { (Double(name) + 0.5) / Double(max(count, 1)) }
}

/// The room for the ticks of a vertical axis: one to every third row at most, in a third of the width.
struct TickColumn {
  let rows: Int
  let width: Int

  var most: Int { max(rows / 3, 2) }

  func accepts(_ ticks: [Tick]) -> Bool { ticks.count <= most }
  func accepts(_ tick: Tick) -> Bool { tick.label.displayWidth <= width / 3 }
}

/// The room for the ticks of a horizontal axis, in characters.
struct TickRow {
  /// More than a dozen help nobody.
  static let most = 12

  /// The columns left of the vertical axis, a space before it included.
  let gutter: Int
  /// The columns of the drawing.
  var columns: Int

  /// The row below a drawing on a page, as wide as the ticks of the vertical axis leave it.
  init(below yTicks: [Tick], width: Int, shape: Axes.Shape, rows: Int) {
    gutter = (yTicks.map(\.label.displayWidth).max() ?? 0) + 1
    columns = shape.columns(of: max(width - gutter - 1, 1), rows: rows)
  }

  /// The column of the line at which a label starts that belongs to a column of the drawing: under it, but on the line.
  func start(of tick: Tick, at column: Int) -> Int {
    let width = tick.label.displayWidth
    return max(min(gutter + 1 + column - width / 2, gutter + 1 + columns - width), 0)
  }

  /// Whether labels stand at least three columns apart.
  func accepts(_ ticks: [Tick]) -> Bool {
    guard ticks.count <= TickRow.most else { return false }
    let starts = ticks.map { start(of: $0, at: Scale.cell($0.fraction, of: columns)) }
    let ends = zip(starts, ticks).map { $0 + $1.label.displayWidth }
    return zip(ends, starts.dropFirst()).allSatisfy { $0 + 3 <= $1 }
      && ticks.allSatisfy { $0.label.displayWidth <= gutter + 1 + columns }
  }
}

// MARK: Marks

/// What is drawn within axes.
enum Mark {
  case line(Line)
  case points(Points)
  /// Bars side by side, by their heights; 0 is no bar.
  case bars([Double])
  case ground(Ground)
  /// Heights over the plane.
  case surface(Surface)
  /// A way over the plane, step by step; pictures alone have room for it.
  case way([UnitPoint])
  /// The best value of a series.
  case best(UnitPoint)
  /// An upright line that parts what is left of it from what is right, with its name.
  case cut(Double, String)
}

/// A place within axes, each coordinate from 0 to 1, or NaN where there is none.
struct UnitPoint {
  var x: Double
  var y: Double
}

/// A series joined in its order, broken where a point has no place.
struct Line {
  let series: Int
  let points: [UnitPoint]
  /// How many values it has along x; where they are far apart the way between two of them is drawn as the guess that it is.
  let count: Int
  /// Whether it is the graph of a function, whose points are no values of their own.
  var isContinuous = false
}

/// Points on their own.
struct Points {
  /// A point.
  struct Point {
    var place: UnitPoint
    /// Its series or its class.
    var label: Int
    /// Whether it is of another class than the network predicts.
    var isWrong = false
  }

  /// What the points show.
  enum Kind {
    /// A cloud.
    case cloud
    /// The classes of a data set.
    case classes
    /// The same over a ground that says what a network makes of each place.
    case overGround
  }

  let points: [Point]
  let kind: Kind
}

extension Line {
  /// Neighbours of a line that share a column: from the first to the last, between the lowest and the highest.
  struct Run {
    let column: Int
    let first: Double
    var low: Double
    var high: Double
    var last: Double
    /// Whether nothing leads here from the run before.
    let startsLine: Bool
  }

  /// The line in so many columns, so that a million points are drawn as few. No spike is lost.
  func runs(columns: Int) -> [Run] {
    var runs: [Run] = []
    var startsLine = true
    for point in points {
      guard point.x.isFinite, point.y.isFinite else {
        startsLine = true
        continue
      }
      let (column, y) = (Scale.cell(point.x, of: columns), point.y)
      if !startsLine, let end = runs.indices.last, runs[end].column == column {
        runs[end].low = min(runs[end].low, y)
        runs[end].high = max(runs[end].high, y)
        runs[end].last = y
      } else {
        runs.append(Run(column: column, first: y, low: y, high: y, last: y, startsLine: startsLine))
        startsLine = false
      }
    }
    return runs
  }
}
