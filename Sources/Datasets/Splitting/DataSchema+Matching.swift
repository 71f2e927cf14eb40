internal import Diagnostics
public import Foundations
internal import NeuralEngine

/// A table in the columns of a schema.
public struct MatchedData: Sendable {
  /// The table.
  public let data: Dataset
  /// Where each input stood among the numbers of a row, its inputs and then its targets; nil for a category that the
  /// table does not have. Nil where nothing was moved.
  public let inputSources: [Int?]?
  /// Likewise for the targets; nil where nothing was moved.
  public let targetSources: [Int?]?
  /// What was done, for the user; nil where columns were in place.
  public let note: String?

  /// The scales of the table's columns in the order of the schema.
  public func match(_ preparation: Preparation) -> Preparation {
    var matched = preparation
    let width = preparation.inputs.count
    func scale(_ source: Int?) -> Preparation.Scale {
      guard let source else { return Preparation.Scale() }
      if width == 1, source == 0 || preparation.targets == nil { return preparation.inputs[0] }
      if source < width { return preparation.inputs[source] }
      return preparation.targets.flatMap { $0.indices.contains(source - width) ? $0[source - width] : nil }
        ?? Preparation.Scale()
    }
    if let inputSources, width > 1 { matched.inputs = inputSources.map(scale) }
    if let targetSources, preparation.targets != nil { matched.targets = targetSources.map(scale) }
    // Places of classes are no amounts.
    if data.classes != nil { matched.targets = nil }
    return matched
  }
}

extension DataSchema {
  /// The use of a table's targets.
  public enum TargetUse: Sendable {
    /// They are looked for and must say known classes.
    case needed
    /// Nobody asks for them.
    case ignored
  }

  /// Finds the columns of the schema in a table by their names, its words by what they say, and its classes likewise.
  ///
  /// A table without names, or a schema without, goes by position.
  ///
  /// - Parameter network: what messages call the owner of the schema.
  /// - Throws: `unknown-column` for inputs that the table lacks, `unknown-category` or `unknown-class` with row, column
  ///   and word, `not-a-number` where a column of numbers has become one of words.
  public func match(
    _ data: Dataset, for network: String, targets use: TargetUse = .needed
  ) throws(CodedError) -> MatchedData {
    let matching = Matching(schema: self, data: data, network: network)
    let inputs = try matching.inputs()
    let taken = inputs?.map(\.place) ?? matching.inputPlaces
    let targets = use == .needed ? try matching.targets(besides: taken) : nil
    try matching.checkSteps(inputs ?? [], targets ?? [])
    let means = data.filled.isEmpty || !data.hasNamedInputs ? [:] : inputMeans
    guard inputs != nil || targets != nil else {
      let refilled = data.refilled(means)
      return MatchedData(
        data: refilled, inputSources: nil, targetSources: nil,
        note: matching.note(nil, isRefilled: refilled.differs(from: data)))
    }
    var (storage, columns, filled) = (data.storage, data.inputColumns, data.filled)
    if let inputs {
      let values = try inputs.isEmpty ? [] : matching.values(of: inputs)
      storage = .doubles(values)
      columns = inputs.map { pair in
        var column = pair.wanted
        column.missing = pair.found.missing
        return column
      }
      filled = matching.filled(inputs)
    }
    let answers = try targets.map { (pairs) throws(CodedError) in try matching.targetValues(pairs) }
    let matched = Dataset(
      name: data.name, rows: data.rows, storage: storage, inputColumns: columns,
      inputShape: inputs == nil ? data.inputShape : nil, targets: answers ?? data.targets,
      targetColumns: targets.map {
        $0.map { DataColumn($0.found.name, levels: $0.wanted.levels, transform: $0.found.transform) }
      }
        ?? data.targetColumns, filled: filled, labelColumns: data.labelColumns, notes: data.notes,
      window: inputs == nil ? data.window : nil, times: data.times, steps: data.steps)
    let refilled = matched.refilled(means)
    return MatchedData(
      data: refilled, inputSources: inputs.map { $0.flatMap(matching.sources) },
      targetSources: targets.map { $0.map { matching.start(of: $0.place) } },
      note: matching.note(inputs, isRefilled: refilled.differs(from: matched)))
  }

