import Datasets
import Diagnostics
import Foundations
import Language
import NeuralEngine

/// What `data` says of rows: `where age > 18`, `with area = width * height`, `sort=age`, `sample=100`.
struct RowArguments: Decodable {
  private let with: RowExpression?
  private let `where`: RowExpression?
  private let sort: Identifier?
  private let sample: Operand<Int>?
  private let dateFormat: Choice<DateOrder>?

  private enum CodingKeys: String, CodingKey {
    case with, `where`, sort, sample
    case dateFormat = "date_format"
  }

  /// The rows that are asked for, each part by itself.
  func applied(to parts: DatasetParts, _ context: CommandContext) throws -> DatasetParts {
    guard with != nil || `where` != nil || sort != nil || sample != nil else { return parts }
    return DatasetParts(
      train: try applied(to: parts.train, context),
      validate: try parts.validate.map { try applied(to: $0, context) },
      test: try parts.test.map { try applied(to: $0, context) })
  }

  /// Whether something is asked for that goes by a column of dates which date_format= says how to read.
  func readsDates(of set: Dataset) -> Bool {
    guard dateFormat != nil else { return false }
    let names = (with?.columns ?? []) + (`where`?.columns ?? []) + (sort.map { [$0.name] } ?? [])
    return names.contains { name in
      let column = set.cells(ofColumn: name) == nil ? name.replacing("_", with: " ") : name
      // Dates that cannot be read as they are to be read are dates all the same.
      do { return try set.columnTimes(of: column, order: dateFormat?.value) != nil } catch { return true }
    }
  }

  private func applied(to set: Dataset, _ context: CommandContext) throws -> Dataset {
    var set = set
    if let with, let name = with.name {
      let values = try with.values(over: set, context.session, dates: dateFormat?.value)
      set = try locating(with.span) { try set.adding(input: name, values) }
    }
    if let condition = `where` {
      let holds = try condition.values(over: set, context.session, dates: dateFormat?.value)
      let kept = holds.indices.filter { holds[$0] != 0 }
      guard !kept.isEmpty else {
        throw Diagnostic(
          .noRows, "The condition holds for none of the \(set.rows.counted("row")) of `\(set.name)`.",
          at: condition.span)
      }
      set = set.selecting(rows: kept, noting: "\(kept.count) of \(set.rows.counted("row")) kept")
    }
    if let sort {
      guard let cells = set.cells(ofColumn: sort.name) else {
        throw set.withoutColumn(sort.name, at: sort.span)
      }
      let dates = try locating(sort.span) {
        try set.columnTimes(of: sort.name, order: dateFormat?.value)
      }
      let order: [Int]
      if let dates {
        // Rows without a date come last.
        let times = dates.times.map { $0.isNaN ? Double.infinity : $0 }
        order = cells.indices.sorted { times[$0] == times[$1] ? $0 < $1 : times[$0] < times[$1] }
      } else {
        order = cells.indices.sorted { cells[$0] == cells[$1] ? $0 < $1 : cells[$0].isBefore(cells[$1]) }
      }
      set = set.selecting(rows: order, noting: "sorted by \(sort.name)")
    }
    if let sample {
      let count = try sample(context)
      guard count <= set.rows else {
        throw Diagnostic(
          .badValue, "sample=\(count) asks for more rows than the \(set.rows) of `\(set.name)`.",
          at: sample.span,
          suggestion: "sample=\(set.rows)")
      }
      var rows = Array(0..<set.rows)
      context.session.random.shuffle(&rows)
      set = set.selecting(
        rows: rows.prefix(count).sorted(), noting: "\(count) of \(set.rows.counted("row")) drawn at random")
    }
    return set
  }

}

extension Dataset {
  /// The error for a column that is asked for a value of each row, and has one of each step.
  func columnOfSteps(_ name: String) -> CodedError {
    CodedError(
      .unknownColumn,
      "`\(name)` of `\(self.name)` has a value for each step of a sequence, and here a value for each row is needed."
    )
  }

  /// The error for a name that is no column's.
  func withoutColumn(_ name: String, at span: SourceSpan) -> Diagnostic {
    if isByStep(column: name) { return Diagnostic(columnOfSteps(name), at: span) }
    let known = columnNames
    let nearest = DidYouMean.nearest(to: name, among: known)
    return Diagnostic(
      .unknownColumn,
      "`\(self.name)` has no column `\(name)`. "
        + (DidYouMean.question(nearest)
          ?? "It has \(known.prefix(12).joined(separator: ", "))\(known.count > 12 ? ", …" : "")."),
      at: span, suggestion: nearest?.asColumnName)
  }
}

extension DatasetDescription.Cell {
  /// Numbers by size, before words by the alphabet.
  fileprivate func isBefore(_ other: Self) -> Bool {
    switch (self, other) {
    case (.number(let a), .number(let b)): a < b
    case (.word(let a), .word(let b)): a < b
    case (.number, .word): true
    case (.word, .number): false
    }
  }
}

/// An expression over the columns of a data set, with a value for each row.
struct RowExpression: ArgumentDecodable {
  /// The new column; nil for a condition.
  let name: String?
  let span: SourceSpan
  private let expression: Expression
  /// The names in it, columns and others.
  var columns: [String] { Set(expression.names).sorted() }

  init(_ arguments: ArgumentDecoder) throws {
    let content = try arguments.content()
    span = content.span
    switch content.kind {
    case .expression(let value): (name, expression) = (nil, value)
    case .binding(let key, let value): (name, expression) = (key.name, value)
    default: throw Diagnostic(.internalError, "An expression over columns is missing here.", at: content.span)
    }
  }

