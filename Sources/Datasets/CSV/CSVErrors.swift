internal import NeuralEngine

/// The mistakes in a CSV file, each with its line, its column and a way out.
struct CSVErrors {
  /// The file.
  let name: String

  func badEncoding(line: Int) -> EngineError {
    EngineError(
      "bad-encoding",
      "Line \(line) of `\(name)` is not written in UTF-8. Save the file as UTF-8, or turn it: "
        + "iconv -f latin1 -t utf8 in.csv > out.csv")
  }

  func unclosedQuote(line: Int) -> EngineError {
    EngineError(
      "unclosed-quote",
      "A quote is opened in the row at line \(line) of `\(name)` and never closed. A quote within quotes is "
        + "written twice: \"\".")
  }

  func strayText(line: Int) -> EngineError {
    EngineError(
      "stray-quote",
      "In the row at line \(line) of `\(name)` something stands between a closing quote and the end of its "
        + "field. A quote within quotes is written twice: \"\".")
  }

  func raggedRow(line: Int, fields: Int, expected: Int) -> EngineError {
    EngineError(
      "ragged-row",
      "Line \(line) of `\(name)` has \(count(fields)), but the first row has \(expected). Put fields that "
        + "hold a delimiter in quotes, or mend the line.")
  }

  private func count(_ fields: Int) -> String { fields == 1 ? "1 field" : "\(fields) fields" }

  func missingValue(line: Int, column: String) -> EngineError {
    EngineError(
      "missing-value",
      "Line \(line) of `\(name)` has no value for `\(column)`. Leave such rows out with missing=drop, or put "
        + "the column's mean in with missing=mean.", suggestion: "missing=drop")
  }

  func missingTarget(line: Int, column: String) -> EngineError {
    EngineError(
      "missing-target",
      "Line \(line) of `\(name)` has no value for `\(column)`, which is the target: no mean can stand in for "
        + "the answer. Leave such rows out with missing=drop.", suggestion: "missing=drop")
  }

  func date(line: Int, column: String, text: String) -> EngineError {
    EngineError(
      "date-column",
      "`\(column)` in line \(line) of `\(name)` is a date or time (\(short(text))). Networks take numbers: make "
        + "columns of it that mean something (year, month, weekday, days since), or leave it out with features=."
    )
  }

  func decimalComma(line: Int, column: String, text: String) -> EngineError {
    EngineError(
      "decimal-comma",
      "`\(column)` in line \(line) of `\(name)` is \(short(text)), a number with a decimal comma. "
        + "Say so with decimal=\",\".", suggestion: "decimal=\",\"")
  }

  func notANumber(line: Int, column: String, text: String) -> EngineError {
    EngineError(
      "not-a-number",
      "`\(column)` in line \(line) of `\(name)` should be a number, as in the other rows, but is \(short(text)). "
        + "Correct it, or if the column is categorical, say categorical=\(column).")
  }

  func hugeNumber(line: Int, column: String, text: String) -> EngineError {
    EngineError(
      "number-too-large",
      "`\(column)` in line \(line) of `\(name)` is \(short(text)), which is beyond 1.8e308, the largest number."
    )
  }

  func tooManyWords(column: String, limit: Int) -> EngineError {
    EngineError(
      "too-many-words",
      "`\(column)` of `\(name)` has more than \(limit) different words. That looks like names or free text, of "
        + "which nothing is learnt: leave the column out with features=.")
  }

  func emptyColumn(_ column: String) -> EngineError {
    EngineError(
      "empty-column",
      "`\(column)` of `\(name)` has no value at all, so there is no mean. Leave it out with features=.")
  }

  func noRows(dropped: Int, hasHeader: Bool) -> EngineError {
    if dropped > 0 {
      return EngineError(
        "no-rows",
        "Every one of the \(dropped) rows of `\(name)` has a missing value, so missing=drop leaves none.")
    }
    let found = hasHeader ? "has a header but no rows under it" : "has no rows"
    return EngineError("no-rows", "`\(name)` \(found). There is nothing to learn from.")
  }

  func oneClass(column: String, level: String) -> EngineError {
    EngineError(
      "one-class",
      "Every row of `\(name)` is \(short(level)) in `\(column)`, its target. Classes can be told apart where "
        + "there are two; name another target with target=.")
  }

  private func short(_ text: String) -> String {
    text.count <= 30 ? "`\(text)`" : "`\(text.prefix(30))…`"
  }
}
