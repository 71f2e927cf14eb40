public import Foundations
internal import NeuralEngine

extension Dataset {
  /// The rows in the order of time, and cut into windows where these are asked for.
  ///
  /// The columns that say when a row was, and which series it belongs to, are no inputs any more; their texts are kept. Rows
  /// of one series follow each other, and no window has steps of two.
  ///
  /// ```swift
  /// let table = try Dataset(name: "s", inputs: [[2, 20], [1, 10], [3, 30]], targets: [[], [], []])
  /// let series = try table.series(SeriesOptions(order: "x1"))
  /// let values = series.inputs  // 10, 20, 30
  /// ```
  ///
  /// - Throws: `unknown-column`; `bad-date` and `missing-value` with the row; `duplicate-time` with both rows where steps are
  ///   counted; `gap-in-time` with the row before it, where gaps are refused; `bad-window`; `no-features` where nothing is left
  ///   to learn from.
  public func series(_ options: SeriesOptions) throws(CodedError) -> Dataset {
    var options = options
    if options.order == nil, options.window != nil {
      options.order = labelColumn(.order)?.name
    }
    guard options.order != nil || options.series != nil else {
      try SeriesCutter.refuseGaps(options, name)
      return try options.window.map { (window) throws(CodedError) in try windows(window) } ?? self
    }
    var cutter = try SeriesCutter(self, options)
    return try cutter.dataset()
  }

  /// The same rows, with a column among those that nothing is learned from and that say something of the rows.
  ///
  /// - Throws: `unknown-column`; `bad-value` for the target.
  func setting(apart column: String, as role: LabelColumn.Role, option: String) throws(CodedError) -> Dataset
  {
    let place = try ColumnChoice.place(of: column, among: columnNames, of: name)
    let wide = inputColumns.count + targetColumns.count
    var changed = self
    if place >= wide {
      changed.giveRole(role, to: place - wide)
      return changed
    }
    guard place < inputColumns.count else {
      throw CodedError(
        .badValue,
        "`\(columnNames[place])` is the target of `\(name)` and cannot be \(option)= as well. Name another target: target=…"
      )
    }
    let texts = (cells(ofColumn: columnNames[place]) ?? []).map { cell -> Substring in
      switch cell {
      case .number(let number):
        number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
      case .word(let word): Substring(word.replacing("\0", with: ""))
      }
    }
    let label = LabelColumn(columnNames[place], texts)
    let rest = inputColumns.map(\.name).filter { $0 != columnNames[place] }
    changed = rest.isEmpty ? withoutInputs : try selecting(features: .names(rest))
    changed.labelColumns.append(label)
    changed.giveRole(role, to: changed.labelColumns.count - 1)
    return changed
  }

  /// The same rows without inputs, as it is while a series still has to give its past to itself.
  private var withoutInputs: Dataset {
    Dataset(
      name: name, rows: rows, storage: .doubles([]), inputColumns: [], targets: targets,
      targetColumns: targetColumns,
      labelColumns: labelColumns, notes: notes, times: times)
  }
}

/// The work of putting the rows of a table in order and cutting them.
private struct SeriesCutter {
  private var data: Dataset
  private let options: SeriesOptions
  private var time: TimeColumn?
  /// Whether the rows were put in this order before, so that their times are known.
  private let isOrdered: Bool
  /// The text that says which series each row belongs to.
  private var names: [Substring]?
  private var notes: [String] = []
  /// What is put into gaps; nil where nothing is.
  private var filling: GapFilling?
  private var source: String { data.name }

  /// Whether rows are steps, so that it matters how far apart they are.
  private var hasSteps: Bool { options.window != nil || options.series != nil }

