internal import Foundations
internal import NeuralEngine

/// Rows put into the gaps of series that are in the order of time.
///
/// A row for each step that is missing: numbers lie on the line between the rows on both sides, as those of pandas'
/// `interpolate()`, or are those of the row before, as of its `ffill()`. Words and classes are those of the row before
/// either way, as are the inputs that say where a value was missing, and what was made of dates is made of the new ones.
/// The dates that rows are in the order of are all written in ISO 8601 then.
struct GapFilling {
  /// Whether numbers lie between those on both sides; else they are those of the row before.
  let isLinear: Bool
  let spacing: TimeSpacing
  let time: TimeColumn
  /// The gaps, in the order of the rows.
  let gaps: [TimeSpacing.Gap]

  /// The row that a new row stands behind, and how many steps behind it; 0 for that row itself.
  private struct Place {
    let row: Int
    let step: Int
    let steps: Int

    var share: Double { Double(step) / Double(steps) }
  }

  /// The rows with those that were missing.
  ///
  /// - Parameters:
  ///   - data: the rows in the order of time, series after series.
  ///   - times: when each of them was.
  /// - Returns: the rows; for each of them the one that it was, or that it stands behind; and their times.
  /// - Throws: `too-large` or `interrupted`.
  func filled(
    _ data: Dataset, _ times: [Double]
  ) throws(CodedError) -> (data: Dataset, origins: [Int], times: [Double]) {
    let more = gaps.reduce(0) { min(TimeSpacing.Gap.most, $0 + $1.missing) }
    try MemoryLimit.check(
      [data.rows + more, data.inputWidth + data.targetWidth + 4], bytesEach: 16,
      for: "The rows in the gaps of `\(data.name)`")
    let missing = Dictionary(gaps.map { ($0.row, $0.missing) }, uniquingKeysWith: { first, _ in first })
    var places: [Place] = []
    places.reserveCapacity(data.rows + more)
    for row in 0..<data.rows {
      let steps = (missing[row] ?? 0) + 1
      for step in 0..<steps { places.append(Place(row: row, step: step, steps: steps)) }
    }
    let moments = try places.enumerated().map { number, place throws(CodedError) in
      try goOn(number)
      return place.step == 0
        ? times[place.row]
        : spacing.time(after: times[place.row], steps: place.step, before: times[place.row + 1])
    }
    // There is no word between two others, and nothing between yes and no.
    let fixed = data.inputColumns.flatMap { column in
      [Bool](repeating: column.levels != nil || column.isIndicator, count: column.width)
    }
    var inputs = try between(data.inputs, width: data.inputWidth, places, isFixed: fixed)
    if time.areDates { try tellDates(&inputs, data, places, moments) }
    let targets = try between(
      data.targets, width: data.targetWidth, places, isFixed: data.targetColumns.map { $0.levels != nil })
    var firsts: [Int: Int] = [:]
    for (number, place) in places.enumerated() where place.step == 0 { firsts[place.row] = number }
    let width = max(1, data.inputWidth)
    let filled = Dataset(
      name: data.name, rows: places.count, storage: .doubles(inputs), inputColumns: data.inputColumns,
      targets: targets, targetColumns: data.targetColumns,
      filled: data.filled.map { (firsts[$0 / width] ?? 0) * width + $0 % width },
      labelColumns: try data.labelColumns.map { column throws(CodedError) in
        try label(column, places, moments)
      },
      notes: data.notes,
      times: moments.map { TimeSpan(first: $0, last: $0) })
    return (filled, places.map(\.row), moments)
  }

  /// A gap of centuries has millions of rows: now and then it is asked whether the work is to stop.
  private func goOn(_ number: Int) throws(CodedError) {
    guard number & 0x3FFF == 0, Cancellation.isRequested() else { return }
    throw CodedError(.interrupted, "This was stopped before all gaps in `\(time.name)` were filled.")
  }

  /// Numbers of all rows, with those of new rows between.
  private func between(
    _ values: [Double], width: Int, _ places: [Place], isFixed: [Bool]
  ) throws(CodedError) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(places.count * width)
    for (number, place) in places.enumerated() {
      try goOn(number)
      for column in 0..<width {
        let before = values[place.row * width + column]
        guard place.step > 0, isLinear, !isFixed[column] else {
          result.append(before)
          continue
        }
        let after = values[(place.row + 1) * width + column]
        // Weights that add up to 1 do not overflow where a difference would.
        result.append(before * (1 - place.share) + after * place.share)
      }
    }
    return result
  }

  /// Makes anew what was made of the dates that rows are in the order of.
  private func tellDates(
    _ inputs: inout [Double], _ data: Dataset, _ places: [Place], _ moments: [Double]
  ) throws(CodedError) {
    let width = data.inputWidth
    for part in DatePart.allCases {
      let columns = part.names(time.name).map { data.inputNames.firstIndex(of: $0) }
      guard columns.allSatisfy({ $0 != nil }) else { continue }
      for (number, place) in places.enumerated() where place.step > 0 {
        try goOn(number)
        for (column, value) in zip(columns, part.numbers(Moment(shown: moments[number]))) {
          if let column { inputs[number * width + column] = value }
        }
      }
    }
  }

  /// What a column says of the rows; nothing of new ones, but when they are, whose they are and how much they count.
  private func label(
    _ label: LabelColumn, _ places: [Place], _ moments: [Double]
  ) throws(CodedError) -> LabelColumn {
    let texts = label.texts
    if label.role == .order, time.areDates {
      let isTime = texts.allSatisfy { DateText($0)?.hasDay == false }
      let isDay = !isTime && moments.allSatisfy { Moment(shown: $0).timeOfDay == 0 }
      // Dates of two formats in one column could not be read again.
      let written = try moments.enumerated().map { number, moment throws(CodedError) in
        try goOn(number)
        return Substring(Moment(shown: moment).text(hasDay: !isTime, hasTime: !isDay))
      }
      return LabelColumn(label.name, written, role: label.role, isDate: true)
    }
    let made = try places.enumerated().map { number, place throws(CodedError) -> Substring in
      try goOn(number)
      if place.step == 0 { return texts[place.row] }
      switch label.role {
      case .order: return Substring(formatNumber(moments[number], digits: 15))
      case .series, .weight: return texts[place.row]
      case nil: return ""
      }
    }
    return LabelColumn(label.name, made, role: label.role, isDate: label.isDate)
  }
}

extension TimeSpacing {
  /// The time that is so many rows after another.
  ///
  /// - Parameter end: the time of the next row that there is: where both are the last days of their months, so is this.
  func time(after start: Double, steps: Int, before end: Double) -> Double {
    let moment = Moment(shown: start)
    let day = CivilDay(number: moment.dayNumber)
    func at(_ number: Int) -> Double { Double(number) * Moment.secondsOfDay + moment.timeOfDay }
    switch unit {
    case .number, .second: return start + Double(steps) * count
    case .weekday:
      let days = day.weekday + steps
      return at(moment.dayNumber - day.weekday + days / 5 * 7 + days % 5)
    case .month:
      let months = day.year * 12 + day.month - 1 + steps * Int(count)
      let (year, month) = (months.floorDivided(by: 12), months - months.floorDivided(by: 12) * 12 + 1)
      guard let first = CivilDay(year: year, month: month, day: 1) else { return start }
      let next = CivilDay(number: Moment(shown: end).dayNumber)
      let isLast = day.day == day.lengthOfMonth && next.day == next.lengthOfMonth
      return at(first.number + (isLast ? first.lengthOfMonth : min(day.day, first.lengthOfMonth)) - 1)
    }
  }
}
