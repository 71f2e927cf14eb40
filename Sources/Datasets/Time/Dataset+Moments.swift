public import Foundations

/// The dates or times of day of a column as numbers that grow with time.
public struct ColumnTimes: Sendable {
  /// Seconds, for each row; not a number where it has none.
  public let times: [Double]
  private let name: String
  private let source: String
  private let order: DateOrder
  private let hasDays: Bool
  private let isOfZones: Bool

  fileprivate init(
    _ texts: [Substring], name: String, of source: String, order: DateOrder?
  ) throws(CodedError) {
    let column = try DateColumn(texts, name: name, of: source, order: order)
    (self.name, self.source, hasDays) = (name, source, column.hasDays)
    let zones = Set(column.moments.compactMap { $0?.offset })
    isOfZones = zones.count > 1
    times = column.moments.map { moment in
      guard let moment else { return Double.nan }
      return zones.count > 1 ? moment.instant : moment.shown
    }
    // The order that the column was read in is the first one that gives its moments.
    let fits = DateOrder.allCases.first { order in
      texts.indices.allSatisfy { row in
        guard let moment = column.moments[row] else { return true }
        return (DateText(texts[row]) ?? DateText(compact: texts[row]))?.moment(order) == moment
      }
    }
    self.order = order ?? fits ?? .ymd
  }

  /// The number of a date that rows are compared with; it may also begin with the year.
  ///
  /// - Throws: `bad-date` for a text that is none.
  public func time(of text: String) throws(CodedError) -> Double {
    if let date = DateText(text) ?? DateText(compact: text), date.hasDay == hasDays {
      let orders = date.orders
      let moment = date.moment(order) ?? (orders.count == 1 ? date.moment(orders[0]) : nil)
      if let moment { return isOfZones ? moment.instant : moment.shown }
    }
    let example = hasDays ? "a date such as \"2024-05-31\"" : "a time such as \"12:30\""
    throw CodedError(
      .badDate,
      "`\(name)` of `\(source)` is a column of \(hasDays ? "dates" : "times of day"), and `\(text.prefix(30))` is none. Compare it with \(example)."
    )
  }
}

extension Dataset {
  /// The dates or times in a column that nothing is learned from; nil where it has something else.
  ///
  /// - Parameter order: in which order dates have their numbers; nil to tell it from the values.
  /// - Throws: `bad-date` where dates differ in their format, or where a day cannot be told from a month.
  public func columnTimes(of name: String, order: DateOrder? = nil) throws(CodedError) -> ColumnTimes? {
    guard let cells = self.cells(ofColumn: name) else { return nil }
    var texts: [Substring] = []
    for cell in cells {
      guard case .word(let word) = cell else { return nil }
      texts.append(Substring(word))
    }
    let known = texts.filter { !MissingText.words.contains(String($0)) }
    guard !known.isEmpty, known.allSatisfy({ DateText($0) != nil }) else { return nil }
    return try ColumnTimes(texts, name: name, of: self.name, order: order)
  }
}
