import ByteStreams
import Datasets
internal import Foundations
internal import NeuralEngine

/// Makes a data set of the numbers of a CSV file: puts means in, turns words into columns and classes.
struct CSVAssembly {
  var cells: CSVCells
  let parser: CSVRowParser
  let options: ReadOptions
  let name: String
  private var errors: CSVErrors { CSVErrors(name: parser.name, lines: options.lines) }
  private var inputColumns: [CSVPlan.Column] { Array(parser.plan.used.prefix(cells.inputWidth)) }
  private var targetColumns: [CSVPlan.Column] { Array(parser.plan.used.dropFirst(cells.inputWidth)) }

  /// The data set, with an account of what was found.
  ///
  /// - Throws: `no-rows`, `empty-column`, `one-class` or `too-large`.
  consuming func dataset() throws(CodedError) -> Dataset {
    guard cells.rows > 0 else {
      throw errors.noRows(dropped: parser.dropped, hasHeader: parser.plan.hasHeader)
    }
    var notes: [String] = []
    if parser.dropped > 0 {
      notes.append("\(parser.dropped) row\(parser.dropped == 1 ? "" : "s") with missing values dropped")
    }
    if let rare = options.rare { notes.append(contentsOf: groupRareWords(rare)) }
    let missing = countMissing()
    let indicators = missingFlags()
    if let note = fillingNote(missing) { notes.append(note) }
    try fillInValues()
    var columns: [DataColumn] = []
    for (slot, column) in inputColumns.enumerated() {
      let levels = column.isWords ? parser.levels[slot].sorted.words : nil
      columns.append(
        DataColumn(
          column.name, levels: levels, missing: missing[slot],
          groupsOthers: column.isWords && options.rare != nil,
          filling: column.filling == .mean ? nil : column.filling))
    }
    let targets = try classTargets(missing: missing)
    let rows = cells.rows
    try checkEmpty(missing)
    let filled = try spreadWords()
    let kept = parser.plan.columns.filter { $0.use == .label }.sorted { $0.slot < $1.slot }
    let labels = zip(kept, parser.labels).map { LabelColumn($0.name, bytes: $1, isDate: $0.isDate) }
    let account = CSVAccount(parser: parser, rows: rows, inputs: columns, targets: targets).text
    var data = Dataset(
      name: name, rows: rows, storage: .doubles(cells.inputs), inputColumns: columns, targets: cells.targets,
      targetColumns: targets, filled: filled,
      labelColumns: labels, notes: [account] + notes)
    data = data.refilled(data.standIns(over: 0..<rows))
    for (column, flags) in indicators {
      data = try data.adding(input: DataColumn("\(column)_missing", isIndicator: true), flags)
    }
    return data.adding(notes: data.doubtfulColumns)
  }

  /// Makes one category of those with fewer rows than `least`, in each column of inputs.
  private mutating func groupRareWords(_ least: Int) -> [String] {
    let columns = inputColumns
    for slot in columns.indices where columns[slot].isWords {
      let places = stride(from: slot, to: cells.inputs.count, by: cells.inputWidth)
      let words = parser.levels[slot].words
      var counts = [Int](repeating: 0, count: words.count)
      for place in places where !cells.inputs[place].isNaN { counts[Int(cells.inputs[place])] += 1 }
      var grouped = CSVLevels()
      let other = grouped.code(adding: DataColumn.otherWord) ?? 0
      let codes = words.enumerated().map { place, word in
        counts[place] < least ? other : grouped.code(adding: word) ?? other
      }
      for place in places where !cells.inputs[place].isNaN {
        cells.inputs[place] = Double(codes[Int(cells.inputs[place])])
      }
      parser.levels[slot] = grouped
    }
    return [
      "categories with fewer than \(least) row\(least == 1 ? "" : "s"), and those that come later, are `\(DataColumn.otherWord)`"
    ]
  }

  private func countMissing() -> [Int] {
    // Of dropped rows only the parser knows.
    var counts = parser.missingCounts
    for (slot, column) in inputColumns.enumerated() where column.filling != nil {
      counts[slot] = stride(from: slot, to: cells.inputs.count, by: cells.inputWidth).count {
        cells.inputs[$0].isNaN
      }
    }
    return counts
  }

  /// Where the columns that are to say so had no value, as the numbers of another input.
  private func missingFlags() -> [(column: String, flags: [Double])] {
    inputColumns.enumerated().filter(\.element.hasIndicator).map { slot, column in
      (
        column.name,
        stride(from: slot, to: cells.inputs.count, by: cells.inputWidth).map {
          cells.inputs[$0].isNaN ? 1 : 0
        }
      )
    }
  }

  /// Puts the values in that stand for missing ones of single columns; a category may be a new one.
  private mutating func fillInValues() throws(CodedError) {
    for (slot, column) in inputColumns.enumerated() {
      guard case .value(let text)? = column.filling else { continue }
      let places = stride(from: slot, to: cells.inputs.count, by: cells.inputWidth)
        .filter { cells.inputs[$0].isNaN }
      guard !places.isEmpty else { continue }
      let number: Double?
      if column.isWords {
        number = parser.levels[slot].code(adding: text).map(Double.init)
      } else {
        number = FieldText.number(text, decimal: ".")
      }
      guard let number else { throw errors.tooManyWords(column: column.name, limit: CSVLevels.limit) }
      for place in places { cells.inputs[place] = number }
    }
  }