  /// What stands in for a missing value in each input.
  private var inputMeans: [Int: Double] {
    var means: [Int: Double] = [:]
    var start = 0
    for column in inputs ?? [] {
      for (place, mean) in (column.means ?? []).enumerated() { means[start + place] = mean }
      start += column.width
    }
    return means
  }

  /// Whether a table has any of the named inputs; true where columns go by position.
  public func sharesInputs(with data: Dataset) -> Bool {
    guard let inputs, data.hasNamedInputs else { return true }
    let names = Set(data.inputColumns.map(\.name) + data.targetNames)
    return inputs.contains { names.contains($0.name) }
  }
}

extension Dataset {
  /// Whether what stands in for missing values is something else than in the same rows before.
  fileprivate func differs(from before: Dataset) -> Bool {
    guard case .doubles(let new) = storage, case .doubles(let old) = before.storage else { return false }
    return filled.contains { abs(new[$0] - old[$0]) > 1e-9 * max(1, abs(old[$0])) }
  }
}

/// The search for the columns of a schema in one table.
private struct Matching {
  let schema: DataSchema
  let data: Dataset
  let network: String

  /// A column of the schema, and the one of the table that it is.
  struct Pair {
    let wanted: DataColumn
    let found: DataColumn
    /// Its place among the table's columns, inputs first and then targets.
    let place: Int
  }

  private var columns: [DataColumn] { data.inputColumns + data.targetColumns }

  // MARK: Finding

  /// The places of inputs that are in place as they are; none where nobody has named them.
  var inputPlaces: [Int] {
    schema.inputs != nil && data.hasNamedInputs ? Array(data.inputColumns.indices) : []
  }

  /// The inputs; nil where they are in place as they are.
  func inputs() throws(CodedError) -> [Pair]? {
    guard let wanted = schema.inputs, data.hasNamedInputs else { return nil }
    let isInPlace =
      wanted.count == data.inputColumns.count
      && zip(wanted, data.inputColumns).allSatisfy { $0.name == $1.name && $0.levels == $1.levels }
    if isInPlace { return nil }
    let columns = columns
    let names = columns.map(\.name)
    var pairs: [Pair] = []
    var missing: [String] = []
    for column in wanted {
      if let place = DataSchema.place(of: column.name, among: names) {
        pairs.append(Pair(wanted: column, found: columns[place], place: place))
      } else {
        missing.append(column.name)
      }
    }
    if !missing.isEmpty { throw missingColumns(missing, of: wanted) }
    return pairs
  }

  private func missingColumns(_ missing: [String], of wanted: [DataColumn]) -> CodedError {
    func list(_ names: [String]) -> String {
      names.prefix(8).map { "`\($0)`" }.joined(separator: ", ") + (names.count > 8 ? ", …" : "")
    }
    let all = missing.count == wanted.count
    let known = Set(wanted.map(\.name))
    let free = columns.map(\.name).filter { !known.contains($0) }
    let guesses = missing.compactMap { name in
      DidYouMean.nearest(to: name, among: free).map { "`\($0)` may be `\(name)`. " }
    }
    return CodedError(
      .unknownColumn,
      "`\(data.name)` has \(all ? "none of the inputs" : "no column \(list(missing)), \(missing.count == 1 ? "an input" : "inputs")") "
        + "of `\(network)`, which was trained on \(list(wanted.map(\.name))). `\(data.name)` has "
        + "\(list(columns.map(\.name))). \(guesses.prefix(3).joined())\(advice(missing, free))"
    )
  }

