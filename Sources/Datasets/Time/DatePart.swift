internal import Diagnostics
public import Foundations
internal import NeuralEngine

/// What a network can be told of a date: `dates=[year, month, weekday]`.
///
/// All but the year come round again, so each is a pair of numbers, the sine and cosine of its share of a turn: December is as
/// near to January as June to July.
public enum DatePart: String, Sendable, CaseIterable {
  /// The year, as it is.
  case year
  /// The month, in twelfths of a year.
  case month
  /// The day of the month, in shares of that month.
  case day
  /// The day of the week, from Monday on.
  case weekday
  /// The day of the year, in shares of that year.
  case yearday
  /// The time of day, in shares of 24 hours; minutes and seconds count.
  case hour

  /// The part of a name.
  ///
  /// - Throws: `unknown-choice`.
  public init(named word: String) throws(CodedError) {
    guard let part = DatePart(rawValue: word.lowercased()) else {
      let names = DatePart.allCases.map(\.rawValue)
      let nearest = DidYouMean.nearest(to: word, among: names)
      throw CodedError(
        .unknownChoice,
        "`\(word)` is no part of a date.\(DidYouMean.sentence(nearest)) dates= takes \(names.joined(separator: ", ")).",
        suggestion: nearest)
    }
    self = part
  }

  /// The names of its inputs: `date_year`, or `date_month_sin` and `date_month_cos`.
  func names(_ column: String) -> [String] {
    self == .year ? ["\(column)_year"] : ["\(column)_\(rawValue)_sin", "\(column)_\(rawValue)_cos"]
  }

  /// The numbers of its inputs.
  func numbers(_ moment: Moment) -> [Double] {
    let day = CivilDay(number: moment.dayNumber)
    let turn: Double
    switch self {
    case .year: return [Double(day.year)]
    case .month: turn = Double(day.month - 1) / 12
    case .day: turn = Double(day.day - 1) / Double(day.lengthOfMonth)
    case .weekday: turn = Double(day.weekday) / 7
    case .yearday: turn = Double(day.dayOfYear - 1) / Double(day.lengthOfYear)
    case .hour: turn = moment.timeOfDay / Moment.secondsOfDay
    }
    let angle = 2 * Double.pi * turn
    return [ElementaryFunctions.sine(angle), ElementaryFunctions.cosine(angle)]
  }

  /// Whether a column can tell it.
  func isKnown(of column: DateColumn) -> Bool { self == .hour ? column.hasTimes : column.hasDays }
}

extension Dataset {
  /// The same rows with inputs that are made of dates, before all others.
  ///
  /// The dates are those of the columns that were read as such, and of the one that says when a row was.
  ///
  /// - Parameters:
  ///   - parts: what is to be told of each date.
  ///   - order: the column that the rows are put in order by.
  ///   - format: the order of the numbers in dates; nil to tell it from the values.
  /// - Throws: `bad-date`, `missing-value`, `unused-option` where there are no dates, `repeated-column`.
  public func telling(
    _ parts: [DatePart], order: String? = nil, format: DateOrder? = nil
  ) throws(CodedError) -> Dataset {
    guard !parts.isEmpty else { return self }
    var names: [String] = []
    var columns: [[Double]] = []
    let dates = labelColumns.filter { label in
      label.isDate
        || (label.name.lowercased() == order?.lowercased() && DateColumn.holdsCompactDays(label.texts))
    }
    guard !dates.isEmpty else {
      throw CodedError(
        .unusedOption,
        "`\(name)` has no column of dates, so dates= says nothing to it. Leave it out.")
    }
    let read = try dates.map { label throws(CodedError) in
      try DateColumn(label.texts, name: label.name, of: name, order: format)
    }
    for part in parts where !read.contains(where: part.isKnown) {
      throw CodedError(
        .unusedOption,
        part == .hour
          ? "dates=hour needs times, and \(named(read)) of `\(name)` \(read.count == 1 ? "has" : "have") dates alone. Leave hour out."
          : "dates=\(part.rawValue) needs dates, and \(named(read)) of `\(name)` \(read.count == 1 ? "has" : "have") times alone. "
            + "Use dates=hour.", suggestion: part == .hour ? nil : "dates=hour")
    }
    for column in read {
      let moments = try column.known
      for part in parts where part.isKnown(of: column) {
        let made = part.names(column.name)
        names += made
        let numbers = moments.map(part.numbers)
        columns += made.indices.map { place in numbers.map { $0[place] } }
      }
    }
    return try adding(first: names, columns).adding(notes: [
      "inputs made of \(named(read)): " + names.prefix(8).joined(separator: ", ")
        + (names.count > 8 ? " and \(names.count - 8) more" : "")
    ])
  }

  private func named(_ columns: [DateColumn]) -> String {
    columns.prefix(4).map { "`\($0.name)`" }.joined(separator: ", ") + (columns.count > 4 ? ", …" : "")
  }

  /// The same rows with inputs before those that there are.
  private func adding(first names: [String], _ columns: [[Double]]) throws(CodedError) -> Dataset {
    guard inputShape.count == 1, steps == nil else {
      throw CodedError(
        .imageFeatures, "The inputs of `\(name)` are no single numbers, so dates= cannot add others.")
    }
    if let taken = names.first(where: columnNames.contains) {
      throw CodedError(
        .repeatedColumn,
        "dates= would make a column `\(taken)`, which `\(name)` has already. Rename it: rename={\(taken.asColumnName): other}"
      )
    }
    let (old, new) = (inputWidth, inputWidth + names.count)
    var values: [Double] = []
    values.reserveCapacity(rows * new)
    for row in 0..<rows {
      for column in columns { values.append(column[row]) }
      if old > 0 { values += inputs(ofRow: row) }
    }
    return Dataset(
      name: name, rows: rows, storage: .doubles(values),
      inputColumns: names.map { DataColumn($0) } + inputColumns, targets: targets,
      targetColumns: targetColumns,
      filled: filled.map { $0 / old * new + names.count + $0 % old }, labelColumns: labelColumns,
      notes: notes,
      times: times)
  }
}

extension DateColumn {
  /// The points in time, one a row.
  ///
  /// - Throws: `missing-value`.
  var known: [Moment] {
    get throws(CodedError) {
      if let row = moments.firstIndex(where: { $0 == nil }) {
        throw CodedError(
          .missingValue,
          "Row \(row + 1) of `\(source)` has no value for `\(name)`, and nothing can stand in for a date. Drop such rows with "
            + "missing=drop.", suggestion: "missing=drop")
      }
      return moments.compactMap(\.self)
    }
  }

  /// Whether texts are days of eight digits each, which are numbers otherwise.
  static func holdsCompactDays(_ texts: [Substring]) -> Bool {
    !texts.isEmpty
      && texts.allSatisfy { DateText(compact: $0) != nil || MissingText.words.contains(String($0)) }
  }
}
