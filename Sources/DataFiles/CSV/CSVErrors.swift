import Datasets
internal import Foundations
internal import NeuralEngine

/// The mistakes in a CSV file, each with its line, its column and a way out.
struct CSVErrors {
  /// The file.
  let name: String
  /// What its lines stand for.
  var lines = LineMeaning.lines

  /// The lines of a table are counted from its header on.
  private func place(_ line: Int) -> String { within(line).prefix(1).uppercased() + within(line).dropFirst() }
  private func within(_ line: Int) -> String { lines.place(line) }

  func badEncoding(line: Int) -> CodedError {
    CodedError(
      .badEncoding,
      "\(place(line)) of `\(name)` is not in UTF-8. Save the file as UTF-8, or convert it: "
        + "iconv -f latin1 -t utf8 in.csv > out.csv")
  }

  func unclosedQuote(line: Int) -> CodedError {
    CodedError(
      .unclosedQuote,
      "The row at line \(line) of `\(name)` has a quote that is not closed. A quote within quotes is "
        + "doubled: \"\".")
  }

  func strayText(line: Int) -> CodedError {
    CodedError(
      .strayQuote,
      "In the row at line \(line) of `\(name)` there is text between a closing quote and the end of the "
        + "field. A quote within quotes is doubled: \"\".")
  }

  func raggedRow(line: Int, fields: Int, expected: Int) -> CodedError {
    CodedError(
      .raggedRow,
      "\(place(line)) of `\(name)` has \(count(fields)), but the first row has \(expected). Quote fields that "
        + "contain a delimiter, or correct the line.")
  }

  private func count(_ fields: Int) -> String { fields == 1 ? "1 field" : "\(fields) fields" }

  func missingValue(line: Int, column: String, isNumber: Bool) -> CodedError {
    let single = "fill={\(column.asColumnName): \(isNumber ? "median" : "unknown")}"
    return CodedError(
      .missingValue,
      "\(place(line)) of `\(name)` has no value for `\(column)`. Drop such rows with missing=drop, fill in "
        + "each column's mean with missing=mean, or say what stands in this one: \(single)",
      suggestion: "missing=drop")
  }

  func missingTarget(line: Int, column: String) -> CodedError {
    CodedError(
      .missingTarget,
      "\(place(line)) of `\(name)` has no value for `\(column)`, which is the target, so nothing can "
        + "be filled in. Drop such rows with missing=drop.", suggestion: "missing=drop")
  }

  /// - Parameter isNamed: whether somebody has named it as the target.
  func dateTarget(line: Int, column: String, text: String, isNamed: Bool) -> CodedError {
    CodedError(
      .dateColumn,
      "`\(column)` in \(within(line)) of `\(name)` is a date or time (\(short(text))), and a target has to be a number or a class. "
        + "Name another column with target="
        + (isNamed ? "." : ", or leave this one out with \(option("drop", column))."),
      suggestion: isNamed ? nil : option("drop", column))
  }

  func dates(column: String) -> CodedError {
    CodedError(
      .dateColumn,
      "`\(column)` of `\(name)` holds dates or times, and networks need numbers. Say what is to be learned from them: "
        + "dates=[year, month, weekday], or dates=hour for times.", suggestion: "dates=[year, month, weekday]"
    )
  }

  func decimalComma(line: Int, column: String, text: String) -> CodedError {
    CodedError(
      .decimalComma,
      "`\(column)` in \(within(line)) of `\(name)` is \(short(text)), a number with a decimal comma. "
        + "Say so with decimal=\",\".", suggestion: "decimal=\",\"")
  }

  func notANumber(line: Int, column: String, text: String, isFirst: Bool) -> CodedError {
    CodedError(
      .notANumber,
      "`\(column)` in \(within(line)) of `\(name)` should be a number, as in the other rows, but is \(short(text)). "
        + (isFirst
          ? "If the first line holds the names, say header=true."
          : "Correct it, or if the column is categorical, say \(option("categorical", column))."),
      suggestion: isFirst ? "header=true" : option("categorical", column))
  }

  func hugeNumber(line: Int, column: String, text: String) -> CodedError {
    CodedError(
      .numberTooLarge,
      "`\(column)` in \(within(line)) of `\(name)` is \(short(text)), which is beyond 1.8e308, the largest number."
    )
  }

  func tooManyWords(column: String, limit: Int) -> CodedError {
    CodedError(
      .tooManyWords,
      "`\(column)` of `\(name)` has more than \(limit) different categories. That looks like names or free text, which "
        + "cannot be generalised from: leave the column out with \(option("drop", column)).",
      suggestion: option("drop", column))
  }

  func emptyColumn(_ column: String) -> CodedError {
    CodedError(
      .emptyColumn,
      "`\(column)` of `\(name)` has no values, so there is nothing to fill in. Leave it out with \(option("drop", column)).",
      suggestion: option("drop", column))
  }

  func noRows(dropped: Int, hasHeader: Bool) -> CodedError {
    if dropped > 0 {
      return CodedError(
        .noRows,
        "All \(dropped) rows of `\(name)` have a missing value, so missing=drop leaves none.")
    }
    let found = hasHeader ? "has a header but no rows under it" : "has no rows"
    return CodedError(.noRows, "`\(name)` \(found). There is nothing to train on.")
  }

  func oneClass(column: String, level: String) -> CodedError {
    CodedError(
      .oneClass,
      "Every row of `\(name)` is \(short(level)) in `\(column)`, its target. Classification needs "
        + "at least two classes; name another target with target=.")
  }

  /// An option with a column's name, in quotes where that is more than a word.
  private func option(_ name: String, _ column: String) -> String { "\(name)=\(column.asColumnName)" }

  /// Refuses what git leaves in a file that two people have changed.
  func refuseConflict(_ text: String, line: Int) throws(CodedError) {
    guard ["<<<<<<< ", "=======", ">>>>>>> "].contains(where: text.hasPrefix) else { return }
    throw CodedError(
      .notData,
      "\(place(line)) of `\(name)` is the mark of a merge conflict. Keep one of the two versions of the lines there, and "
        + "delete the marks.")
  }

  func refuseConflict(in sample: CSVSample) throws(CodedError) {
    for (row, line) in zip(sample.rows, sample.lines) where row.count == 1 && row[0].hasPrefix("<<<<<<< ") {
      try refuseConflict(row[0], line: line)
    }
  }

  private func short(_ text: String) -> String {
    text.count <= 30 ? "`\(text)`" : "`\(text.prefix(30))…`"
  }
}