  /// The value for each row: columns are arrays in the expression, and all functions of the language work on them.
  ///
  /// Dates are compared as such, as seconds.
  ///
  /// - Parameter order: in which order dates have their numbers; nil to tell it from the values.
  /// - Throws: `unknown-column` for a name that is neither a column nor a variable, `bad-date` for a word beside dates that is
  ///   none, or what the expression throws.
  func values(over set: Dataset, _ session: Session, dates order: DateOrder? = nil) throws -> [Double] {
    // In a session of its own a column hides whatever else has its name.
    let rows = Session()
    var words: [String: [String: Double]] = [:]
    var dates: Set<String> = []
    let compared = expression.comparedWords
    for name in Set(expression.names).sorted() {
      let column = set.cells(ofColumn: name) == nil ? name.replacing("_", with: " ") : name
      let known = try locating(span) { try set.columnTimes(of: column, order: order) }
      if let known {
        dates.insert(name)
        words[name] = [:]
        for (word, other) in compared where other == name {
          words[name]?[word] = try locating(span) { try known.time(of: word) }
        }
        rows.state.assign(.tensor(Tensor(known.times)), to: name)
      } else if let cells = set.cells(ofColumn: name) ?? set.cells(ofColumn: name.replacing("_", with: " ")) {
        let texts = cells.compactMap { if case .word(let text) = $0 { text } else { nil } }
        let numbers = cells.compactMap { if case .number(let number) = $0 { number } else { nil } }
        if numbers.count == cells.count {
          rows.state.assign(.tensor(Tensor(numbers)), to: name)
        } else if texts.count == texts.compactMap({ Double($0) }).count {
          rows.state.assign(.tensor(Tensor(texts.compactMap { Double($0) })), to: name)
        } else {
          let different = Array(Set(texts)).sorted()
          let places = Dictionary(uniqueKeysWithValues: different.enumerated().map { ($1, Double($0)) })
          words[name] = places
          rows.state.assign(.tensor(Tensor(texts.map { places[$0] ?? -1 })), to: name)
        }
      } else if let value = session.state.value(of: name) {
        rows.state.assign(value, to: name)
      } else if BuiltinFunctions.byName[name] == nil, BuiltinFunctions.constants[name] == nil {
        throw set.withoutColumn(name, at: span)
      }
    }
    for (word, column) in compared where !dates.contains(column) {
      guard let places = words[column], places[word] == nil else { continue }
      let known = places.keys.sorted()
      let nearest = DidYouMean.nearest(to: word, among: known)
      throw Diagnostic(
        .unknownCategory,
        "No row of `\(set.name)` has `\(word)` in `\(column)`. "
          + (DidYouMean.question(nearest)
            ?? "There are \(known.prefix(8).joined(separator: ", "))\(known.count > 8 ? ", …" : "")."),
        at: span, suggestion: nearest.map { "\"\($0)\"" })
    }
    let node = Compiler(session: rows).compile(expression.overRows(words))
    let value = try node.evaluate(ExecutionContext(session: rows) { _ in })
    let array = try value.array(at: span)
    if array.rank == 0 { return [Double](repeating: array.values[0], count: set.rows) }
    guard array.count == set.rows else {
      throw Diagnostic(
        .shapeMismatch,
        "The expression gives \(array.count.counted("value")) for the \(set.rows.counted("row")) of `\(set.name)`.",
        at: span)
    }
    return array.values
  }
}

extension Expression {
  /// The names in it.
  fileprivate var names: [String] {
    if case .name(let name) = kind { return [name] }
    return children.flatMap(\.names)
  }

  /// The words in it, each with the column that it is compared with.
  fileprivate var comparedWords: [(word: String, column: String)] {
    let inner = children.flatMap(\.comparedWords)
    guard case .binary(_, let left, let right) = kind else { return inner }
    switch (left.kind, right.kind) {
    case (.string(let word), .name(let column)), (.name(let column), .string(let word)):
      return inner + [(word, column)]
    default: return inner
    }
  }

  /// The expression for arrays with a place for each row: conditions are joined place by place, and a word stands for its
  /// place among the words of the column that it is compared with, or a date for its seconds.
  fileprivate func overRows(_ words: [String: [String: Double]]) -> Expression {
    func number(_ value: Double) -> Expression { Expression(.number(value), span) }
    func place(_ side: Expression, _ other: Expression) -> Expression {
      guard case .string(let text) = side.kind, case .name(let column) = other.kind, let known = words[column]
      else {
        return side.overRows(words)
      }
      return number(known[text] ?? -1)
    }
    switch kind {
    case .binary(.and, let left, let right):
      return Expression(.binary(.multiply, left.truth(words), right.truth(words)), span)
    case .binary(.or, let left, let right):
      let sum = Expression(.binary(.add, left.truth(words), right.truth(words)), span)
      return Expression(.binary(.greater, sum, number(0)), span)
    case .unary(.not, let operand): return Expression(.binary(.equal, operand.truth(words), number(0)), span)
    case .binary(let operation, let left, let right):
      return Expression(.binary(operation, place(left, right), place(right, left)), span)
    case .unary(let operation, let operand):
      return Expression(.unary(operation, operand.overRows(words)), span)
    default: return self
    }
  }

  /// 1 where it holds, else 0.
  private func truth(_ words: [String: [String: Double]]) -> Expression {
    Expression(.binary(.notEqual, overRows(words), Expression(.number(0), span)), span)
  }
}
