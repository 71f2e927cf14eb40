import Diagnostics
import Localization

/// Small pictures side by side on one scale: what the channels of a layer give for one row, or what its filters
/// look for.
public struct PanelsPlot: Sendable, Equatable {
  /// What a unit is drawn as.
  public enum Form: Sendable, Equatable {
    /// A picture, or several slices of a volume.
    case pictures
    /// A row of bars along time.
    case signals
    /// One bar; all units stand in one row.
    case bars
  }

  /// A channel, a filter or a unit.
  public struct Unit: Sendable, Equatable {
    /// What it is called, its number as a rule.
    public var name: String
    /// Its numbers: one picture, or one for each slice. A signal has one row, a bar one number.
    public var pictures: [MatrixPlot.Block]

    /// Creates a unit.
    public init(name: String, pictures: [MatrixPlot.Block]) {
      self.name = name
      self.pictures = pictures
    }
  }

  /// What there is to say of all units, those that are not shown among them.
  public struct Summary: Sendable, Equatable {
    /// How many there are.
    public var units = 0
    /// How many of them are zero everywhere.
    public var silent = 0
    /// How many pictures each has.
    public var pictures = 0
    /// The smallest and the largest finite number; nil where there is none.
    public var range: ClosedRange<Double>?
    /// The number furthest from zero, and who has it; nil where no number is finite.
    public var strongest: Strongest?
    /// How many numbers are not finite.
    public var notFinite = 0
  }

  /// The number furthest from zero.
  public struct Strongest: Sendable, Equatable {
    /// The first unit that has it.
    public var unit: String
    /// The number.
    public var value: Double
    /// How many units have one as far from zero.
    public var ties: Int
  }

  /// The plot's headline: `activations of conv, sample 3 of digits`.
  public var title: String
  /// What a unit is called, in the singular: `channel`, `filter`.
  public var noun: String
  /// What is drawn.
  public var form: Form
  /// The units that are shown, the first ones, each with as many pictures as a page holds.
  public var units: [Unit]
  /// What there is to say of all of them.
  public var summary: Summary
  /// The width in columns that the user asked for, if any.
  public var width: Int?
  /// The most rows of a picture that the user asked for, if any.
  public var height: Int?

  /// Creates a plot of units, of which it keeps what a page holds.
  ///
  /// - Parameter shown: how many units to keep; by their size when nil.
  public init(title: String, noun: String, form: Form, units: [Unit], shown: Int? = nil) {
    self.title = title
    self.noun = noun
    self.form = form
    summary = Summary(units)
    let pictures = min(max(summary.pictures, 1), PanelsPlot.mostSlices)
    let usual: Int
    switch form {
    case .pictures: usual = max(PanelsPlot.mostPictures / pictures, 1)
    case .signals: usual = PanelsPlot.mostSignals
    case .bars: usual = units.count
    }
    self.units = units.prefix(max(shown ?? usual, 0)).map(\.thinned)
  }

  private static var mostPictures: Int { 32 }
  private static var mostSignals: Int { 12 }
  /// Slices of a volume, or channels that a filter looks at.
  static var mostSlices: Int { 8 }
}

extension PanelsPlot.Unit {
  /// The unit with no more pictures than a page holds, evenly picked, the first and the last among them.
  fileprivate var thinned: PanelsPlot.Unit {
    let most = PanelsPlot.mostSlices
    guard pictures.count > most else { return self }
    let picked = (0..<most).map { pictures[$0 * (pictures.count - 1) / (most - 1)] }
    return PanelsPlot.Unit(name: name, pictures: picked)
  }

  fileprivate var values: [Double] { pictures.flatMap(\.values) }
}

extension PanelsPlot.Summary {
  fileprivate init(_ all: [PanelsPlot.Unit]) {
    units = all.count
    pictures = all.map(\.pictures.count).max() ?? 0
    for unit in all { add(unit.values, of: unit.name) }
  }

  private mutating func add(_ values: [Double], of unit: String) {
    let flaws = values.count { !$0.isFinite }
    notFinite += flaws
    guard let (low, high) = values.finiteRange.map({ ($0.lowerBound, $0.upperBound) }) else { return }
    if low == 0, high == 0, flaws == 0 { silent += 1 }
    range = min(low, range?.lowerBound ?? low)...max(high, range?.upperBound ?? high)
    let value = -low > high ? low : high
    let best = strongest.map { abs($0.value) } ?? -1
    if abs(value) > best {
      strongest = .init(unit: unit, value: value, ties: 1)
    } else if abs(value) == best {
      strongest?.ties += 1
    }
  }
}

// MARK: - Layout