  init(_ data: Dataset, _ options: SeriesOptions) throws(CodedError) {
    self.options = options
    guard data.steps == nil else {
      throw CodedError(
        .badWindow,
        "The rows of `\(data.name)` are sequences already, and \(SeriesCutter.asked(options)) is for tables with one row of numbers a step."
      )
    }
    guard data.inputShape.count == 1, data.window == nil else {
      throw CodedError(
        .badWindow,
        "The rows of `\(data.name)` are arrays of \(data.inputShape.sizesText), and \(SeriesCutter.asked(options)) "
          + "is for tables with one row of numbers a step.")
    }
    try SeriesCutter.refuseGaps(options, data.name)
    if let order = options.order, let series = options.series, order.lowercased() == series.lowercased() {
      throw CodedError(
        .badOption,
        "order= and by= name the same column of `\(data.name)`, `\(order)`. Leave one of them out.")
    }
    isOrdered =
      options.order != nil
      && data.labelColumn(.order)?.name.lowercased() == options.order?.lowercased()
    var apart = data
    if let order = options.order { apart = try apart.setting(apart: order, as: .order, option: "order") }
    if let series = options.series { apart = try apart.setting(apart: series, as: .series, option: "by") }
    self.data = apart
  }

  /// The option that asks for steps.
  private static func asked(_ options: SeriesOptions) -> String {
    if options.window != nil { return "window=" }
    return options.order == nil ? "by=" : "order="
  }

  /// Refuses an option about gaps where none can be found.
  static func refuseGaps(_ options: SeriesOptions, _ name: String) throws(CodedError) {
    guard let gaps = options.gaps else { return }
    if options.order == nil {
      throw CodedError(
        .unusedOption,
        "gaps=\(gaps.rawValue) needs to know when the rows of `\(name)` were: order= names the column that says it."
      )
    }
    if options.window == nil, options.series == nil {
      throw CodedError(
        .unusedOption,
        "gaps=\(gaps.rawValue) is for windows and sequences, which count rows as steps. Give window=, or leave it out."
      )
    }
  }

  mutating func dataset() throws(CodedError) -> Dataset {
    try readTimes()
    try readNames()
    try dropMissing()
    var order = sortedRows()
    var runs = SeriesCutter.runs(order.map { names?[$0] ?? "" })
    if hasSteps { try refuseDuplicates(order, runs) }
    noteOrder(order)
    let known = time?.known(order)
    var sorted = data.selecting(rows: order, name: data.name).timed(
      known.map { $0.map { TimeSpan(first: $0, last: $0) } })
    sorted.notes = data.notes
    guard hasSteps else { return try finished(sorted) }
    var stretches = try known.map { times throws(CodedError) in try cut(runs, times, order) } ?? runs
    if let filling, let known {
      let whole = try filling.filled(sorted, known)
      sorted = whole.data
      order = whole.origins.map { order[$0] }
      runs = SeriesCutter.runs(order.map { names?[$0] ?? "" })
      stretches = runs
    }
    guard let window = options.window else { return try sequences(sorted, stretches, order) }
    let long = stretches.filter { $0.count > window.reach }
    guard !long.isEmpty else {
      let most = stretches.map(\.count).max() ?? 0
      throw CodedError(
        .badWindow,
        "window=\(window.steps) and ahead=\(window.ahead) need at least \(window.reach + 1) rows in a series, but the longest\(options.gaps == .split ? " without a gap" : "") in "
          + "`\(source)` has \(most)."
          + (most > window.ahead ? " Use a shorter window." : ""),
        suggestion: most > window.ahead ? "window=\(most - window.ahead)" : nil)
    }
    noteShort(stretches, order, fewest: window.reach + 1)
    if Cancellation.isRequested() {
      throw CodedError(.interrupted, "This was stopped before the windows of `\(source)` were cut.")
    }
    return try finished(sorted.windows(window, within: long))
  }

