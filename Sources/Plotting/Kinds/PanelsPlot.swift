import Diagnostics
import Localization
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