  /// What stands in for missing values, in words; nil where none is missing.
  private func fillingNote(_ missing: [Int]) -> String? {
    let filled = inputColumns.enumerated().filter { missing[$0.offset] > 0 && $0.element.filling != nil }
    guard !filled.isEmpty else { return nil }
    if options.fill.isEmpty, let filling = options.missing?.filling, filling != .mode {
      return "missing values replaced by the column \(filling.word)"
    }
    let words = filled.prefix(8).map { _, column in
      switch column.filling {
      case .value(let text)?: "`\(column.name)` by \(column.isWords ? "the category `\(text)`" : text)"
      case .mode?: "`\(column.name)` by its commonest value"
      default: "`\(column.name)` by its \(column.filling?.word ?? "mean")"
      }
    }
    return "missing values replaced: " + words.joined(separator: ", ") + (filled.count > 8 ? ", …" : "")
  }

  /// Refuses targets that have no logarithm.
  private func checkTransform(_ column: CSVPlan.Column, _ place: Int) throws(CodedError) {
    guard let transform = column.transform else { return }
    let asked = "\(transform.rawValue)(\(column.name))"
    guard !column.isWords else {
      throw CodedError(
        .badTarget,
        "target=\(asked.asColumnName) needs numbers, and `\(column.name)` of `\(parser.name)` is categorical: target=\(column.name.asColumnName)",
        suggestion: "target=\(column.name.asColumnName)")
    }
    let values = stride(from: place, to: cells.targets.count, by: targetColumns.count)
    guard let wrong = values.first(where: { cells.targets[$0] <= transform.least }) else { return }
    let value = cells.targets[wrong]
    let takesZero = transform == .log && cells.targets.allSatisfy { $0 > -1 }
    let other = takesZero ? "log1p(\(column.name))" : column.name
    throw CodedError(
      .badTarget,
      "target=\(asked.asColumnName) needs numbers above \(Int(transform.least)), but row \(wrong / targetColumns.count + 1) of `\(parser.name)` has "
        + "\(value.brief). "
        + (takesZero ? "The logarithm of 1 more takes it" : "Take the numbers as they are")
        + ": target=\(other.asColumnName)",
      suggestion: "target=\(other.asColumnName)")
  }

  /// Refuses a column that has no values to take a statistic of.
  private func checkEmpty(_ missing: [Int]) throws(CodedError) {
    for (slot, column) in inputColumns.enumerated() {
      let isEmpty = stride(from: slot, to: cells.inputs.count, by: cells.inputWidth).allSatisfy {
        cells.inputs[$0].isNaN
      }
      if isEmpty { throw errors.emptyColumn(column.name) }
    }
  }

  /// The targets' columns; words become the places of sorted classes.
  private mutating func classTargets(missing: [Int]) throws(CodedError) -> [DataColumn] {
    let (width, count) = (cells.inputWidth, targetColumns.count)
    var columns: [DataColumn] = []
    for (place, column) in targetColumns.enumerated() {
      try checkTransform(column, place)
      guard column.isWords else {
        columns.append(
          DataColumn(column.name, missing: missing[width + place], transform: column.transform))
        continue
      }
      let sorted = parser.levels[width + place].sorted
      guard sorted.words.count > 1 else {
        throw errors.oneClass(column: column.name, level: sorted.words.first ?? "")
      }
      for cell in stride(from: place, to: cells.targets.count, by: count) {
        cells.targets[cell] = Double(sorted.places[Int(cells.targets[cell])])
      }
      columns.append(DataColumn(column.name, levels: sorted.words, missing: missing[width + place]))
    }
    return columns
  }

  /// Turns each column of words into one input a word: 1 for the word that stands there, else 0. Places without a value
  /// hold 0 for now; they are returned.
  private mutating func spreadWords() throws(CodedError) -> [Int] {
    let columns = inputColumns
    guard columns.contains(where: \.isWords) else {
      let places = cells.inputs.indices.filter { cells.inputs[$0].isNaN }
      for place in places { cells.inputs[place] = 0 }
      return places
    }
    let sorted = columns.indices.map {
      columns[$0].isWords ? parser.levels[$0].sorted : (words: [], places: [])
    }
    let widths = columns.indices.map { columns[$0].isWords ? sorted[$0].words.count : 1 }
    let total = widths.reduce(0, +)
    let check = SizeCheck(name: parser.name, limit: options.memoryLimit)
    _ = try check.bytes([cells.rows, total], each: 8)
    var spread: [Double] = []
    spread.reserveCapacity(cells.rows * total)
    var filled: [Int] = []
    for (place, value) in cells.inputs.enumerated() {
      let slot = place % columns.count
      let start = spread.count
      if value.isNaN {
        filled += start..<start + widths[slot]
        spread += repeatElement(0, count: widths[slot])
      } else if columns[slot].isWords {
        spread += repeatElement(0, count: widths[slot])
        spread[start + sorted[slot].places[Int(value)]] = 1
      } else {
        spread.append(value)
      }
    }
    cells.inputs = spread
    return filled
  }
}