  /// What to do about inputs that are missing.
  private func advice(_ missing: [String], _ free: [String]) -> String {
    let names = Set(columns.map(\.name))
    let flagged = missing.filter { $0.hasSuffix("_missing") }.map { String($0.dropLast("_missing".count)) }
    if flagged.count == missing.count, flagged.allSatisfy(names.contains) {
      let list = flagged.map(\.asColumnName).joined(separator: ", ")
      return "Read it with indicator=\(flagged.count == 1 ? list : "[\(list)]")."
    }
    guard missing.count == 1, free.count == 1 else {
      return "Rename its columns with rename=, or train another network on them."
    }
    return
      "If they are the same, read it with rename={\(free[0].asColumnName): \(missing[0].asColumnName)}, or train another network on them."
  }

  /// The targets; nil where they are in place, or go by position.
  func targets(besides taken: [Int]) throws(CodedError) -> [Pair]? {
    guard !schema.targets.isEmpty, data.targetColumns.isEmpty == false || data.hasNamedInputs else {
      return nil
    }
    // Where nobody has named columns or classes, as in arrays, numbers of classes are their places.
    if schema.inputs == nil, schema.targets.allSatisfy({ $0.levels == nil }) { return nil }
    let names = columns.map(\.name)
    // Among the targets first: what is forecast stands among the inputs too, where it is known up to each step.
    let found = schema.targets.compactMap { target in
      DataSchema.place(of: target.name, among: data.targetNames).map { data.inputColumns.count + $0 }
        ?? DataSchema.place(of: target.name, among: names)
    }
    if found.count == schema.targets.count, Set(found).isDisjoint(with: taken) {
      let pairs = zip(schema.targets, found).map { Pair(wanted: $0, found: columns[$1], place: $1) }
      let isInPlace =
        found == Array(data.inputColumns.count..<columns.count)
        && zip(schema.targets, data.targetColumns).allSatisfy { $0.levels == $1.levels }
      return isInPlace ? nil : pairs
    }
    let own = Array(data.inputColumns.count..<columns.count)
    // Targets of other names go by position, unless they are inputs of the network.
    guard Set(own).isDisjoint(with: taken) else { return [] }
    guard own.count == schema.targets.count,
      zip(schema.targets, data.targetColumns).contains(where: { $0.levels != $1.levels })
    else { return nil }
    return zip(schema.targets, own).map { Pair(wanted: $0, found: columns[$1], place: $1) }
  }

  /// What was done, in words.
  func note(_ pairs: [Pair]?, isRefilled: Bool) -> String? {
    var notes: [String] = []
    if let pairs, pairs.map(\.place) != pairs.map(\.place).sorted() {
      notes.append(
        "columns are taken by their names, in the order that `\(network)` learned: "
          + pairs.prefix(8).map(\.wanted.name).joined(separator: ", ") + (pairs.count > 8 ? ", …" : ""))
    }
    if isRefilled {
      notes.append(
        "missing values replaced by the means, or other stand-ins, that `\(network)` was trained with")
    }
    return notes.isEmpty ? nil : notes.joined(separator: "; ")
  }

  // MARK: Values

  /// Where the numbers of a column begin in a row of inputs and targets.
  func start(of place: Int) -> Int {
    place < data.inputColumns.count
      ? data.inputColumns[..<place].reduce(0) { $0 + $1.width }
      : data.inputWidth + place - data.inputColumns.count
  }

  /// Where each number of a column comes from.
  func sources(_ pair: Pair) -> [Int?] {
    let start = start(of: pair.place)
    guard let levels = pair.wanted.levels else { return [start] }
    guard let known = pair.found.levels, pair.place < data.inputColumns.count else {
      return levels.map { _ in nil }
    }
    return levels.map { level in known.firstIndex(of: level).map { start + $0 } }
  }

