internal import Diagnostics
public import Foundations
package import NeuralEngine

/// A choice of columns: `features=age,height`, `features=11`.
public enum ColumnChoice: Sendable, Equatable {
  /// Every column that is no target.
  case all
  /// The first so many of them.
  case first(Int)
  /// Those of these names.
  case names([String])
}

extension Dataset {
  /// The same rows with some of the inputs only, in the order asked for.
  ///
  /// - Throws: `unknown-column`, `too-many-features`, or `image-features` where the inputs are images.
  public func selecting(features choice: ColumnChoice) throws(CodedError) -> Dataset {
    if choice == .all { return self }
    guard inputShape.count == 1 else {
      throw CodedError(
        .imageFeatures,
        "The inputs of `\(name)` are images of \(inputShape.sizesText), "
          + "from which single features cannot be selected. Leave `features=` out.")
    }
    let chosen = try choice.places(among: inputColumns.map(\.name), of: name)
    var starts: [Int] = []
    var width = 0
    for column in inputColumns {
      starts.append(width)
      width += column.width
    }
    let numbers = chosen.flatMap { starts[$0]..<starts[$0] + inputColumns[$0].width }
    let kept = Dictionary(uniqueKeysWithValues: numbers.enumerated().map { ($1, $0) })
    return Dataset(
      name: name, rows: rows, storage: storage.picking(numbers, of: width, rows: inputRows),
      inputColumns: chosen.map { inputColumns[$0] }, targets: targets, targetColumns: targetColumns,
      filled: filled.compactMap { place in kept[place % width].map { place / width * numbers.count + $0 } },
      labelColumns: labelColumns, notes: notes, times: times, vocabulary: vocabulary, steps: steps)
  }

  /// Some rows, in the order given; each must be one of this data set.
  public func selecting(rows chosen: [Int], name: String) -> Dataset {
    let width = inputWidth
    var refilled: [Int] = []
    if !filled.isEmpty {
      let ofRow = Dictionary(grouping: filled, by: { $0 / width })
      for (new, old) in inputRows(of: chosen).enumerated() {
        refilled += (ofRow[old] ?? []).map { new * width + $0 % width }
      }
    }
    return Dataset(
      name: name, rows: chosen.count, storage: storage.rows(chosen, width: width, steps: steps),
      inputColumns: inputColumns, inputShape: inputShape,
      targets: targets.rows(chosen, width: targetWidth, steps: steps?.ofTargets),
      targetColumns: targetColumns, filled: refilled, labelColumns: labelColumns.map { $0.rows(chosen) },
      window: window, times: times.map { times in chosen.map { times[$0] } }, vocabulary: vocabulary,
      steps: steps?.selecting(chosen))
  }

  /// The places of the rows of inputs that some rows have: their own, or those of their steps.
  func inputRows(of rows: [Int]) -> [Int] { steps?.places(of: rows) ?? rows }

  /// Some rows, in the order given, with the remarks on how they were read and another one.
  public func selecting(rows chosen: [Int], noting note: String) -> Dataset {
    var chosen = selecting(rows: chosen, name: name)
    chosen.notes = notes + [note]
    return chosen
  }

  /// The same data set with other inputs of the same shape.
  func replacing(storage: ExampleInputs, targets: [Double]? = nil, filled: [Int]? = nil) -> Dataset {
    Dataset(
      name: name, rows: rows, storage: storage, inputColumns: inputColumns, inputShape: inputShape,
      targets: targets ?? self.targets, targetColumns: targetColumns, filled: filled ?? self.filled,
      labelColumns: labelColumns, notes: notes, window: window, times: times, vocabulary: vocabulary,
      steps: steps)
  }
}

extension Dataset {
  /// The same rows with other names for some of the columns.
  ///
  /// - Throws: `unknown-column`, or `repeated-column` for a name that is there already.
  public func renaming(_ changes: [String: String]) throws(CodedError) -> Dataset {
    let names = try ColumnChoice.renamed(columnNames, by: changes, of: name)
    let wide = inputColumns.count + targetColumns.count
    func named(_ columns: [DataColumn], from start: Int) -> [DataColumn] {
      columns.enumerated().map { place, column in
        var column = column
        column.name = names[start + place]
        return column
      }
    }
    return Dataset(
      name: name, rows: rows, storage: storage, inputColumns: named(inputColumns, from: 0),
      inputShape: inputShape, targets: targets,
      targetColumns: named(targetColumns, from: inputColumns.count), filled: filled,
      labelColumns: labelColumns.enumerated().map { $1.renamed(names[wide + $0]) },
      notes: notes, window: window, times: times, vocabulary: vocabulary, steps: steps)
  }
}

extension ExampleInputs {
  package func picking(_ columns: [Int], of width: Int, rows: Int) -> ExampleInputs {
    let values = doubles
    var picked: [Double] = []
    picked.reserveCapacity(rows * columns.count)
    for row in 0..<rows { for column in columns { picked.append(values[row * width + column]) } }
    return .doubles(picked)
  }
}

extension ColumnChoice {
  /// The places of the chosen names.
  ///
  /// - Throws: `unknown-column` or `too-many-features`.
  package func places(among names: [String], of source: String) throws(CodedError) -> [Int] {
    switch self {
    case .all: return Array(names.indices)
    case .first(let count):
      guard (1...max(1, names.count)).contains(count) else {
        throw CodedError(
          .tooManyFeatures,
          "features=\(count) asks for \(count) columns of `\(source)`, which has \(names.count) besides its "
            + "targets. Use 1 to \(names.count).", suggestion: "features=\(names.count)")
      }
      return Array(0..<count)
    case .names(let wanted):
      var places: [Int] = []
      for name in wanted {
        let place = try ColumnChoice.place(of: name, among: names, of: source)
        guard !places.contains(place) else {
          throw CodedError(
            .repeatedColumn, "`\(name)` is named twice among the columns of `\(source)`.")
        }
        places.append(place)
      }
      return places
    }
  }

  /// Names with some of them replaced.
  ///
  /// - Throws: `unknown-column`, or `repeated-column` for a name that is there already.
  package static func renamed(_ names: [String], by changes: [String: String], of source: String)
    throws(CodedError)
    -> [String]
  {
    var renamed = names
    for (old, new) in changes.sorted(by: { $0.key < $1.key }) {
      renamed[try place(of: old, among: names, of: source)] = new
    }
    for (place, name) in renamed.enumerated() where renamed[..<place].contains(name) {
      throw CodedError(
        .repeatedColumn,
        "After rename= two columns of `\(source)` would be called `\(name)`. Choose another name.")
    }
    return renamed
  }

  /// The place of one name, which may differ in case when that is no matter of doubt.
  package static func place(of name: String, among names: [String], of source: String) throws(CodedError)
    -> Int
  {
    if let exact = names.firstIndex(of: name) { return exact }
    let alike = names.indices.filter { names[$0].lowercased() == name.lowercased() }
    if alike.count == 1 { return alike[0] }
    let shown = names.prefix(12).map { "`\($0)`" }.joined(separator: ", ")
    let nearest = DidYouMean.nearest(to: name, among: names)
    throw CodedError(
      .unknownColumn,
      "`\(source)` has no column `\(name)`.\(DidYouMean.sentence(nearest)) Its columns are \(shown)"
        + (names.count > 12 ? " and \(names.count - 12) more." : "."), suggestion: nearest?.asColumnName)
  }
}