extension PanelsPlot: DrawablePlot {
  /// The plot laid out.
  public var layout: PlotLayout {
    var layout = PlotLayout(of: self, facts: extent, caption: caption)
    guard summary.range != nil, !units.isEmpty else {
      layout.message = emptyText
      return layout
    }
    let facts = facts
    layout.narrow = [extent] + facts
    layout.parts =
      form == .pictures ? [PictureSheet(plot: self), Gap()] : [BarStrips(plot: self)]
    layout.parts.append(Notes(facts))
    return layout
  }

  /// The largest size of a number, where the scale ends.
  var limit: Double { summary.range.map { max(abs($0.lowerBound), abs($0.upperBound)) } ?? 0 }

  /// Whether there is a number below zero, so that a sign must be told.
  var isSigned: Bool { (summary.range?.lowerBound ?? 0) < 0 }

  /// `0 to 3.2`
  var extent: String {
    guard let range = summary.range else { return "" }
    if range.lowerBound == range.upperBound { return NumberText.short(range.lowerBound) }
    return NumberText.range(range)
  }

  /// What is said in place of a drawing.
  private var emptyText: String {
    summary.notFinite > 0 ? localized("no value is finite") : localized("nothing to plot yet")
  }

  /// The plot in words.
  private var caption: String {
    let subject =
      switch form {
      case .pictures: localized("Pictures of \(title.onOneLine)")
      case .signals: localized("Signals of \(title.onOneLine)")
      case .bars: localized("Bar chart of \(title.onOneLine)")
      }
    guard summary.range != nil else { return localized("\(subject): \(emptyText).") }
    let isOne = summary.range.map { $0.lowerBound == $0.upperBound } == true
    let numbers = isOne ? localized("all \(extent)") : localized("from \(extent)")
    let units = localized("\(summary.units, of: noun)") + size
    let story = (["\(units), \(numbers)"] + facts).joined(separator: localized("; "))
    return localized("\(subject): \(story).")
  }

  /// ` of 26 x 26`, ` of 8 slices of 6 x 6`
  private var size: String {
    guard form != .bars, let picture = units.first?.pictures.first else { return "" }
    let one =
      form == .signals ? localized("length \(picture.columns)") : "\(picture.rows) x \(picture.columns)"
    return summary.pictures > 1
      ? localized(" of \(summary.pictures) pictures of \(one)") : localized(" of \(one)")
  }

  /// What is worth knowing, in words that are true of all units.
  private var facts: [String] { [strongestWords, silentWords, flawWords, hiddenWords].compactMap(\.self) }

  private var strongestWords: String? {
    guard summary.units > 1, let strongest = summary.strongest, strongest.value != 0 else { return nil }
    let value = NumberText.short(strongest.value)
    if strongest.ties > 1 {
      return strongest.ties == summary.units
        ? nil : localized("\(strongest.ties, of: noun) have the largest size, \(NumberText.short(limit))")
    }
    return localized("\(localizedNoun(noun)) \(strongest.unit.onOneLine) is the strongest, \(value)")
  }

  private var silentWords: String? {
    let isWhole = form != .bars
    switch summary.silent {
    case 0: return nil
    case summary.units: return isWhole ? localized("all are zero everywhere") : localized("all are zero")
    case 1:
      return isWhole
        ? localized("1 of \(summary.units, of: noun) is silent, zero everywhere")
        : localized("1 of \(summary.units, of: noun) is silent, zero")
    default:
      return isWhole
        ? localized("\(summary.silent) of \(summary.units, of: noun) are silent, zero everywhere")
        : localized("\(summary.silent) of \(summary.units, of: noun) are silent, zero")
    }
  }

  private var flawWords: String? {
    summary.notFinite > 0 ? localized("\(summary.notFinite, "value") not finite") : nil
  }

  private var hiddenWords: String? {
    let hidden = summary.units - units.count
    let pictures = units.first?.pictures.count ?? 0
    let parts = [
      hidden > 0 ? localized("\(hidden, of: "more " + noun) not shown") : nil,
      pictures < summary.pictures
        ? localized("\(pictures) of \(summary.pictures) pictures of each shown") : nil,
    ].compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
}

extension PanelsPlot.Unit {
  /// What stands under one of its pictures: `3`, `3 z0`, `3 silent`.
  func label(of picture: MatrixPlot.Block) -> String {
    let isSilent = pictures.count == 1 && picture.values.allSatisfy { $0 == 0 }
    return [name.onOneLine, picture.name.onOneLine, isSilent ? localized("silent") : ""].filter {
      !$0.isEmpty
    }
    .joined(separator: " ")
  }
}
