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
      try TimeColumn.refuseImpossibleDay(texts, name, source)
      (times, areDates) = (numbers, false)
      return
    }
    func isDate(_ text: Substring) -> Bool { DateText(text) != nil || DateText(compact: text) != nil }
    if let words = texts.first(where: { !MissingText.words.contains(String($0)) && !isDate($0) }),
      !texts.contains(where: isDate)
    {
      let stray = texts.first { TimeColumn.numbers([$0]) == nil } ?? words
      throw CodedError(
        .badDate,
        "order=\(name.asColumnName) puts rows in order by dates, times or numbers, and `\(name)` of `\(source)` has `\(stray.prefix(30))`."
      )
    }
    let column = try DateColumn(texts, name: name, of: source, order: order)
    let offsets = Set(column.moments.compactMap { $0?.offset })
    // What clocks show is what days are counted by, as long as all clocks are of one zone.
    times = column.moments.map { offsets.count > 1 ? $0?.instant : $0?.shown }
    areDates = true
  }

  /// Refuses eight digits that make no day where nearly all others do.
  private static func refuseImpossibleDay(
    _ texts: [Substring], _ name: String, _ source: String
  ) throws(CodedError) {
    let known = texts.indices.filter { !MissingText.words.contains(String(texts[$0])) }
    let strays = known.filter { DateText(compact: texts[$0]) == nil }
    guard let row = strays.first, known.count > 2, strays.count * 5 <= known.count + 4,
      strays.count * 2 < known.count
    else { return }
    throw CodedError(
      .badDate,
      "`\(name)` in row \(row + 1) of `\(source)` is `\(texts[row].prefix(30))`, which is no day, and nearly all others are days of "
        + "eight digits, such as 20240531. Correct it.")
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
