internal import Foundations
internal import NeuralEngine

/// A column that says when rows were, as numbers that grow with time.
struct TimeColumn {
  let name: String
  /// The texts as they stand in the source.
  let texts: [Substring]
  /// Seconds after 1970 for dates, else the numbers themselves; nil where there is none.
  let times: [Double?]
  let areDates: Bool

  /// A column whose times are known.
  init(_ label: LabelColumn, times: [Double]) {
    (name, texts, self.times) = (label.name, label.texts, times)
    areDates = label.isDate || DateColumn.holdsCompactDays(texts)
  }

  /// Reads texts as numbers, or else as dates.
  ///
  /// - Throws: `bad-date`.
  init(_ texts: [Substring], name: String, of source: String, order: DateOrder?) throws(CodedError) {
    (self.name, self.texts) = (name, texts)
    if let numbers = TimeColumn.numbers(texts), !DateColumn.holdsCompactDays(texts) {
      (times, areDates) = (numbers, false)
      return
    }
    func isDate(_ text: Substring) -> Bool { DateText(text) != nil || DateText(compact: text) != nil }
    if let words = texts.first(where: { !MissingText.words.contains(String($0)) && !isDate($0) }),
      !texts.contains(where: isDate)
    {
      throw CodedError(
        .badDate,
        "order=\(name.asColumnName) puts rows in order by dates, times or numbers, and `\(name)` of `\(source)` has `\(words.prefix(30))`."
      )
    }
    let column = try DateColumn(texts, name: name, of: source, order: order)
    let offsets = Set(column.moments.compactMap { $0?.offset })
    // What clocks show is what days are counted by, as long as all clocks are of one zone.
    times = column.moments.map { offsets.count > 1 ? $0?.instant : $0?.shown }
    areDates = true
  }

  /// The numbers of texts, with a point or a comma; nil where one is none.
  private static func numbers(_ texts: [Substring]) -> [Double?]? {
    for mark in [".", ","] as [Character] {
      var numbers: [Double?] = []
      for text in texts {
        if MissingText.words.contains(String(text)) {
          numbers.append(nil)
          continue
        }
        guard text.allSatisfy({ $0.isDigit || "+-eE".contains($0) || $0 == mark }),
          let number = Double(text.replacing(",", with: ".")), number.isFinite
        else { break }
        numbers.append(number)
      }
      if numbers.count == texts.count { return numbers }
    }
    return nil
  }

  /// Some of its rows, all of which have a time.
  func known(_ rows: [Int]) -> [Double] { rows.map { times[$0] ?? 0 } }
}
