public import Foundations
public import NeuralEngine

/// A table of examples: rows of inputs, and of targets where it has any.
///
/// ```swift
/// let xor = try Dataset(
///   name: "xor", inputs: [[0, 0], [0, 1], [1, 0], [1, 1]], targets: [[0], [1], [1], [0]])
/// let row = xor.inputs(ofRow: 2)  // 1, 0
/// ```
public struct Dataset: Sendable, Equatable {
  /// The name.
  public var name: String
  /// The number of rows; at least one.
  public let rows: Int
  /// The inputs, row by row, as they are kept: numbers, or 8-bit images.
  public let storage: ExampleInputs
  /// The steps of each row, where rows are sequences of their own lengths; nil where all rows are equally wide.
  public let steps: SequenceSteps?
  /// Rows x targets, row by row; a class is its place in `classes`. Of sequences whose steps have targets, steps x targets.
  public let targets: [Double]
  /// The columns of the inputs as the source has them; a column of words is several numbers wide.
  public let inputColumns: [DataColumn]
  /// The columns of the targets; empty when there are none.
  public let targetColumns: [DataColumn]
  /// The shape of one row: `[4]`, or height, width and channels of an image: `[28, 28, 1]`. Of sequences of their own lengths
  /// that of a step.
  public let inputShape: [Int]
  /// The names of the inputs, one a number: `age`, `colour=red`.
  public let inputNames: [String]
  /// The places of `storage` that the source left empty and that hold the mean of their column, or another stand-in.
  let filled: [Int]
  /// How a series was cut into these rows; nil where rows have nothing to do with each other.
  public let window: SeriesWindow?
  /// The time of each row, from its first step to the one that its target belongs to; nil where no column says it.
  public let times: [TimeSpan]?
  /// What a text was cut into, whose numbers the rows hold; nil for a table of something else.
  public internal(set) var vocabulary: Vocabulary?
  /// The columns that were dropped, which say which row is which.
  public internal(set) var labelColumns: [LabelColumn]
  /// Remarks on how it was read: `3 rows with missing values are left out`.
  public package(set) var notes: [String]

  /// The names of the targets, in the order of the columns; empty when there are none.
  public var targetNames: [String] { targetColumns.map(\.name) }
  /// The names of the classes, when the one target says which class a row belongs to.
  public var classes: [String]? { targetColumns.count == 1 ? targetColumns[0].levels : nil }
  /// The width of a row of inputs; of sequences of their own lengths, that of a step.
  public var inputWidth: Int { inputNames.count }
  /// How many rows of inputs there are: one a row, or one a step.
  public var inputRows: Int { steps?.count ?? rows }
  /// How many rows of targets there are: one a row, or one a step where steps have targets.
  public var targetRows: Int { steps?.targetRows ?? rows }
  /// The width of a row of targets.
  public var targetWidth: Int { targetColumns.count }
  /// Rows x inputs, row by row, as doubles; making them of 8-bit images takes eight times the memory.
  public var inputs: [Double] { storage.doubles }

  /// Creates a data set; the counts must fit one another.
  package init(
    name: String, rows: Int, storage: ExampleInputs, inputColumns: [DataColumn], inputShape: [Int]? = nil,
    targets: [Double] = [], targetColumns: [DataColumn] = [], filled: [Int] = [],
    labelColumns: [LabelColumn] = [],
    notes: [String] = [], window: SeriesWindow? = nil, times: [TimeSpan]? = nil,
    vocabulary: Vocabulary? = nil, steps: SequenceSteps? = nil
  ) {
    let names = inputColumns.flatMap(\.numberNames)
    precondition(steps.map { $0.rows == rows } ?? true, "steps for each row")
    precondition(rows > 0 && storage.count == (steps?.count ?? rows) * names.count, "whole rows of inputs")
    precondition(
      targets.count == (steps?.targetRows ?? rows) * targetColumns.count, "whole rows of targets")
    precondition(labelColumns.allSatisfy { $0.rows == rows }, "a label for each row")
    precondition(times.map { $0.count == rows } ?? true, "a time for each row")
    self.name = name
    self.rows = rows
    self.storage = storage
    self.inputColumns = inputColumns
    self.inputShape = inputShape ?? [names.count]
    self.inputNames = names
    self.targets = targets
    self.targetColumns = targetColumns
    self.filled = filled
    self.labelColumns = labelColumns
    self.notes = notes
    self.window = window
    self.times = times
    self.vocabulary = vocabulary
    self.steps = steps
  }

  /// The same data set under another name.
  public func renamed(_ name: String) -> Dataset {
    var renamed = self
    renamed.name = name
    return renamed
  }

  /// The rows as the engine takes them.
  public var examples: Examples {
    Examples(name: name, rows: rows, storage: storage, targets: targets, steps: steps)
      .naming(targetColumns.named)
  }

