import Datasets
import Diagnostics
import Foundations
import Language

/// What `data` says of time: `order=date by=shop window=30 ahead=1 gaps=split dates=[month, weekday] date_format=dmy`.
struct SeriesArguments: Decodable {
  let window: Operand<Int>?
  let order: Identifier?
  let by: Identifier?
  private let ahead: Operand<Int>?
  private let per: Choice<TargetPlace>?
  private let gaps: Choice<GapPolicy>?
  private let dates: Operand<Words>?
  private let dateFormat: Choice<DateOrder>?

  private enum CodingKeys: String, CodingKey {
    case window, order, by, ahead, per, gaps, dates
    case dateFormat = "date_format"
  }

  /// Whether something is to be made of dates.
  var usesDates: Bool { dates != nil }

  /// The rows in the order of time, with inputs that are made of dates, and as windows, where these are asked for.
  ///
  /// - Parameter readsDates: whether rows have been chosen, sorted or computed by their dates already.
  func applied(
    to parts: DatasetParts, dropsMissing: Bool, readsDates: Bool, at span: SourceSpan,
    _ context: CommandContext
  ) throws -> DatasetParts {
    var options = SeriesOptions(order: order?.name, series: by?.name)
    if let steps = try window?(context) {
      options.window = SeriesWindow(steps: steps, ahead: try ahead?(context) ?? 1)
    } else if let ahead {
      guard by != nil else {
        throw Diagnostic(
          .badWindow,
          "`ahead=` says how far after a window its target lies, and needs window=: window=12 ahead=1",
          at: ahead.span, suggestion: "window=12")
      }
      options.ahead = try ahead(context)
    }
    if let per {
      guard by != nil, window == nil else {
        throw Diagnostic(
          .unusedOption,
          "per= says how often sequences of their own lengths have a target, which by= makes without window=. Leave it out.",
          at: per.span)
      }
      options.targetPlace = per.value
    }
    options.gaps = gaps?.value
    options.dateOrder = dateFormat?.value
    options.dropsMissing = dropsMissing
    let told = try told(parts, readsDates: readsDates, context)
    return try locating(window?.span ?? order?.span ?? by?.span ?? gaps?.span ?? span) {
      try told.map { (set) throws(CodedError) in try set.series(options) }
    }
  }

  /// The rows with inputs that are made of their dates.
  private func told(_ parts: DatasetParts, readsDates: Bool, _ context: CommandContext) throws -> DatasetParts
  {
    guard let dates else {
      guard let dateFormat, order == nil, !readsDates else { return parts }
      throw Diagnostic(
        .unusedOption,
        "date_format= says how the dates are read that order=, dates=, sort=, where and with name, and there is none of them. Leave it out.",
        at: dateFormat.span)
    }
    let words = try dates(context).words
    return try locating(dates.span) {
      let asked = try words.map { (word) throws(CodedError) in try DatePart(named: word) }
      guard !asked.isEmpty, Set(asked).count == asked.count else {
        throw CodedError(
          .badOption,
          "dates= takes what is to be learned from dates, each part once: dates=[year, month, weekday]",
          suggestion: "dates=[year, month, weekday]")
      }
      return try parts.map { (set) throws(CodedError) in
        try set.telling(asked, order: order?.name, format: dateFormat?.value)
      }
    }
  }

  /// Refuses what says nothing to a text, which comes in windows already, each of which has what follows at every step.
  func refuseForText() throws {
    if let ahead {
      throw Diagnostic(
        .badWindow, "The targets of a text are the tokens that follow at once. Leave ahead= out.",
        at: ahead.span)
    }
    let ofTables: [(String, SourceSpan?)] = [
      ("order", order?.span), ("by", by?.span), ("per", per?.span), ("gaps", gaps?.span),
      ("dates", dates?.span),
      ("date_format", dateFormat?.span),
    ]
    guard let stray = ofTables.first(where: { $0.1 != nil }) else { return }
    throw Diagnostic(
      .unknownOption, "`\(stray.0)=` is not an option for a text, which takes tokens, lines, window, sha256.",
      at: stray.1)
  }
}