  /// Rows x the numbers of the pairs.
  func values(of pairs: [Pair]) throws(CodedError) -> [Double] {
    let writers = try writers(pairs)
    let width = pairs.reduce(0) { $0 + $1.wanted.width }
    let inputs = data.inputs
    var values = [Double](repeating: 0, count: data.inputRows * width)
    for row in 0..<data.inputRows {
      var start = row * width
      for (pair, writer) in zip(pairs, writers) {
        try writer.write(row, inputs, data, &values, at: start, pair, network)
        start += pair.wanted.width
      }
    }
    return values
  }

  private func writers(_ pairs: [Pair]) throws(CodedError) -> [ColumnWriter] {
    var writers: [ColumnWriter] = []
    for pair in pairs {
      let isInput = pair.place < data.inputColumns.count
      let start = isInput ? start(of: pair.place) : pair.place - data.inputColumns.count
      if pair.wanted.levels == nil, let words = pair.found.levels {
        throw CodedError(
          .notANumber,
          "`\(pair.wanted.name)` holds numbers for `\(network)`, but categories in `\(data.name)`: "
            + "\(words.prefix(4).map { "`\($0)`" }.joined(separator: ", ")). Correct the column, and read it again."
        )
      }
      writers.append(
        ColumnWriter(wanted: pair.wanted, found: pair.found.levels, isInput: isInput, start: start))
    }
    return writers
  }

  /// Refuses columns of sequences that have a value a row where one a step is wanted, or the reverse.
  func checkSteps(_ inputs: [Pair], _ targets: [Pair]) throws(CodedError) {
    guard let steps = data.steps, !steps.haveTargets else { return }
    let count = data.inputColumns.count
    guard
      let moved = inputs.first(where: { $0.place >= count }) ?? targets.first(where: { $0.place < count })
    else { return }
    let isTarget = moved.place >= count
    throw CodedError(
      .unknownColumn,
      "`\(moved.found.name)` of `\(data.name)` has a value for each \(isTarget ? "row" : "step"), and `\(network)` needs one for "
        + "each \(isTarget ? "step" : "row").")
  }

  func targetValues(_ pairs: [Pair]) throws(CodedError) -> [Double] {
    let inputs = pairs.contains { $0.place < data.inputColumns.count } ? data.inputs : []
    let writers = try writers(pairs)
    var values: [Double] = []
    values.reserveCapacity(data.targetRows * pairs.count)
    for row in 0..<data.targetRows {
      for (pair, writer) in zip(pairs, writers) {
        values.append(try writer.target(row, inputs, data, pair, network))
      }
    }
    return values
  }

  /// The places that the source left empty, among the numbers of the pairs.
  func filled(_ pairs: [Pair]) -> [Int] {
    guard !data.filled.isEmpty else { return [] }
    let empty = Set(data.filled)
    let width = pairs.reduce(0) { $0 + $1.wanted.width }
    var places: [Int] = []
    for row in 0..<data.inputRows {
      var next = row * width
      for pair in pairs {
        // A column of words is empty as a whole.
        let isEmpty =
          pair.place < data.inputColumns.count
          && empty.contains(row * data.inputWidth + start(of: pair.place))
        if isEmpty { places += next..<next + pair.wanted.width }
        next += pair.wanted.width
      }
    }
    return places
  }
}

extension DataSchema {
  /// The place of a name, which may differ in case and outer blanks where that leaves no doubt.
  public static func place(of name: String, among names: [String]) -> Int? {
    if let exact = names.firstIndex(of: name) { return exact }
    func plain(_ name: String) -> String { name.trimmed.lowercased() }
    let alike = names.indices.filter { plain(names[$0]) == plain(name) }
    return alike.count == 1 ? alike[0] : nil
  }
}

/// Writes the numbers of one column of a schema, row by row.
private struct ColumnWriter {
  let wanted: [String]?
  let found: [String]?
  let isInput: Bool
  /// The first number in a row of inputs, or of targets.
  let start: Int
  /// The place among the wanted words of each word that the table has.
  private let places: [Int?]
  /// The place of each number that stands for a word.
  private let numbers: [Double: Int]
  private let other: Int?
  private let hasMeans: Bool

