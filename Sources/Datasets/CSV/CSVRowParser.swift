internal import Foundations
internal import NeuralEngine

/// Turns rows of text into rows of numbers: inputs first, then targets; words become their numbers, missing
/// values NaN.
///
/// Nearly all rows go the fast way, which knows plain numbers, known words and nothing else. What it does
/// not know it leaves to the slow way, which knows everything and finds the words for what is wrong.
final class CSVRowParser {
  /// A field's use.
  private struct Step {
    enum Kind: UInt8 { case skip, number, words }
    var kind: Kind
    var slot: Int
    /// True if an empty field may stand for a missing number here.
    var mayBeEmpty: Bool
  }

  let plan: CSVPlan
  let name: String
  private let missing: MissingPolicy
  private let scanner: FieldScanner
  private let steps: [Step]
  /// The words of each slot.
  var levels: [CSVLevels]
  /// The number of rows that were left out for a missing value.
  private(set) var dropped = 0
  /// The number of missing values in each slot, rows that were left out included.
  private(set) var missingCounts: [Int]
  private var errors: CSVErrors { CSVErrors(name: name) }

  init(_ plan: CSVPlan, name: String, missing: MissingPolicy) {
    self.plan = plan
    self.name = name
    self.missing = missing
    scanner = FieldScanner(delimiter: plan.delimiter)
    steps = plan.columns.map { column in
      Step(
        kind: column.use == .skipped ? .skip : column.isWords ? .words : .number, slot: column.slot,
        mayBeEmpty: missing == .mean && column.use == .input)
    }
    levels = Array(repeating: CSVLevels(), count: plan.used.count)
    missingCounts = Array(repeating: 0, count: plan.used.count)
  }

  /// Parses rows until the bytes at hand or the room are used up.
  ///
  /// - Parameter room: space for whole rows.
  /// - Returns: how many rows were written.
  /// - Throws: what is wrong with a row.
  func parse(_ buffer: CSVBuffer, into room: UnsafeMutableBufferPointer<Double>) throws(CodedError) -> Int {
    let bytes = buffer.bytes
    let width = levels.count
    var written = 0
    var place = 0
    defer { buffer.start += place }
    guard let text = bytes.baseAddress, let out = room.baseAddress else { return 0 }
    while written < room.count / width, place < bytes.count {
      fastRows(text, &place, out: out, from: &written, limit: room.count / width, line: &buffer.line)
      if place == bytes.count || written == room.count / width { break }
      guard
        let row = try slowRow(
          bytes, at: place, line: buffer.line, isLast: buffer.isLast, out + written * width)
      else { return written }
      place = row.next
      buffer.line += row.lines
      if row.isKept { written += 1 }
    }
    return written
  }

  /// Parses rows as long as each is plain.
  private func fastRows(
    _ text: UnsafePointer<UInt8>, _ place: inout Int, out: UnsafeMutablePointer<Double>,
    from written: inout Int,
    limit: Int, line: inout Int
  ) {
    let width = levels.count
    let first = written
    var next = text + place
    PowersOfFive.table.withUnsafeBufferPointer { powers in
      steps.withUnsafeBufferPointer { steps in
        guard let powers = powers.baseAddress else { return }
        while written < limit {
          guard let after = fastRow(next, steps, powers, out + written * width) else { return }
          next = after
          written += 1
        }
      }
    }
    line += written - first
    place = next - text
  }

  @inline(__always)
  private func fastRow(
    _ start: UnsafePointer<UInt8>, _ steps: UnsafeBufferPointer<Step>, _ powers: UnsafePointer<UInt64>,
    _ out: UnsafeMutablePointer<Double>
  ) -> UnsafePointer<UInt8>? {
    let delimiter = plan.delimiter
    let decimal = plan.decimal
    var next = start
    for column in 0..<steps.count {
      if column > 0 {
        guard next.pointee == delimiter else { return nil }
        next += 1
      }
      while next.pointee == UInt8(ascii: " ") { next += 1 }
      let step = steps[column]
      switch step.kind {
      case .number:
        if let value = DecimalNumber.read(next, decimal: decimal, powers: powers, end: &next) {
          out[step.slot] = value
        } else {
          guard step.mayBeEmpty, endsField(next.pointee) else { return nil }
          out[step.slot] = .nan
        }
      case .skip, .words:
        let first = next
        guard first.pointee != UInt8(ascii: "\"") else { return nil }
        while !endsField(next.pointee) { next += 1 }
        if step.kind == .words {
          guard let code = levels[step.slot].code(of: UnsafeBufferPointer(start: first, count: next - first))
          else {
            return nil
          }
          out[step.slot] = Double(code)
        }
      }
    }
    if next.pointee == UInt8(ascii: "\n") { return next + 1 }
    return next.pointee == UInt8(ascii: "\r") && next[1] == UInt8(ascii: "\n") ? next + 2 : nil
  }

