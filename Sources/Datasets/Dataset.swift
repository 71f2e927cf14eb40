public import NeuralEngine

/// A table of examples: rows of inputs, and of targets where it has any.
public struct Dataset: Sendable, Equatable {
  /// What it is called.
  public let name: String
  /// How many rows there are; at least one.
  public let rows: Int
  /// The names of the inputs, in the order of the columns.
  public let inputNames: [String]
  /// The names of the targets, in the order of the columns; empty when there are none.
  public let targetNames: [String]
  /// Rows x inputs, row by row.
  public let inputs: [Double]
  /// Rows x targets, row by row.
  public let targets: [Double]

  /// Creates a data set from columns side by side.
  ///
  /// - Parameters:
  ///   - inputs: one array a row, all of the same length.
  ///   - targets: one array a row, all of the same length; empty arrays when there are no targets.
  /// - Throws: `empty-table` or `ragged-table`.
  public init(name: String, inputs: [[Double]], targets: [[Double]]) throws(EngineError) {
    guard let width = inputs.first?.count, width > 0 else {
      throw EngineError("empty-table", "`\(name)` has no rows or no inputs. A row looks like `0 1 -> 1`.")
    }
    guard inputs.count == targets.count else {
      throw EngineError(
        "ragged-table",
        "`\(name)` has \(inputs.count) rows of inputs but \(targets.count) rows of targets. "
          + "There must be as many of one as of the other.")
    }
    let targetWidth = targets.first?.count ?? 0
    for row in inputs.indices where inputs[row].count != width || targets[row].count != targetWidth {
      throw EngineError(
        "ragged-table", "Row \(row + 1) of `\(name)` has not as many numbers as the first row.")
    }
    self.name = name
    rows = inputs.count
    inputNames = Dataset.names("x", width)
    targetNames = Dataset.names("y", targetWidth)
    self.inputs = inputs.flatMap(\.self)
    self.targets = targets.flatMap(\.self)
  }

  /// `x1`, `x2`, … or just `x` for one.
  private static func names(_ letter: String, _ count: Int) -> [String] {
    count == 1 ? [letter] : (1...max(1, count)).prefix(count).map { "\(letter)\($0)" }
  }

  /// The rows as the engine takes them.
  public var examples: Examples { Examples(name: name, rows: rows, inputs: inputs, targets: targets) }

  /// The inputs of one row.
  public func inputs(ofRow row: Int) -> ArraySlice<Double> {
    inputs[row * inputNames.count..<(row + 1) * inputNames.count]
  }

  /// The targets of one row.
  public func targets(ofRow row: Int) -> ArraySlice<Double> {
    targets[row * targetNames.count..<(row + 1) * targetNames.count]
  }
}