  /// The inputs of one row; of a sequence its steps one after the other.
  public func inputs(ofRow row: Int) -> ArraySlice<Double> {
    let own = steps?[row] ?? row..<row + 1
    let places = own.lowerBound * inputWidth..<own.upperBound * inputWidth
    switch storage {
    case .doubles(let values): return values[places]
    case .bytes(let bytes): return bytes.doubles(in: places)[...]
    }
  }

  /// The targets of one row; of a sequence whose steps have targets, those of its steps one after the other.
  public func targets(ofRow row: Int) -> ArraySlice<Double> {
    let own = steps?.ofTargets?[row] ?? row..<row + 1
    return targets[own.lowerBound * targetWidth..<own.upperBound * targetWidth]
  }

  /// The class of each row, as its place in `classes`; nil when the targets are no classes.
  public var classOfRow: [Int]? {
    guard let classes, targetRows == rows else { return nil }
    let labels = targets.compactMap { Int(exactly: $0) }
    return labels.count == rows && labels.allSatisfy(classes.indices.contains) ? labels : nil
  }
}

extension Dataset {
  /// Creates a data set from columns side by side.
  ///
  /// - Parameters:
  ///   - inputs: one array a row, all of the same length.
  ///   - targets: one array a row, all of the same length; empty arrays when there are no targets.
  /// - Throws: `empty-table` or `ragged-table`.
  public init(name: String, inputs: [[Double]], targets: [[Double]]) throws(CodedError) {
    guard let width = inputs.first?.count, width > 0 else {
      throw CodedError(.emptyTable, "`\(name)` has no rows or no inputs. A row looks like `0 1 -> 1`.")
    }
    guard inputs.count == targets.count else {
      throw CodedError(
        .raggedTable,
        "`\(name)` has \(inputs.count) row\(inputs.count == 1 ? "" : "s") of inputs but \(targets.count) of targets. "
          + "The numbers must be equal.")
    }
    let targetWidth = targets.first?.count ?? 0
    for row in inputs.indices where inputs[row].count != width || targets[row].count != targetWidth {
      throw CodedError(
        .raggedTable, "Row \(row + 1) of `\(name)` does not have as many numbers as the first row.")
    }
    self.init(
      name: name, rows: inputs.count, storage: .doubles(inputs.flatMap(\.self)),
      inputColumns: DataColumn.numbers("x", width), targets: targets.flatMap(\.self),
      targetColumns: DataColumn.numbers("y", targetWidth))
  }
}

/// A column that nothing is learned from, such as ids and names: a text for each row.
public struct LabelColumn: Sendable, Equatable {
  /// What its texts say of the rows besides.
  public enum Role: String, Sendable {
    /// Numbers that say how much each row counts.
    case weight
    /// Times, or numbers, that the rows are in the order of.
    case order
    /// Which of several series a row belongs to.
    case series
  }

  /// The name.
  public let name: String
  /// The texts in UTF-8, row by row, with a zero byte behind each.
  public let bytes: [UInt8]
  /// The texts of the steps of rows that are sequences, row by row like ``bytes``, with a unit separator between two steps; nil
  /// where there is one text a row.
  public let stepBytes: [UInt8]?
  /// What they say of the rows; nil for nothing that anybody has asked for.
  public var role: Role?
  /// Whether they are dates or times.
  public var isDate: Bool

  /// Creates a column of texts in UTF-8, each with a zero byte behind it.
  public init(
    _ name: String, bytes: [UInt8], stepBytes: [UInt8]? = nil, role: Role? = nil, isDate: Bool = false
  ) {
    self.name = name
    self.bytes = bytes
    self.stepBytes = stepBytes
    self.role = role
    self.isDate = isDate
  }

  /// Creates a column of texts that have no zero byte.
  package init(_ name: String, _ texts: [Substring], role: Role? = nil, isDate: Bool = false) {
    self.init(name, bytes: LabelColumn.bytes(texts), role: role, isDate: isDate)
  }

  /// The number of rows.
  public var rows: Int { bytes.count { $0 == 0 } }
  /// For how many rows there are texts of steps; nil where there is one text a row.
  var stepRows: Int? { stepBytes.map { bytes in bytes.count { $0 == 0 } } }
  /// The text of each row.
  public var texts: [Substring] { LabelColumn.texts(bytes) }

  /// The texts of each row's steps, where rows are sequences; nil where there is one text a row.
  public var textsOfSteps: [[Substring]]? {
    stepBytes.map { bytes in
      LabelColumn.texts(bytes).map { row in
        row.unicodeScalars.split(separator: LabelColumn.separator, omittingEmptySubsequences: false).map {
          Substring($0)
        }
      }
    }
  }

  /// What stands between the texts of two steps.
  private static let separator: Unicode.Scalar = "\u{1F}"

