internal import Foundations
internal import NeuralEngine

/// Makes a data set of the numbers of a CSV file: puts means in, turns words into columns and classes.
struct CSVAssembly {
  var cells: CSVCells
  let parser: CSVRowParser
  let options: ReadOptions
  let name: String
  private var errors: CSVErrors { CSVErrors(name: parser.name, holdsRecords: options.holdsRecords) }
  private var inputColumns: [CSVPlan.Column] { Array(parser.plan.used.prefix(cells.inputWidth)) }
  private var targetColumns: [CSVPlan.Column] { Array(parser.plan.used.dropFirst(cells.inputWidth)) }

  init(cells: CSVCells, parser: CSVRowParser, options: ReadOptions, name: String) {
    self.cells = cells
    self.parser = parser
    self.options = options
    self.name = name
  }

  /// The data set, with an account of what was found.
  ///
  /// - Throws: `no-rows`, `empty-column`, `one-class`, `word-targets` or `too-large`.
  consuming func dataset() throws(CodedError) -> Dataset {
    guard cells.rows > 0 else {
      throw errors.noRows(dropped: parser.dropped, hasHeader: parser.plan.hasHeader)
    }
    var notes: [String] = []
    if parser.dropped > 0 {
      notes.append("\(parser.dropped) row\(parser.dropped == 1 ? "" : "s") with missing values dropped")
    }
    if let rare = options.rare { notes.append(contentsOf: groupRareWords(rare)) }
    let missing = options.missing == .mean ? countMissing() : parser.missingCounts
    var columns: [DataColumn] = []
    for (slot, column) in inputColumns.enumerated() {
      let levels = column.isWords ? parser.levels[slot].sorted.words : nil
      columns.append(
        DataColumn(
          column.name, levels: levels, missing: missing[slot],
          groupsOthers: column.isWords && options.rare != nil))
    }
    let targets = try classTargets(missing: missing)
    let rows = cells.rows
    let means = try means(missing: missing)
    var filled: [Int] = []
    if inputColumns.contains(where: \.isWords) {
      filled = try spreadWords(means)
    } else if missing.contains(where: { $0 > 0 }), options.missing == .mean {
      filled = fillNumbers(means)
    }
    if !filled.isEmpty {
      notes.append("missing values replaced by the column mean")
    }
    let names = parser.plan.columns.filter { $0.use == .label }.sorted { $0.slot < $1.slot }.map(\.name)
    let labels = zip(names, parser.labels).map { LabelColumn($0, bytes: $1) }
    let account = CSVAccount(parser: parser, rows: rows, inputs: columns, targets: targets).text
    let data = Dataset(
      name: name, rows: rows, storage: .doubles(cells.inputs), inputColumns: columns, targets: cells.targets,
      targetColumns: targets, filled: filled,
      labelColumns: labels, notes: [account] + notes)
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
    var counts = [Int](repeating: 0, count: cells.inputWidth + cells.targetWidth)
    for (place, value) in cells.inputs.enumerated() where value.isNaN {
      counts[place % cells.inputWidth] += 1
    }
    return counts
  }

  /// The targets' columns; words become the places of sorted classes.
  private mutating func classTargets(missing: [Int]) throws(CodedError) -> [DataColumn] {
    let width = cells.inputWidth
    guard let words = targetColumns.firstIndex(where: \.isWords) else {
      return targetColumns.enumerated().map { DataColumn($1.name, missing: missing[width + $0]) }
    }
    guard targetColumns.count == 1 else {
      throw CodedError(
        .wordTargets,
        "`\(targetColumns[words].name)` is categorical, and there are \(targetColumns.count) targets. Classification "
          + "needs a single target; several targets must be numbers.")
    }
    let sorted = parser.levels[width].sorted
    guard sorted.words.count > 1 else {
      throw errors.oneClass(column: targetColumns[0].name, level: sorted.words.first ?? "")
    }
    for row in cells.targets.indices { cells.targets[row] = Double(sorted.places[Int(cells.targets[row])]) }
    return [DataColumn(targetColumns[0].name, levels: sorted.words, missing: missing[width])]
  }

  /// The mean of each column of numbers that has a missing value, over the values that are there.
  private func means(missing: [Int]) throws(CodedError) -> [Double] {
    guard options.missing == .mean else { return [] }
    var means = [Double](repeating: 0, count: cells.inputWidth)
    for slot in 0..<cells.inputWidth where missing[slot] > 0 {
      guard missing[slot] < cells.rows else { throw errors.emptyColumn(inputColumns[slot].name) }
      if inputColumns[slot].isWords { continue }
      var sum = 0.0
      for place in stride(from: slot, to: cells.inputs.count, by: cells.inputWidth)
      where !cells.inputs[place].isNaN {
        sum += cells.inputs[place] / Double(cells.rows - missing[slot])
      }
      means[slot] = sum
    }
    return means
  }

  private mutating func fillNumbers(_ means: [Double]) -> [Int] {
    let places = cells.inputs.indices.filter { cells.inputs[$0].isNaN }
    for place in places { cells.inputs[place] = means[place % cells.inputWidth] }
    return places
  }

  /// Turns each column of words into one input a word: 1 for the word that stands there, else 0; where none
  /// does, the share of rows that have the word.
  private mutating func spreadWords(_ means: [Double]) throws(CodedError) -> [Int] {
    let columns = inputColumns
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
      if value.isNaN {
        filled += spread.count..<spread.count + widths[slot]
        spread += columns[slot].isWords ? shares(slot, sorted[slot].places) : [means[slot]]
      } else if columns[slot].isWords {
        let start = spread.count
        spread += repeatElement(0, count: widths[slot])
        spread[start + sorted[slot].places[Int(value)]] = 1
      } else {
        spread.append(value)
      }
    }
    cells.inputs = spread
    return filled
  }

  private func shares(_ slot: Int, _ places: [Int]) -> [Double] {
    var counts = [Double](repeating: 0, count: places.count)
    for place in stride(from: slot, to: cells.inputs.count, by: cells.inputWidth)
    where !cells.inputs[place].isNaN {
      counts[places[Int(cells.inputs[place])]] += 1
    }
    let all = counts.reduce(0, +)
    return counts.map { $0 / all }
  }
}
