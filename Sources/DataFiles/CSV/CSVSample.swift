internal import Foundations
internal import NeuralEngine

/// The first rows of a CSV file as texts, from which the rest is planned.
struct CSVSample {
  /// One array of fields a row.
  var rows: [[String]] = []
  /// The line on which each begins.
  var lines: [Int] = []
  /// The place where the row after each begins, in the bytes it was read from.
  var ends: [Int] = []
  /// The line on which the row after each begins.
  var nextLines: [Int] = []
  /// The number of quotes in fields that are not held in quotes: in another dialect they would be.
  var strayQuotes = 0
  /// The mistake in the row after the last, if there is one, and its line.
  var problem: (found: FieldScanner.Found, line: Int)?

  /// Reads up to `limit` rows; the last one may be left out where the bytes end within it.
  init(
    _ bytes: UnsafeBufferPointer<UInt8>, _ dialect: CSVDialect, name: String, isLast: Bool, limit: Int,
    firstLine: Int = 1
  ) throws(CodedError) {
    let scanner = dialect.scanner
    var place = 0
    var line = firstLine
    while rows.count < limit, place < bytes.count {
      var fields: [String] = []
      fields.reserveCapacity(rows.last?.count ?? 0)
      var next = place
      let firstLine = line
      row: while true {
        let found = scanner.field(in: bytes, at: next, isLast: isLast)
        guard case .field(let field) = found else {
          problem = (found, firstLine)
          return
        }
        guard let text = scanner.text(of: field, in: bytes) else {
          throw CSVErrors(name: name).badEncoding(line: line)
        }
        fields.append(text)
        if !field.isQuoted, text.utf8.contains(dialect.quote) { strayQuotes += 1 }
        line += field.lineEnds
        guard field.next < bytes.count, scanner.divides(bytes[field.next]) else {
          guard let after = scanner.afterLineEnd(in: bytes, at: field.next, isLast: isLast) else { return }
          next = after
          break row
        }
        next = field.next + 1
      }
      line += 1
      place = next
      // A blank line is no row.
      if fields != [""] {
        rows.append(fields)
        lines.append(firstLine)
        ends.append(place)
        nextLines.append(line)
      }
    }
  }
}