  /// Each series, or stretch without a gap, as a sequence of its own length.
  private mutating func sequences(
    _ sorted: Dataset, _ stretches: [Range<Int>], _ order: [Int]
  ) throws(CodedError) -> Dataset {
    if sorted.weightColumn != nil { throw CodedError.weightOfSequence }
    let long = stretches.filter { $0.count > options.ahead }
    guard !long.isEmpty else {
      throw CodedError(
        .badWindow,
        "ahead=\(options.ahead) needs at least \(options.ahead + 1) rows in a series, but the longest in `\(source)` has "
          + "\(stretches.map(\.count).max() ?? 0). Look less far ahead: ahead=1", suggestion: "ahead=1")
    }
    noteShort(stretches, order, fewest: options.ahead + 1)
    let isOne = long.allSatisfy { run in
      run.allSatisfy { sorted.targets(ofRow: $0).elementsEqual(sorted.targets(ofRow: run.lowerBound)) }
    }
    let place = options.targetPlace ?? (isOne && options.ahead == 0 ? .series : .step)
    let hasTargets = sorted.targetWidth > 0 || options.ahead > 0
    let made = sorted.sequences(long, ahead: options.ahead, haveTargets: hasTargets && place == .step)
    notes.append(
      Dataset.note(
        made.steps?.lengths ?? [], width: made.inputWidth, haveTargets: made.steps?.haveTargets ?? false)
        + (!hasTargets || place == .step
          ? "" : isOne ? ", a target each" : ", each with the target of its last row"))
    return try finished(made)
  }

  private func finished(_ made: Dataset) throws(CodedError) -> Dataset {
    guard made.inputWidth > 0 else {
      var ways: [String] = []
      let window = "window=\(min(12, made.rows - 1))"
      let isForecast = options.window != nil || options.ahead > 0
      if made.rows > 1, !isForecast { ways.append("from its past, \(window)") }
      if time?.areDates == true { ways.append("from parts of its dates, dates=[month, weekday]") }
      let advice =
        (isForecast ? " The past of targets is learned from where all of them are numbers." : "")
        + (ways.isEmpty ? "" : " Learn \(ways.joined(separator: ", or ")).")
      throw CodedError(
        .noFeatures,
        "`\(source)` has no columns to learn from besides its target\(options.order == nil ? "" : " and its times").\(advice)",
        suggestion: made.rows > 1 && !isForecast ? window : nil)
    }
    return made.adding(notes: notes)
  }

  // MARK: When, and whose

  private mutating func readTimes() throws(CodedError) {
    guard options.order != nil, let label = data.labelColumn(.order) else {
      return
    }
    if isOrdered, let times = data.times {
      time = TimeColumn(label, times: times.map(\.first))
      return
    }
    time = try TimeColumn(label.texts, name: label.name, of: source, order: options.dateOrder)
  }

  private mutating func readNames() throws(CodedError) {
    guard options.series != nil, let label = data.labelColumn(.series) else {
      return
    }
    let texts = label.texts
    names = texts
    if options.isKnown { return }
    let count = Set(texts).count
    let measured = texts.first { text in
      text.contains(where: \.isDigit) && (Double(text).map { $0 != $0.rounded() } ?? false)
    }
    guard measured != nil || (count == texts.count && count > 1) else { return }
    // A row each is as it should be of new customers: each is a sequence of one step.
    if measured == nil, options.window == nil {
      let note = "each series has one row, as no two have the same `\(label.name)`"
      if !notes.contains(note) { notes.append(note) }
      return
    }
    throw CodedError(
      .badValue,
      "by=\(label.name.asColumnName) makes a series of all rows with the same value in `\(label.name)`, and "
        + (measured.map { "this column of `\(source)` holds measurements, such as \($0)." }
          ?? "no two rows of `\(source)` have the same.") + " Name the column that says whose a row is.")
  }

  /// Leaves rows out that have no time or no name, or refuses them.
  private mutating func dropMissing() throws(CodedError) {
    let lacks = (0..<data.rows).filter { row in
      time.map { $0.times[row] == nil } ?? false
        || names.map { MissingText.words.contains(String($0[row])) } ?? false
    }
    guard let first = lacks.first else { return }
    let column = time.flatMap { $0.times[first] == nil ? $0.name : nil } ?? options.series ?? ""
    guard options.dropsMissing else {
      throw CodedError(
        .missingValue,
        "Row \(first + 1) of `\(source)` has no value for `\(column)`, so it has no place in a series. Drop such rows with missing=drop.",
        suggestion: "missing=drop")
    }
    let left = Set(lacks)
    let kept = (0..<data.rows).filter { !left.contains($0) }
    guard !kept.isEmpty else {
      throw CodedError(.noRows, "No row of `\(source)` has a value for `\(column)`.")
    }
    data = data.selecting(rows: kept, noting: "\(rowCount(lacks.count)) without `\(column)` dropped")
    try readTimes()
    try readNames()
  }