  /// Tells whether a byte ends a field, or all bytes at hand.
  @inline(__always)
  private func endsField(_ byte: UInt8) -> Bool {
    byte == plan.delimiter || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") || byte == 0
  }
}

// MARK: - The slow way

extension CSVRowParser {
  /// A row that was parsed.
  private struct Row {
    var next: Int
    var lines = 1
    /// False for a blank line and for a row that is left out.
    var isKept = true
  }

  /// Parses any row; nil when the bytes at hand end within it.
  private func slowRow(
    _ bytes: UnsafeBufferPointer<UInt8>, at start: Int, line: Int, isLast: Bool,
    _ out: UnsafeMutablePointer<Double>
  ) throws(CodedError) -> Row? {
    guard let (fields, row) = try fields(bytes, at: start, line: line, isLast: isLast) else { return nil }
    var result = row
    // A blank line is no row.
    if fields.count == 1, fields[0].range.isEmpty, !fields[0].isQuoted {
      result.isKept = false
      return result
    }
    guard fields.count == steps.count else {
      throw errors.raggedRow(line: line, fields: fields.count, expected: steps.count)
    }
    for (column, field) in fields.enumerated() where steps[column].kind != .skip {
      guard let value = try value(of: field, bytes, column: column, line: line) else {
        missingCounts[steps[column].slot] += 1
        try checkMissing(column, line: line)
        if missing == .drop { result.isKept = false }
        out[steps[column].slot] = .nan
        continue
      }
      out[steps[column].slot] = value
    }
    if !result.isKept { dropped += 1 }
    return result
  }

  private func fields(
    _ bytes: UnsafeBufferPointer<UInt8>, at start: Int, line: Int, isLast: Bool
  ) throws(CodedError) -> ([FieldScanner.Field], Row)? {
    var fields: [FieldScanner.Field] = []
    var row = Row(next: start)
    while true {
      switch scanner.field(in: bytes, at: row.next, isLast: isLast) {
      case .needsMore: return nil
      case .unclosedQuote: throw errors.unclosedQuote(line: line)
      case .strayText: throw errors.strayText(line: line)
      case .field(let field):
        fields.append(field)
        row.lines += field.lineEnds
        guard field.next < bytes.count, bytes[field.next] == plan.delimiter else {
          guard let after = scanner.afterLineEnd(in: bytes, at: field.next, isLast: isLast) else {
            return nil
          }
          row.next = after
          return (fields, row)
        }
        row.next = field.next + 1
      }
    }
  }

  private func checkMissing(_ column: Int, line: Int) throws(CodedError) {
    let name = plan.columns[column].name
    if missing == .error { throw errors.missingValue(line: line, column: name) }
    if missing == .mean, plan.columns[column].use == .target {
      throw errors.missingTarget(line: line, column: name)
    }
  }

  /// The number that a field stands for; nil when it is missing.
  private func value(
    of field: FieldScanner.Field, _ bytes: UnsafeBufferPointer<UInt8>, column: Int, line: Int
  ) throws(CodedError) -> Double? {
    guard let text = scanner.text(of: field, in: bytes) else { throw errors.badEncoding(line: line) }
    let name = plan.columns[column].name
    if steps[column].kind == .words {
      if FieldText.missingWords.contains(text) { return nil }
      guard let code = levels[steps[column].slot].code(adding: text) else {
        throw errors.tooManyWords(column: name, limit: CSVLevels.limit)
      }
      return Double(code)
    }
    let decimal: Character = plan.decimal == UInt8(ascii: ",") ? "," : "."
    switch FieldText(text, decimal: decimal) {
    case .missing: return nil
    case .number(let number): return number
    case .hugeNumber: throw errors.hugeNumber(line: line, column: name, text: text)
    case .date: throw errors.date(line: line, column: name, text: text)
    case .word:
      if decimal == ".", FieldText.number(text, decimal: ",") != nil {
        throw errors.decimalComma(line: line, column: name, text: text)
      }
      throw errors.notANumber(line: line, column: name, text: text)
    }
  }
}
