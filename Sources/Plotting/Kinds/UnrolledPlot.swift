import Diagnostics
import Localization

/// A network with memory unrolled over steps of time: a column of boxes for each step, with arrows between the columns for what
/// goes from one step to another.
public struct UnrolledPlot: Sendable, Equatable {
  /// A layer, or one direction of a layer that reads a sequence both ways.
  public struct Row: Sendable, Equatable {
    /// Its name.
    public var name: String
    /// What it is: `lstm 16`.
    public var detail: String
    /// Whether it is computed once for all steps, so that one box spans them.
    public var isWhole: Bool

    /// Creates a row of boxes.
    public init(name: String, detail: String, isWhole: Bool = false) {
      self.name = name
      self.detail = detail
      self.isWhole = isWhole
    }
  }

  /// An edge, a gate, or the state that a recurrent layer goes on from.
  public struct Arrow: Sendable, Equatable {
    /// The steps at which a row gives something to one that is computed once.
    public enum Moment: Sendable, Equatable {
      /// All of them.
      case always
      /// The last alone.
      case atEnd
      /// The first alone, where a layer that reads backward ends.
      case atStart
    }

    /// The index in ``UnrolledPlot/rows`` of the row that it starts from.
    public var source: Int
    /// The index of the row that it leads to.
    public var target: Int
    /// By how many steps its source is older than its target: 0 within a step, -1 for what comes from the step after.
    public var age: Int
    /// Whether it multiplies an edge into its target.
    public var isGate: Bool
    /// At which steps it leaves its source.
    public var moment: Moment
    /// What tells it from a plain edge: `delay 1`, `state`, `on x -> c`.
    public var label: String?

    /// Creates an arrow.
    public init(
      source: Int, target: Int, age: Int = 0, isGate: Bool = false, moment: Moment = .always,
      label: String? = nil
    ) {
      self.source = source
      self.target = target
      self.age = age
      self.isGate = isGate
      self.moment = moment
      self.label = label
    }
  }

  /// The plot's headline: `solver over 3 steps`.
  public var title: String
  /// The rows, in an order in which each comes after all that lead to it within a step.
  public var rows: [Row]
  /// The arrows.
  public var arrows: [Arrow]
  /// The number of steps that are drawn.
  public var steps: Int
  /// The width in columns that the user asked for, if any.
  public var width: Int?
  /// Has no meaning here: a graph is as high as it is deep.
  public var height: Int?

  /// Creates a plot.
  public init(title: String, rows: [Row], arrows: [Arrow], steps: Int) {
    self.title = title
    self.rows = rows
    self.arrows = arrows
    self.steps = steps
  }
}

extension UnrolledPlot: DrawablePlot {
  /// The plot laid out.
  public var layout: PlotLayout {
    var layout = PlotLayout(of: self, caption: caption)
    guard !rows.isEmpty else {
      layout.message = localized("nothing to plot yet")
      return layout
    }
    layout.narrow = [localized("\(drawnSteps, "step")")]
    layout.parts = [UnrolledGraph(plot: self)]
    let notes = self.notes
    if !notes.isEmpty {
      layout.parts.append(Gap())
      layout.parts.append(Notes(notes))
    }
    return layout
  }

  /// The steps that can be drawn, whatever was asked for.
  var drawnSteps: Int { min(max(steps, 1), 12) }

  /// The arrows between rows that there are, each once: several edges of one kind between two layers are one arrow.
  var drawnArrows: [Arrow] {
    var seen: [Arrow] = []
    for arrow in arrows where rows.indices.contains(arrow.source) && rows.indices.contains(arrow.target) {
      // A delay beyond all steps, and an arrow that leads up within a step, have no place.
      guard abs(arrow.age) < drawnSteps, arrow.age != 0 || arrow.source < arrow.target else { continue }
      let isKnown = seen.contains {
        $0.source == arrow.source && $0.target == arrow.target && $0.age == arrow.age
          && $0.isGate == arrow.isGate
      }
      if !isKnown { seen.append(arrow) }
    }
    return seen
  }

  // MARK: Words

  /// What a drawing of arrows does not say.
  private var notes: [String] {
    let between = arrows.filter { $0.age != 0 && !$0.isGate }.map(words)
    let gates = arrows.filter(\.isGate).map(words)
    return (between.isEmpty ? [] : [localized("between steps: \(list(between))")])
      + (gates.isEmpty ? [] : [localized("gates: \(list(gates))")])
  }

  private var caption: String {
    let subject = localized("Graph of the network \(title.onOneLine)")
    guard !rows.isEmpty else { return localized("\(subject): \(localized("it has no layers yet")).") }
    let story = list(rows.map { "\($0.name.onOneLine) (\($0.detail.onOneLine))" })
    let within = arrows.filter { $0.age == 0 && !$0.isGate }.map(words)
    let parts =
      [story] + (within.isEmpty ? [] : [localized("within a step: \(list(within))")]) + notes
    return localized("\(subject): \(parts.joined(separator: localized("; "))).")
  }

  private func list(_ items: [String]) -> String {
    let more = items.count > 16 ? [localized("\(items.count - 16) more")] : []
    return (Array(items.prefix(16)) + more).localizedList
  }

  /// `h -> h (state)`
  private func words(_ arrow: Arrow) -> String {
    let label = (arrow.label ?? momentWords(arrow)).map { " (\($0.onOneLine))" } ?? ""
    return "\(name(arrow.source)) -> \(name(arrow.target))" + label
  }

  /// At which step alone a layer gives something to what is computed once.
  private func momentWords(_ arrow: Arrow) -> String? {
    guard rows.indices.contains(arrow.target), rows[arrow.target].isWhole else { return nil }
    switch arrow.moment {
    case .always: return nil
    case .atEnd: return localized("at the last step")
    case .atStart: return localized("at the first step")
    }
  }

  private func name(_ row: Int) -> String { rows.indices.contains(row) ? rows[row].name.onOneLine : "?" }

  /// The rows and what leads to them, where a drawing has no room.
  func rowList(_ style: PlotStyle) -> [String] {
    rows.indices.flatMap { row -> [String] in
      let sources = arrows.filter { $0.target == row && $0.age == 0 && !$0.isGate }.map { name($0.source) }
      let line = "\(name(row)) (\(rows[row].detail.onOneLine))"
      return (line + (sources.isEmpty ? "" : " <- " + sources.joined(separator: ", ")))
        .wrapped(to: style.width)
    }.map(style.cut)
  }
}

/// The boxes and arrows of an ``UnrolledPlot``.
private struct UnrolledGraph: PlotPart {
  let plot: UnrolledPlot

  func lines(_ style: PlotStyle) -> [String] {
    for showsDetails in [true, false] {
      let drawing = UnrolledDrawing(plot, style, showsDetails: showsDetails)
      if drawing.width <= style.width, drawing.isReasonable { return drawing.lines }
    }
    return plot.rowList(style)
  }

  func draw(on page: inout SVGPage) {
    let picture = UnrolledPicture(plot, top: page.height + 8)
    guard picture.isReasonable else { return page.note(localized("too large to draw")) }
    picture.draw(on: &page)
  }
}
