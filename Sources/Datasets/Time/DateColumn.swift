internal import Foundations

/// A column of dates or times of day, all read in one way.
struct DateColumn {
  let name: String
  let source: String
  /// The point in time of each row; nil where it has none.
  let moments: [Moment?]
  /// Whether there are days, and not times of day alone.
  let hasDays: Bool
  /// Whether there are times of day.
  let hasTimes: Bool

  /// Reads the texts of a column.
  ///
  /// - Parameters:
  ///   - name: the column's name.
  ///   - source: the name of the data set.
  ///   - order: in which order dates have their numbers; nil to tell it from the values.
  /// - Throws: `bad-date`, with the row, where one cannot be read, where dates differ in their format, and where a day cannot be
  ///   told from a month.
  init(_ texts: [Substring], name: String, of source: String, order: DateOrder?) throws(CodedError) {
    (self.name, self.source) = (name, source)
    let dates = try texts.indices.map { row throws(CodedError) -> DateText? in
      let text = texts[row]
      if MissingText.words.contains(String(text)) { return nil }
      if let date = DateText(text) ?? DateText(compact: text) { return date }
      throw DateColumn.unreadable(text, row, name, source)
    }
    let chosen: DateOrder
    if let order { chosen = order } else { chosen = try DateColumn.order(of: dates, texts, name, source) }
    moments = try texts.indices.map { row throws(CodedError) -> Moment? in
      guard let date = dates[row] else { return nil }
      if let moment = date.moment(chosen) { return moment }
      throw CodedError(
        .badDate,
        "`\(name)` in row \(row + 1) of `\(source)` is \(short(texts[row])), which is no date as date_format=\(chosen.rawValue) "
          + "has it (\(chosen.words)). Correct it, or leave date_format= out.")
    }
    hasDays = dates.contains { $0?.hasDay == true }
    hasTimes = dates.contains { $0?.hasTime == true }
  }

  private static func unreadable(
    _ text: Substring, _ row: Int, _ name: String, _ source: String
  ) -> CodedError {
    CodedError(
      .badDate,
      "`\(name)` in row \(row + 1) of `\(source)` is \(short(text)), which cannot be read as a date. Dates look like 2024-05-31, "
        + "31.5.2024, 5/31/2024 or 31 May 2024, with a time behind them like 12:30.")
  }

  /// The order that all dates of a column have their numbers in.
  private static func order(
    of dates: [DateText?], _ texts: [Substring], _ name: String, _ source: String
  ) throws(CodedError) -> DateOrder {
    var known = DateOrder.allCases
    var first: Int?
    for (row, date) in dates.enumerated() {
      guard let date else { continue }
      let both = known.filter(date.orders.contains)
      if both.isEmpty, let first {
        throw CodedError(
          .badDate,
          "The dates in `\(name)` of `\(source)` are not of one format: row \(first + 1) has \(short(texts[first])) "
            + "(\(known.map(\.words).joined(separator: " or "))), and row \(row + 1) \(short(texts[row])) "
            + "(\(date.orders.map(\.words).joined(separator: " or "))). Write all of them in the same way.")
      }
      if both.count < known.count || first == nil { first = row }
      known = both
    }
    // Points stand in dates that begin with the day.
    if known.contains(.dmy), dates.allSatisfy({ $0 == nil || $0?.separator == "." }) { return .dmy }
    for order in known.dropFirst() {
      guard let row = dates.indices.first(where: { dates[$0]?.moment(known[0]) != dates[$0]?.moment(order) }),
        let date = dates[row], let one = date.moment(known[0]), let other = date.moment(order)
      else { continue }
      throw CodedError(
        .badDate,
        "The dates in `\(name)` of `\(source)` can be read in two ways: \(short(texts[row])) in row \(row + 1) is \(one.day) "
          + "with date_format=\(known[0].rawValue) (\(known[0].words)), and \(other.day) with date_format=\(order.rawValue) "
          + "(\(order.words)). Say which.", suggestion: "date_format=\(known[0].rawValue)")
    }
    return known.first ?? .ymd
  }
}

private func short(_ text: Substring) -> String { text.count <= 30 ? "`\(text)`" : "`\(text.prefix(30))…`" }

extension DateOrder {
  /// Its name in words: `day first`.
  var words: String {
    switch self {
    case .ymd: "year first"
    case .dmy: "day first"
    case .mdy: "month first"
    }
  }
}