  private static func texts(_ bytes: [UInt8]) -> [Substring] {
    String(decoding: bytes, as: UTF8.self).unicodeScalars.split(
      separator: "\0", omittingEmptySubsequences: false
    ).dropLast().map { Substring($0) }
  }

  private static func bytes(_ texts: [Substring]) -> [UInt8] { texts.flatMap { Array($0.utf8) + [0] } }

  /// Some of its rows.
  func rows(_ rows: some Collection<Int>) -> LabelColumn {
    func chosen(_ bytes: [UInt8]) -> [UInt8] {
      let texts = LabelColumn.texts(bytes)
      return LabelColumn.bytes(rows.map { texts[$0] })
    }
    return LabelColumn(
      name, bytes: chosen(bytes), stepBytes: stepBytes.map(chosen), role: role, isDate: isDate)
  }

  /// The column for sequences made of its rows, a row a step: a sequence has the text of one row, and each of its steps that of
  /// another.
  func sequences(_ ends: [Int], steps: [Range<Int>]) -> LabelColumn {
    let texts = texts
    let joined = steps.map { places in
      Substring(
        places.map { texts[$0].replacing(String(LabelColumn.separator), with: " ") }
          .joined(separator: String(LabelColumn.separator)))
    }
    return LabelColumn(
      name, bytes: LabelColumn.bytes(ends.map { texts[$0] }), stepBytes: LabelColumn.bytes(joined),
      role: role,
      isDate: isDate)
  }

  /// The same column for rows that have no steps of their own any more.
  var withoutSteps: LabelColumn { LabelColumn(name, bytes: bytes, role: role, isDate: isDate) }

  /// The same column under another name.
  func renamed(_ name: String) -> LabelColumn {
    LabelColumn(name, bytes: bytes, stepBytes: stepBytes, role: role, isDate: isDate)
  }
}

extension Dataset {
  /// The column that says something of the rows in a role, such as when they were; nil where none does.
  public func labelColumn(_ role: LabelColumn.Role) -> LabelColumn? {
    labelColumns.first { $0.role == role }
  }
}

extension [DataColumn] {
  /// The columns as the engine takes them.
  public var named: [TargetColumn] { map { TargetColumn($0.name, classes: $0.levels?.count) } }
}

/// From when to when something lasts, in seconds after 1970 for dates, else in the numbers of the column that says it.
public struct TimeSpan: Sendable, Equatable {
  /// Its first moment.
  public let first: Double
  /// Its last moment.
  public let last: Double

  /// Creates a span.
  public init(first: Double, last: Double) {
    self.first = first
    self.last = last
  }
}

/// A column of the source of a data set.
public struct DataColumn: Sendable, Equatable {
  /// The name.
  public var name: String
  /// The words of a column of words, sorted: one input a word, or the classes of a target. Nil for numbers.
  public var levels: [String]?
  /// In how many rows it had no value.
  public var missing: Int
  /// True if the word `other` stands for rare ones, and for those that were not seen in training.
  public var groupsOthers: Bool
  /// What stands in for a missing value of other tables in each of its inputs: their means over the rows of a training,
  /// or what else `filling` says.
  public var means: [Double]?
  /// The statistic that stands in for missing values; the mean when nil.
  public var filling: Filling?
  /// What is learned of a target in place of its numbers; nil for those themselves.
  public var transform: TargetTransform?
  /// Whether it says, with 1 and 0, where another column had no value, as `indicator=` asks for.
  public var isIndicator: Bool

  /// Creates a column.
  public init(
    _ name: String, levels: [String]? = nil, missing: Int = 0, groupsOthers: Bool = false,
    means: [Double]? = nil, filling: Filling? = nil, transform: TargetTransform? = nil,
    isIndicator: Bool = false
  ) {
    self.name = name
    self.levels = levels
    self.missing = missing
    self.groupsOthers = groupsOthers
    self.means = means
    self.filling = filling
    self.transform = transform
    self.isIndicator = isIndicator
  }

  /// The place of the word that stands for words which are not among `levels`; nil where none does.
  public var otherPlace: Int? { groupsOthers ? levels?.firstIndex(of: DataColumn.otherWord) : nil }
  /// The word that stands for rare ones, and for those that come later.
  package static let otherWord = "other"

  /// The number of inputs that it makes.
  public var width: Int { levels?.count ?? 1 }
  /// The names of these inputs.
  var numberNames: [String] { levels?.map { "\(name)=\($0)" } ?? [name] }

  /// `x1`, `x2`, … or just `x` for one.
  package static func numbers(_ letter: String, _ count: Int) -> [DataColumn] {
    count == 1
      ? [DataColumn(letter)] : (1...max(1, count)).prefix(count).map { DataColumn("\(letter)\($0)") }
  }
}
