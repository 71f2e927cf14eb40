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
      let standIns = data.standIns(over: 0..<data.rows, ofAll: true)
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
    guard targetColumns.count == 1, targetColumns[0].levels == nil,
      targets.allSatisfy({ $0 == $0.rounded() && abs($0) < 1e15 })
    else { return nil }
    let values = Set(targets).sorted()
    guard values.count == count else { return nil }
    var column = targetColumns[0]
    column.levels = values.map { String(Int($0)) }
    return DataSchema(inputs: nil, targets: [column]).withClasses(self)
  }
}

extension DataSchema {
  /// A table whose one target holds numbers, each of which is the name of a class; nil where one of them is none.
  public func withClasses(_ data: Dataset) -> Dataset? {
    guard let classes, data.targetColumns.count == 1, data.targetColumns[0].levels == nil else { return nil }
    let places = Dictionary(
      classes.enumerated().compactMap { place, name in Double(name).map { ($0, Double(place)) } },
      uniquingKeysWith: { first, _ in first })
    let labels = data.targets.compactMap { places[$0] }
    guard labels.count == data.rows else { return nil }
    var column = data.targetColumns[0]
    column.levels = classes
    return Dataset(
      name: data.name, rows: data.rows, storage: data.storage, inputColumns: data.inputColumns,
      inputShape: data.inputShape, targets: labels, targetColumns: [column], filled: data.filled,
      labelColumns: data.labelColumns, notes: data.notes)
  }
}
