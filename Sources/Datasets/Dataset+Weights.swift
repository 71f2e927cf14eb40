public import Foundations
public import NeuralEngine

extension Dataset {
  /// The column whose numbers say how much each row counts; nil where all count alike.
  public var weightColumn: LabelColumn? { labelColumns.first { $0.role == .weight } }

  /// How much each row counts; nil where all count alike.
  public var weights: [Double]? { weightColumn.map { $0.texts.map { Double($0) ?? 0 } } }

  /// The rows as the engine takes them, each counting as much as its weight says.
  ///
  /// - Throws: `bad-value` where all weights are 0, as they can be in a part.
  public func counted() throws(CodedError) -> Examples {
    guard let weights else { return examples }
    return try examples.weighted(by: weights)
  }

  /// The same data set, whose rows count as one of the columns says that were dropped.
  ///
  /// - Throws: `unknown-column` where no such column was dropped, `bad-value` where it has something else than numbers of 0 or
  ///   more, or only zeros;
  ///   `bad-window` where rows are sequences that were made of several.
  public func weighted(by column: String) throws(CodedError) -> Dataset {
    if steps != nil, labelColumns.contains(where: { $0.role == .series }) {
      throw CodedError.weightOfSequence
    }
    let place = try ColumnChoice.place(of: column, among: labelColumns.map(\.name), of: name)
    let texts = labelColumns[place].texts
    let numbers = texts.map { Double($0) }
    if let bad = numbers.firstIndex(where: { !($0.map { $0 >= 0 && $0.isFinite } ?? false) }) {
      let what = texts[bad].isEmpty ? "empty" : "`\(texts[bad].prefix(20))`"
      throw CodedError(
        .badValue,
        "The weight of row \(bad + 1) of `\(name)` is \(what) in the column `\(column)`. A weight is 0 or a number above 0."
      )
    }
    guard numbers.contains(where: { ($0 ?? 0) > 0 }) else {
      throw CodedError(
        .badValue,
        "All weights of `\(name)` in the column `\(column)` are 0, so there is nothing to train on. Leave weight= out."
      )
    }
    var weighted = self
    weighted.giveRole(.weight, to: place)
    return weighted
  }

  /// Has one of the columns that were dropped, and no other, say something of the rows.
  mutating func giveRole(_ role: LabelColumn.Role, to place: Int) {
    for index in labelColumns.indices where labelColumns[index].role == role {
      labelColumns[index].role = nil
    }
    labelColumns[place].role = role
  }
}

extension CodedError {
  /// The error for a weight of rows that become steps of sequences.
  static var weightOfSequence: CodedError {
    CodedError(
      .badWindow, "A sequence is made of several rows, so no row has a weight of its own. Leave weight= out.")
  }
}
