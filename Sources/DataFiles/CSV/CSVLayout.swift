/// The rows above a table, and how wide it is.
struct CSVLayout: Equatable {
  /// The number of columns.
  var width: Int
  /// The number of rows above the header, or above the first row: titles.
  var titles = 0
  /// True if the header has no name for the first column, as R writes the names of rows.
  var hasRowNames = false

  /// The width that most rows have, the first of equals; nil without rows.
  static func commonestWidth(_ rows: [[String]]) -> Int? {
    var counts: [Int: Int] = [:]
    for row in rows { counts[row.count, default: 0] += 1 }
    let most = counts.values.max()
    return rows.first { counts[$0.count] == most }?.count
  }

  /// Finds out by the first rows.
  init(_ rows: [[String]]) {
    let commonest = CSVLayout.commonestWidth(rows) ?? 0
    width = commonest
    guard width > 1 else {
      width = rows.first?.count ?? 0
      return
    }
    while titles < min(20, rows.count - 2), isTitle(rows[titles], above: rows[titles + 1]) { titles += 1 }
    let first = rows[titles]
    let body = rows.dropFirst(titles + 1)
    guard body.contains(where: { $0.count == commonest }) else {
      width = first.count
      return
    }
    let endsEmpty = body.allSatisfy { $0.count < width || $0[width - 1].isEmpty }
    if first.count == width - 1, endsEmpty {
      // All rows end with a separator, and the header does not.
      width -= 1
    } else if first.count == width - 1, titles == 0, namesRows(first, body) {
      hasRowNames = true
    } else if first.count > width, !(first.count == width + 1 && first.last == "") {
      width = first.count
    } else if first.count < width {
      width = first.count
    }
  }

  /// A row with one text at most, or of fewer fields than the names below it.
  private func isTitle(_ row: [String], above next: [String]) -> Bool {
    let filled = row.count { !$0.isEmpty }
    if width > 2, filled <= 1 { return true }
    guard row.count < width else { return false }
    if filled <= 1 { return !CSVLayout.isNumber(next.first) || row.count < width - 1 }
    return next.count == width && next.allSatisfy { FieldText($0) == .word }
  }

  /// Whether a header names all columns but the first, which has a text or a number of its own in each row.
  private func namesRows(_ header: [String], _ body: ArraySlice<[String]>) -> Bool {
    guard header.allSatisfy({ FieldText($0) == .word }), body.allSatisfy({ $0.count == width }) else {
      return false
    }
    return Set(body.map { $0[0] }).count == body.count
  }

  static func isNumber(_ text: String?) -> Bool {
    if let text, case .number = FieldText(text) { true } else { false }
  }
}