  /// The rows, series after series as they come up, each in the order of time.
  private func sortedRows() -> [Int] {
    var numbers: [Substring: Int] = [:]
    let series = (0..<data.rows).map { row -> Int in
      guard let name = names?[row] else { return 0 }
      let number = numbers[name] ?? numbers.count
      numbers[name] = number
      return number
    }
    let times = time?.times
    return (0..<data.rows).sorted { a, b in
      if series[a] != series[b] { return series[a] < series[b] }
      let (first, second) = (times?[a] ?? 0, times?[b] ?? 0)
      return first == second ? a < b : first < second
    }
  }

  /// The places of equal names that follow each other.
  private static func runs(_ names: [Substring]) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    var start = 0
    for place in names.indices where place + 1 == names.count || names[place + 1] != names[place] {
      runs.append(start..<place + 1)
      start = place + 1
    }
    return runs
  }

  private func refuseDuplicates(_ order: [Int], _ runs: [Range<Int>]) throws(CodedError) {
    guard let time else { return }
    for run in runs {
      for place in run.dropFirst() where time.times[order[place]] == time.times[order[place - 1]] {
        let (a, b) = (order[place - 1], order[place])
        let whose = names.map { " of `\($0[a])`" } ?? ""
        throw CodedError(
          .duplicateTime,
          "Rows \(a + 1) and \(b + 1) of `\(source)`\(whose) have the same time, `\(time.texts[a])` in `\(time.name)`, and a series has "
            + "one row a step. Delete one of them"
            + (names == nil
              ? ", or if the rows are of several series, name the column that tells them apart: by=…" : "."))
      }
    }
  }

  /// Says how rows were put in order.
  private mutating func noteOrder(_ order: [Int]) {
    guard let time else { return }
    let isSorted = zip(order, order.dropFirst()).allSatisfy { a, b in
      a < b || (names.map { $0[a] != $0[b] } ?? false)
    }
    if !isSorted { notes.append("rows were not in the order of `\(time.name)` and have been sorted") }
  }

  // MARK: Gaps

  /// The shortest and the longest time between two rows of a series, in words; nil where there are none.
  private func distances(_ runs: [Range<Int>], _ times: [Double]) -> String? {
    let steps = runs.flatMap { run in zip(times[run], times[run].dropFirst()).map { $1 - $0 } }
    guard let least = steps.min(), let most = steps.max(), let time else { return nil }
    guard time.areDates else {
      return "\(formatNumber(least, digits: 3)) to \(formatNumber(most, digits: 3)) apart"
    }
    func words(_ seconds: Double) -> String {
      let units = [(86_400.0, "day"), (3600, "hour"), (60, "minute")]
      let (length, name) = units.first { seconds >= $0.0 } ?? (1, "second")
      let count = seconds / length
      let number = formatNumber(count < 10 ? (count * 10).rounded() / 10 : count.rounded(), digits: 1)
      return "\(number) \(name)\(number == "1" ? "" : "s")"
    }
    return "\(words(least)) to \(words(most)) apart"
  }

  /// Finds gaps in series, tells of them, and cuts the series there if that is asked for.
  private mutating func cut(_ runs: [Range<Int>], _ times: [Double], _ order: [Int]) throws(CodedError)
    -> [Range<Int>]
  {
    guard let time, runs.contains(where: { $0.count > 1 }) else { return runs }
    guard let spacing = TimeSpacing(of: runs.map { Array(times[$0]) }, areDates: time.areDates) else {
      let range = distances(runs, times).map { " (\($0))" } ?? ""
      if let gaps = options.gaps, gaps != .keep {
        throw CodedError(
          .gapInTime,
          "The times in `\(time.name)` of `\(source)` are not equally spaced\(range), so nothing tells what a gap is. Leave gaps= out: "
            + "each row is a step then, whatever lies between them.")
      }
      notes.append(
        "the times in `\(time.name)` are not equally spaced\(range); a row is a step, whatever lies between them"
      )
      return runs
    }
    var gaps: [TimeSpacing.Gap] = []
    var early = 0
    for run in runs {
      let found = spacing.gaps(in: Array(times[run]), from: run.lowerBound)
      gaps += found.gaps
      early += found.early
    }
    if early > 0 {
      notes.append(
        "\(rowCount(early)) come\(early == 1 ? "s" : "") sooner after the row before than others, which are \(spacing.words)"
      )
    }
    guard let first = gaps.first else { return runs }
    let missing = gaps.reduce(0) { min(TimeSpacing.Gap.most, $0 + $1.missing) }
    let whose = names.map { " of `\($0[order[first.row]])`" } ?? ""
    let what =
      "\(gaps.count == 1 ? "a gap" : "\(gaps.count) gaps") in `\(time.name)` (\(spacing.words)), \(rowCount(missing)) missing, "
      + "\(gaps.count == 1 ? "" : "the first ")after `\(time.texts[order[first.row]])`\(whose)"
    switch options.gaps {
    case .error:
      throw CodedError(
        .gapInTime,
        "`\(source)` has \(what), row \(order[first.row] + 1). Add the rows, or have no sequence go across a gap: gaps=split",
        suggestion: "gaps=split")
    case .keep: notes.append(what)
    case .linear, .previous:
      let isLinear = options.gaps == .linear
      notes.append(
        "\(what); filled in \(isLinear ? "between the rows on both sides" : "like the row before")")
      filling = GapFilling(isLinear: isLinear, spacing: spacing, time: time, gaps: gaps)
    case nil:
      notes.append(
        "\(what). \(options.window == nil ? "Sequences" : "Windows") go across \(gaps.count == 1 ? "it" : "them"); to have none do so: gaps=split"
      )
    case .split:
      notes.append(
        "\(what); no \(options.window == nil ? "sequence" : "window") goes across \(gaps.count == 1 ? "it" : "one")"
      )
      let ends = Set(gaps.map(\.row))
      return runs.flatMap { run in
        var stretches: [Range<Int>] = []
        var start = run.lowerBound
        for row in run where ends.contains(row) {
          stretches.append(start..<row + 1)
          start = row + 1
        }
        return stretches + [start..<run.upperBound]
      }
    }
    return runs
  }

  /// Says which series, or stretches between gaps, are too short for a window.
  private mutating func noteShort(_ stretches: [Range<Int>], _ order: [Int], fewest: Int) {
    let short = stretches.filter { $0.count < fewest }
    guard !short.isEmpty else { return }
    let rows = short.reduce(0) { $0 + $1.count }
    if let names, options.gaps != .split {
      let shown = short.prefix(4).map { "`\(names[order[$0.lowerBound]])`" }.joined(separator: ", ")
      notes.append(
        "\(short.count) of \(stretches.count) series ha\(short.count == 1 ? "s" : "ve") fewer than \(fewest) rows and "
          + "\(short.count == 1 ? "is" : "are") left out: \(shown)\(short.count > 4 ? ", …" : "")")
    } else {
      notes.append(
        "\(short.count) of \(stretches.count) stretches between gaps ha\(short.count == 1 ? "s" : "ve") fewer than \(fewest) rows "
          + "and \(short.count == 1 ? "is" : "are") left out (\(rowCount(rows)))")
    }
  }

  private func rowCount(_ count: Int) -> String { "\(count) row\(count == 1 ? "" : "s")" }
}

extension Dataset {
  /// The same rows with their times.
  fileprivate func timed(_ times: [TimeSpan]?) -> Dataset {
    Dataset(
      name: name, rows: rows, storage: storage, inputColumns: inputColumns, inputShape: inputShape,
      targets: targets,
      targetColumns: targetColumns, filled: filled, labelColumns: labelColumns, notes: notes, times: times)
  }
}
