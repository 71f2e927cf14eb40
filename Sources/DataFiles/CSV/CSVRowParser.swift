import Datasets
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
    enum Kind: UInt8 { case skip, label, number, words }
    var kind: Kind
    var slot: Int
    /// True if something stands in for a missing value here.
    var isFilled: Bool
    /// True if an empty field may stand for a missing number here.
    var mayBeEmpty: Bool
    /// True if a row without a text to keep here is left out, where such rows are.
    var isNeeded: Bool
  }

  let plan: CSVPlan
  let name: String
  private let missing: MissingPolicy
  private let scanner: FieldScanner
  private let steps: [Step]
  /// The texts of each column of labels, with a zero byte behind each.
  private(set) var labels: [[UInt8]]
  /// Where those of the row at hand stand.
  private var found: [UnsafeBufferPointer<UInt8>]
  /// The words of each slot.
  var levels: [CSVLevels]
  /// The marks that numbers were written with.
  private(set) var marks: NumberMarks = []
  /// The number of rows that ended with a separator too many.
  private(set) var endsCut = 0
  /// The number of rows that were left out for a missing value.
  private(set) var dropped = 0
  /// The number of missing values in each slot, rows that were left out included.
  private(set) var missingCounts: [Int]
  private var errors: CSVErrors { CSVErrors(name: name, lines: plan.lines) }

  init(_ plan: CSVPlan, name: String, missing: MissingPolicy) {
    self.plan = plan
    self.name = name
    self.missing = missing
    scanner = plan.dialect.scanner
    steps = plan.columns.map { column in
      Step(
        kind: column.use == .skipped
          ? .skip : column.use == .label ? .label : column.isWords ? .words : .number, slot: column.slot,
        // A line without anything is no row of one missing value, and blanks cannot stand around nothing.
        isFilled: column.filling != nil,
        mayBeEmpty: column.filling != nil && column.use == .input && plan.columns.count > 1
          && plan.delimiter != UInt8(ascii: " "),
        isNeeded: column.isNeeded && missing == .drop)
    }
    let count = plan.columns.count { $0.use == .label }
    labels = Array(repeating: [], count: count)
    found = Array(repeating: UnsafeBufferPointer(start: nil, count: 0), count: count)
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
          for (slot, text) in found.enumerated() {
            labels[slot].append(contentsOf: text)
            labels[slot].append(0)
          }
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
    var isEmpty = true
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
          isEmpty = false
        } else {
          guard step.mayBeEmpty, endsField(next.pointee) else { return nil }
          out[step.slot] = .nan
        }
      case .skip, .label, .words:
        let first = next
        guard first.pointee != plan.dialect.quote else { return nil }
        while !endsField(next.pointee) { next += 1 }
        if next > first { isEmpty = false }
        if step.kind == .label {
          var end = next
          while end > first, end[-1] == UInt8(ascii: " ") { end -= 1 }
          // All words for a missing value are short.
          if step.isNeeded, end - first <= 4 { return nil }
          found[step.slot] = UnsafeBufferPointer(start: first, count: end - first)
        }
        if step.kind == .words {
          guard let code = levels[step.slot].code(of: UnsafeBufferPointer(start: first, count: next - first))
          else {
            return nil
          }
          out[step.slot] = Double(code)
        }
      }
    }
    if isEmpty { return nil }
    if next.pointee == UInt8(ascii: "\n") { return next + 1 }
    return next.pointee == UInt8(ascii: "\r") && next[1] == UInt8(ascii: "\n") ? next + 2 : nil
  }

  /// Tells whether a byte ends a field, or all bytes at hand.
  @inline(__always)
  private func endsField(_ byte: UInt8) -> Bool {
    scanner.endsField(byte) || byte == 0
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
    guard let (all, row) = try fields(bytes, at: start, line: line, isLast: isLast) else { return nil }
    var result = row
    // A blank line is no row, nor is one of separators alone, as spreadsheets write it.
    if all.allSatisfy({ $0.range.isEmpty && !$0.isQuoted }) {
      result.isKept = false
      return result
    }
    var fields = all
    if fields.count == steps.count + 1, let last = fields.last, last.range.isEmpty, !last.isQuoted {
      fields.removeLast()
      endsCut += 1
    }
    guard fields.count == steps.count else {
      if let text = scanner.text(of: fields[0], in: bytes) { try errors.refuseConflict(text, line: line) }
      throw errors.raggedRow(line: line, fields: fields.count, expected: steps.count)
    }
    // Words of rows that are left out are none of the table's.
    if missing == .drop, try dropsRow(fields, bytes, line: line) {
      result.isKept = false
      dropped += 1
      return result
    }
    for (column, field) in fields.enumerated() where steps[column].kind == .label {
      guard let text = scanner.text(of: field, in: bytes) else { throw errors.badEncoding(line: line) }
      labels[steps[column].slot].append(contentsOf: text.utf8)
      labels[steps[column].slot].append(0)
    }
    for (column, field) in fields.enumerated() where isUsed(column) {
      guard let value = try value(of: field, bytes, column: column, line: line) else {
        missingCounts[steps[column].slot] += 1
        try checkMissing(column, line: line)
        out[steps[column].slot] = .nan
        continue
      }
      out[steps[column].slot] = value
    }
    return result
  }

  private func isUsed(_ column: Int) -> Bool { steps[column].kind == .number || steps[column].kind == .words }

  /// Whether a row has a column without a value; counts those.
  private func dropsRow(
    _ fields: [FieldScanner.Field], _ bytes: UnsafeBufferPointer<UInt8>, line: Int
  ) throws(CodedError) -> Bool {
    var isIncomplete = false
    for (column, field) in fields.enumerated()
    where (isUsed(column) && !steps[column].isFilled) || steps[column].isNeeded {
      guard let text = scanner.text(of: field, in: bytes) else { throw errors.badEncoding(line: line) }
      guard MissingText.words.contains(text) else { continue }
      if isUsed(column) { missingCounts[steps[column].slot] += 1 }
      isIncomplete = true
    }
    return isIncomplete
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
        guard field.next < bytes.count, scanner.divides(bytes[field.next]) else {
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
    if steps[column].isFilled { return }
    if plan.columns[column].use == .target, missing != .error {
      throw errors.missingTarget(line: line, column: name)
    }
    throw errors.missingValue(line: line, column: name, isNumber: steps[column].kind == .number)
  }

  /// The number that a field stands for; nil when it is missing.
  private func value(
    of field: FieldScanner.Field, _ bytes: UnsafeBufferPointer<UInt8>, column: Int, line: Int
  ) throws(CodedError) -> Double? {
    guard let text = scanner.text(of: field, in: bytes) else { throw errors.badEncoding(line: line) }
    let name = plan.columns[column].name
    if steps[column].kind == .words {
      if MissingText.words.contains(text) { return nil }
      guard let code = levels[steps[column].slot].code(adding: text) else {
        throw errors.tooManyWords(column: name, limit: CSVLevels.limit)
      }
      return Double(code)
    }
    let decimal: Character = plan.decimal == UInt8(ascii: ",") ? "," : "."
    switch FieldText(text, decimal: decimal) {
    case .missing: return nil
    case .number(let number, let marks):
      self.marks.formUnion(marks)
      return number
    case .hugeNumber: throw errors.hugeNumber(line: line, column: name, text: text)
    case .date: throw errors.notANumber(line: line, column: name, text: text, isFirst: false)
    case .word:
      if decimal == ".", FieldText.number(text, decimal: ",") != nil {
        throw errors.decimalComma(line: line, column: name, text: text)
      }
      throw errors.notANumber(line: line, column: name, text: text, isFirst: line == 1 && !plan.hasHeader)
    }
  }
}