  init(wanted column: DataColumn, found: [String]?, isInput: Bool, start: Int) {
    wanted = column.levels
    self.found = found
    self.isInput = isInput
    self.start = start
    let known = Dictionary(
      (wanted ?? []).enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    places = (found ?? []).map { known[$0] }
    numbers =
      wanted == nil || found != nil
      ? [:]
      : Dictionary(
        known.compactMap { word, place in Double(word).map { ($0, place) } },
        uniquingKeysWith: { min($0, $1) })
    other = column.otherPlace
    hasMeans = column.means != nil
  }

  private func value(_ row: Int, _ inputs: [Double], _ data: Dataset) -> Double {
    isInput ? inputs[row * data.inputWidth + start] : data.targets[row * data.targetWidth + start]
  }

  func write(
    _ row: Int, _ inputs: [Double], _ data: Dataset, _ values: inout [Double], at place: Int,
    _ pair: Matching.Pair, _ network: String
  ) throws(CodedError) {
    guard wanted != nil else {
      values[place] = value(row, inputs, data)
      return
    }
    if let found, isInput {
      // Shares of several words stand where the source had none.
      for (word, target) in places.enumerated() {
        let share = inputs[row * data.inputWidth + start + word]
        guard share != 0 else { continue }
        // What stands for a missing value is replaced by the network's own means.
        if target == nil, share < 1, hasMeans { continue }
        guard let target = target ?? other else { throw unknown(found[word], row, data, pair, network) }
        values[place + target] += share
      }
      return
    }
    values[place + (try word(row, inputs, data, pair, network))] = 1
  }

  /// The place of the word, or of the class, that stands in a row.
  private func word(
    _ row: Int, _ inputs: [Double], _ data: Dataset, _ pair: Matching.Pair, _ network: String
  ) throws(CodedError) -> Int {
    guard let found else {
      let number = value(row, inputs, data)
      if let place = numbers[number] ?? other { return place }
      // Classes that nobody has named are counted from 0.
      if numbers.isEmpty, !data.hasNamedInputs, let place = Int(exactly: number), let wanted,
        wanted.indices.contains(place)
      {
        return place
      }
      throw unknown(number.brief, row, data, pair, network)
    }
    let word =
      isInput
      ? found.indices.first { inputs[row * data.inputWidth + start + $0] == 1 }
      : Int(exactly: value(row, inputs, data))
    guard let word, found.indices.contains(word) else {
      throw unknown("?", row, data, pair, network)
    }
    guard let place = places[word] ?? other else { throw unknown(found[word], row, data, pair, network) }
    return place
  }

  func target(
    _ row: Int, _ inputs: [Double], _ data: Dataset, _ pair: Matching.Pair, _ network: String
  ) throws(CodedError) -> Double {
    wanted == nil ? value(row, inputs, data) : Double(try word(row, inputs, data, pair, network))
  }

  private func unknown(
    _ word: String, _ row: Int, _ data: Dataset, _ pair: Matching.Pair, _ network: String
  ) -> CodedError {
    let known =
      (wanted ?? []).prefix(8).map { "`\($0)`" }.joined(separator: ", ")
      + ((wanted?.count ?? 0) > 8 ? ", …" : "")
    let isTarget = pair.place >= data.inputColumns.count
    return CodedError(
      isTarget ? .unknownClass : .unknownCategory,
      "Row \(row + 1) of `\(data.name)` has \(isTarget ? "the class" : "the category") `\(word)` in `\(pair.found.name)`, which `\(network)` "
        + "was not trained on: it knows \(known). Correct the row or leave it out, or train on data that has "
        + (isTarget
          ? "this class."
          : "this category, or that is read with rare=2: a category `other` then takes what is rare or new."))
  }
}
