/// The columns of the table that a network was trained on, by which those of another table are recognised.
public struct DataSchema: Sendable, Equatable {
  /// The input columns with their words; nil where nobody has named them, so that they go by position.
  public var inputs: [DataColumn]?
  /// The target columns with their classes.
  public var targets: [DataColumn]
  /// The tokens of the text that it was, whose numbers are its inputs; nil for a table of something else.
  public var vocabulary: Vocabulary?

  /// Creates a schema.
  public init(inputs: [DataColumn]?, targets: [DataColumn], vocabulary: Vocabulary? = nil) {
    self.inputs = inputs
    self.targets = targets
    self.vocabulary = vocabulary
  }

  /// The schema of a table, with what stands in for missing values.
  public init(of data: Dataset) {
    var inputs: [DataColumn]?
    if data.hasNamedInputs {
      let standIns = data.standIns(over: 0..<data.inputRows, ofAll: true)
      var start = 0
      inputs = data.inputColumns.map { column in
        defer { start += column.width }
        let means = (start..<start + column.width).compactMap { standIns[$0] }
        return DataColumn(
          column.name, levels: column.levels, groupsOthers: column.groupsOthers,
          means: means.count == column.width ? means : nil)
      }
    }
    self.init(
      inputs: inputs, targets: data.targetColumns.map { DataColumn($0.name, levels: $0.levels) },
      vocabulary: data.vocabulary)
  }

  /// The names of the classes, when the one target says which class a row belongs to.
  public var classes: [String]? { targets.count == 1 ? targets[0].levels : nil }

  /// The number of inputs that the columns make; nil where they go by position.
  public var inputWidth: Int? { inputs.map { $0.reduce(0) { $0 + $1.width } } }
}

extension Dataset {
  /// Whether its inputs are known by names: not by `x1, x2, …` or `column1, column2, …`, which only count them.
  public var hasNamedInputs: Bool {
    guard inputShape.count == 1 else { return false }
    return inputColumns.enumerated().contains { place, column in
      column.levels != nil
        || !["x", "x\(place + 1)", "column\(place + 1)"].contains(column.name)
    }
  }

  /// The same rows, with the numbers in their one target taken for classes, such as 1, 2 and 3.
  ///
  /// - Parameter count: how many classes there must be.
  /// - Returns: nil where the targets are not that many different whole numbers, or are classes already.
  public func takingTargetsForClasses(_ count: Int) -> Dataset? {
    guard targetColumns.count == 1 else { return nil }
    return takingTargetsForClasses([count])
  }

  /// The same rows, with the numbers in some of the targets taken for classes.
  ///
  /// - Parameter counts: how many classes there must be in each target column; nil for one that stays as it is.
  /// - Returns: nil where one of them has not that many different whole numbers, or is of classes already.
  public func takingTargetsForClasses(_ counts: [Int?]) -> Dataset? {
    var columns = targetColumns
    for (place, count) in counts.enumerated() {
      guard let count else { continue }
      let values = stride(from: place, to: targets.count, by: targetWidth).map { targets[$0] }
      let different = Set(values)
      guard columns[place].levels == nil, different.count == count,
        different.allSatisfy({ $0 == $0.rounded() && abs($0) < 1e15 })
      else { return nil }
      columns[place].levels = different.sorted().map { String(Int($0)) }
    }
    return DataSchema(inputs: nil, targets: columns).withClasses(self)
  }
}

extension DataSchema {
  /// A table whose targets hold numbers, each of which is the name of a class of the schema; nil where one of them is none,
  /// and where the schema has no classes that the table has not.
  public func withClasses(_ data: Dataset) -> Dataset? {
    guard targets.count == data.targetColumns.count else { return nil }
    var (columns, values) = (data.targetColumns, data.targets)
    var isChanged = false
    for (place, wanted) in targets.enumerated() {
      guard let classes = wanted.levels, columns[place].levels == nil else { continue }
      let places = Dictionary(
        classes.enumerated().compactMap { place, name in Double(name).map { ($0, Double(place)) } },
        uniquingKeysWith: { first, _ in first })
      for cell in stride(from: place, to: values.count, by: targets.count) {
        guard let label = places[values[cell]] else { return nil }
        values[cell] = label
      }
      columns[place].levels = classes
      isChanged = true
    }
    guard isChanged else { return nil }
    return Dataset(
      name: data.name, rows: data.rows, storage: data.storage, inputColumns: data.inputColumns,
      inputShape: data.inputShape, targets: values, targetColumns: columns, filled: data.filled,
      labelColumns: data.labelColumns, notes: data.notes, window: data.window, times: data.times,
      vocabulary: data.vocabulary, steps: data.steps)
  }
}
