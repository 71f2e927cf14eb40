import Diagnostics
import Outputs

extension PanelsPlot: DrawablePlot {
  /// The plot laid out.
  var layout: PlotLayout {
    var layout = PlotLayout(title: title, facts: extent, caption: caption)
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
  private var emptyText: String { summary.notFinite > 0 ? "no value is finite" : "nothing to plot yet" }

  /// The plot in words.
  private var caption: String {
    let kind =
      switch form {
      case .pictures: "Pictures"
      case .signals: "Signals"
      case .bars: "Bar chart"
      }
    let subject = "\(kind) of \(title.onOneLine): "
    guard summary.range != nil else { return subject + emptyText + "." }
    let isOne = summary.range.map { $0.lowerBound == $0.upperBound } == true
    let numbers = (isOne ? "all " : "from ") + extent
    return subject + (["\(summary.units.counted(noun))\(size), \(numbers)"] + facts).joined(separator: "; ")
      + "."
  }

  /// ` of 26 x 26`, ` of 8 slices of 6 x 6`
  private var size: String {
    guard form != .bars, let picture = units.first?.pictures.first else { return "" }
    let one = form == .signals ? "length \(picture.columns)" : "\(picture.rows) x \(picture.columns)"
    return " of " + (summary.pictures > 1 ? "\(summary.pictures) pictures of " : "") + one
  }

  /// What is worth knowing, in words that are true of all units.
  private var facts: [String] { [strongestWords, silentWords, flawWords, hiddenWords].compactMap(\.self) }

  private var strongestWords: String? {
    guard summary.units > 1, let strongest = summary.strongest, strongest.value != 0 else { return nil }
    let value = NumberText.short(strongest.value)
    if strongest.ties > 1 {
      return strongest.ties == summary.units
        ? nil : "\(strongest.ties.counted(noun)) have the largest size, \(NumberText.short(limit))"
    }
    return "\(noun) \(strongest.unit.onOneLine) is the strongest, \(value)"
  }

  private var silentWords: String? {
    let isWhole = form != .bars
    switch summary.silent {
    case 0: return nil
    case summary.units: return isWhole ? "all are zero everywhere" : "all are zero"
    case 1: return "1 of \(summary.units.counted(noun)) is silent, zero\(isWhole ? " everywhere" : "")"
    default:
      return
        "\(summary.silent) of \(summary.units.counted(noun)) are silent, zero\(isWhole ? " everywhere" : "")"
    }
  }

  private var flawWords: String? {
    summary.notFinite > 0 ? "\(summary.notFinite.counted("value")) not finite" : nil
  }

  private var hiddenWords: String? {
    let hidden = summary.units - units.count
    let pictures = units.first?.pictures.count ?? 0
    let parts = [
      hidden > 0 ? "\(hidden.counted("more \(noun)")) not shown" : nil,
      pictures < summary.pictures ? "\(pictures) of \(summary.pictures) pictures of each shown" : nil,
    ].compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
}

extension PanelsPlot.Unit {
  /// What stands under one of its pictures: `3`, `3 z0`, `3 silent`.
  func label(of picture: MatrixPlot.Block) -> String {
    let isSilent = pictures.count == 1 && picture.values.allSatisfy { $0 == 0 }
    return [name.onOneLine, picture.name.onOneLine, isSilent ? "silent" : ""].filter { !$0.isEmpty }
      .joined(separator: " ")
  }
}
