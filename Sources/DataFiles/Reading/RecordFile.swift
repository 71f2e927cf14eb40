import ByteStreams
import Datasets
internal import Foundations
internal import JSON
internal import NeuralEngine

/// Records in JSON as a table: a list of objects, an object a line (JSON lines), or an object with the values of each column.
///
/// They become a text with separators, so that their columns are understood by the same rules wherever they come from.
struct RecordFile {
  fileprivate let name: String
  fileprivate var columns: [String] = []
  private var places: [String: Int] = [:]
  fileprivate var rows: [[JSONValue?]] = []

  /// What is wrong, and at which byte.
  private struct Refusal: Error {
    let offset: Int
    let message: String
  }

  private static func document(_ bytes: [UInt8]) throws(Refusal) -> JSONValue {
    do throws(JSONError) {
      return try JSONReader.document(bytes)
    } catch {
      throw Refusal(offset: error.offset, message: error.message)
    }
  }

  /// Whether a file begins like records: with an object, or a list of them.
  static func recognizes(_ head: [UInt8]) -> Bool {
    let start = head.lazy.filter { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }.prefix(2)
    return start.elementsEqual(Array("[{".utf8)) || start.elementsEqual(Array("{\"".utf8))
  }

  /// Reads a whole stream.
  ///
  /// - Throws: `bad-json` with the record or the line, `too-large`, or what is wrong with the columns.
  static func read(
    _ stream: any ByteStream, called name: String, options: ReadOptions
  ) throws(CodedError) -> Dataset {
    try options.refuse(
      allBut: [
        "target", "features", "drop", "missing", "categorical", "rare", "fill", "indicator", "rename",
        "order", "by", "dates",
      ], for: "a file of records")
    var options = options
    (options.delimiter, options.decimal, options.header) = (",", ".", true)
    var records = try RecordFile(stream, limit: options.memoryLimit)
    options.lines = .records
    if let sequences = try RecordSequences(records, of: stream.name, options) {
      return try sequences.dataset(&records, stream, called: name, options)
    }
    let table = PlainStream(ByteFile(name: stream.name, bytes: records.text))
    return try CSVReader.read(table, size: nil, called: name, options: options)
  }

  private init(_ stream: any ByteStream, limit: Int) throws(CodedError) {
    name = stream.name
    var bytes: [UInt8] = []
    while true {
      let next = try stream.next(1 << 20)
      if next.isEmpty { break }
      bytes += next
      guard bytes.count <= limit / 4 else {
        throw CodedError(
          .tooLarge, "`\(name)` needs more than the \(limit.byteText) allowed here. Save it as CSV.")
      }
    }
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw CodedError(.badEncoding, "`\(name)` is not in UTF-8. Save the file as UTF-8.")
    }
    do throws(Refusal) {
      switch try RecordFile.document(bytes) {
      case .array(let records): for record in records { try add(record) }
      case let value: if !addColumns(value) { try add(value) }
      }
    } catch {
      try addLines(bytes, or: error)
    }
  }

  // MARK: - The forms that records come in

  /// A record a line.
  private mutating func addLines(_ bytes: [UInt8], or error: Refusal) throws(CodedError) {
    for line in bytes.split(separator: UInt8(ascii: "\n")) where line.contains(where: { $0 > 0x20 }) {
      do throws(Refusal) {
        try add(RecordFile.document(Array(line)))
      } catch let inner {
        // Of a text over several lines the error of the whole says where it is.
        guard !rows.isEmpty else {
          let number = bytes.prefix(error.offset).count { $0 == UInt8(ascii: "\n") } + 1
          throw CodedError(
            .badJSON,
            "Line \(number) of `\(name)` cannot be read as records in JSON: expected \(error.message).")
        }
        throw CodedError(
          .badJSON,
          "Record \(rows.count + 1) of `\(name)` is not JSON: expected \(inner.message). Correct it or delete its line."
        )
      }
    }
  }

  private mutating func add(_ record: JSONValue) throws(Refusal) {
    guard case .object(let members) = record else {
      throw Refusal(offset: 0, message: "an object such as {\"age\": 41, \"city\": \"Oslo\"} for each row")
    }
    var row = [JSONValue?](repeating: nil, count: columns.count)
    add(members, under: "", to: &row)
    rows.append(row)
  }

  /// The members of objects within a record are columns of their own: `address.city`.
  private mutating func add(_ members: [JSONValue.Member], under prefix: String, to row: inout [JSONValue?]) {
    for member in members {
      if case .object(let inner) = member.value, !inner.isEmpty {
        add(inner, under: prefix + member.key + ".", to: &row)
        continue
      }
      let place = place(of: prefix + member.key)
      while row.count <= place { row.append(nil) }
      row[place] = member.value
    }
  }

  private mutating func place(of column: String) -> Int {
    if let place = places[column] { return place }
    places[column] = columns.count
    columns.append(column)
    return columns.count - 1
  }

  /// An object of columns, each a list, or an object with the values by row as pandas writes it; false for other things.
  private mutating func addColumns(_ value: JSONValue) -> Bool {
    guard case .object(let members) = value, let first = members.first else { return false }
    func values(_ value: JSONValue) -> [JSONValue]? { value.array ?? value.members.map { $0.map(\.value) } }
    guard let count = values(first.value)?.count, count > 0 else { return false }
    let lists = members.compactMap { values($0.value) }
    guard lists.count == members.count, lists.allSatisfy({ $0.count == count }) else { return false }
    for member in members { _ = place(of: member.key) }
    rows = (0..<count).map { row in lists.map { $0[row] } }
    return true
  }

  // MARK: - As a text with separators

  fileprivate var text: [UInt8] {
    var text = columns.map(quoted).joined(separator: ",") + "\n"
    for row in rows {
      text += columns.indices.map { $0 < row.count ? cell(row[$0]) : "" }.joined(separator: ",")
      text += "\n"
    }
    return Array(text.utf8)
  }

  private func cell(_ value: JSONValue?) -> String {
    switch value {
    case nil, .null?: ""
    case .number(let digits)?: digits
    case .bool(let truth)?: truth ? "true" : "false"
    case .string(let text)?: text.isEmpty ? "" : quoted(text)
    case let other?: quoted(other.compact)
    }
  }

  private func quoted(_ text: String) -> String {
    // A row is a line, so that the number of a line is that of a record.
    "\"\(text.map { $0.isNewline ? " " : String($0) }.joined().replacing("\"", with: "\"\""))\""
  }
}

/// Records that have lists of steps: each is a sequence of its own length.
private struct RecordSequences {
  /// The columns whose values are lists.
  private let places: [Int]
  private let lengths: [Int]

  /// Finds the lists in records; nil where there are none. Those of columns that are left out do not count.
  ///
  /// - Throws: `ragged-table` with the record where lists differ in length, are empty or not there.
  init?(_ records: RecordFile, of name: String, _ options: ReadOptions) throws(CodedError) {
    let (columns, rows) = (records.columns, records.rows)
    func list(_ row: [JSONValue?], _ place: Int) -> [JSONValue]? {
      place < row.count ? row[place]?.array : nil
    }
    func isLeftOut(_ column: String) -> Bool {
      if options.dropped.contains(where: { $0.lowercased() == column.lowercased() }) { return true }
      guard case .names(let chosen) = options.features else { return false }
      return !(chosen + (options.targets ?? [])).contains { $0.lowercased() == column.lowercased() }
    }
    places = columns.indices.filter { place in
      !isLeftOut(columns[place]) && rows.contains { list($0, place) != nil }
    }
    guard let first = places.first else { return nil }
    var lengths: [Int] = []
    for (number, row) in rows.enumerated() {
      for place in places {
        guard let steps = list(row, place), !steps.isEmpty else {
          throw CodedError(
            .raggedTable,
            "`\(columns[place])` in record \(number + 1) of `\(name)` is no list of steps, as it is in other records, or has none. "
              + "Correct the record, or leave the column out: drop=\(columns[place].asColumnName)",
            suggestion: "drop=\(columns[place].asColumnName)")
        }
        guard place == first || steps.count == lengths[number] else {
          throw CodedError(
            .raggedTable,
            "Record \(number + 1) of `\(name)` has \(lengths[number]) step\(lengths[number] == 1 ? "" : "s") in `\(columns[first])` "
              + "and \(steps.count) in `\(columns[place])`. All lists of a record need as many.")
        }
        if place == first { lengths.append(steps.count) }
      }
    }
    self.lengths = lengths
  }

  /// What is said once of a record is written at each of its steps: refuses records that come to too much that way.
  private func check(_ records: RecordFile, _ options: ReadOptions) throws(CodedError) {
    let repeated = records.columns.indices.filter { !places.contains($0) }
    var bytes = 0
    for (row, length) in zip(records.rows, lengths) {
      let own = repeated.reduce(0) { $0 + ($1 < row.count ? row[$1]?.compact.utf8.count ?? 0 : 0) + 1 }
      let (all, overflows) = own.multipliedReportingOverflow(by: length)
      bytes = overflows ? .max : bytes.addingReportingOverflow(all).overflow ? .max : bytes + all
      guard bytes <= options.memoryLimit / 4 else {
        throw CodedError(
          .tooLarge,
          "The columns of `\(records.name)` that are said once of a record would need more than the \(options.memoryLimit.byteText) "
            + "allowed here at all of its steps. Take long texts out of the file.")
      }
    }
  }

  /// The records as sequences.
  func dataset(
    _ records: inout RecordFile, _ stream: any ByteStream, called name: String, _ options: ReadOptions
  ) throws(CodedError) -> Dataset {
    guard options.order == nil, options.series == nil else {
      throw CodedError(
        .unusedOption,
        "\(options.order == nil ? "by" : "order")= is for tables with a row a step, and each record of `\(stream.name)` is a sequence "
          + "already. Leave it out.")
    }
    try check(records, options)
    let record = free("record", in: records.columns)
    var columns = [record]
    // A row a step; what is said once of a record is said of all its steps.
    var rows = lengths.enumerated().flatMap { number, length in
      [[JSONValue?]](repeating: [.string(String(number + 1))], count: length)
    }
    var lists: Set<String> = []
    for place in records.columns.indices {
      guard places.contains(place) else {
        columns.append(records.columns[place])
        var next = 0
        for (number, length) in lengths.enumerated() {
          let value = place < records.rows[number].count ? records.rows[number][place] : nil
          for row in next..<next + length { rows[row].append(value) }
          next += length
        }
        continue
      }
      let steps = records.rows.flatMap { $0[place]?.array ?? [] }
      let parts = try parts(steps, records.columns[place], stream.name)
      columns += parts.names
      lists.formUnion(parts.names)
      for row in rows.indices { rows[row] += parts.values(steps[row]) }
    }
    (records.columns, records.rows) = (columns, rows)
    var options = options
    options.series = record
    options.lines = .steps(lengths)
    let table = PlainStream(ByteFile(name: stream.name, bytes: records.text))
    let read = try CSVReader.read(table, size: nil, called: name, options: options)
    var series = SeriesOptions(series: record)
    series.targetPlace = read.targetNames.contains(where: lists.contains) ? .step : .series
    series.isKnown = true
    series.dropsMissing = options.missing == .drop
    return try read.series(series)
  }

  private func free(_ name: String, in columns: [String]) -> String {
    columns.contains(name) ? free(name + "_", in: columns) : name
  }

  /// What the steps of a list consist of: single values, or lists or objects of as many.
  private func parts(
    _ steps: [JSONValue], _ column: String, _ source: String
  ) throws(CodedError) -> (names: [String], values: (JSONValue) -> [JSONValue?]) {
    guard let first = steps.first else { return ([], { _ in [] }) }
    func place(_ step: Int) -> String {
      var (number, rest) = (0, step)
      while rest >= lengths[number] {
        rest -= lengths[number]
        number += 1
      }
      return "step \(rest + 1) of record \(number + 1) of `\(source)`"
    }
    if let width = first.array?.count {
      if let wrong = steps.firstIndex(where: { $0.array?.count != width }) {
        throw CodedError(
          .raggedTable,
          "`\(column)` in \(place(wrong)) has \(steps[wrong].array.map { "\($0.count)" } ?? "a single value and not \(width)") "
            + "number\(steps[wrong].array == nil || width == 1 ? "" : "s"), and the steps before \(width). All steps need as many."
        )
      }
      let names = width == 1 ? [column] : (1...max(1, width)).prefix(width).map { "\(column)\($0)" }
      guard width > 0 else {
        throw CodedError(.raggedTable, "The steps of `\(column)` in `\(source)` have no numbers.")
      }
      return (names, { $0.array ?? [] })
    }
    if let members = first.members {
      let keys = members.map(\.key)
      if let wrong = steps.firstIndex(where: { $0.members.map { Set($0.map(\.key)) } != Set(keys) }) {
        throw CodedError(
          .raggedTable,
          "`\(column)` in \(place(wrong)) has other keys than the steps before, \(keys.prefix(6).joined(separator: ", "))."
        )
      }
      return (
        keys.map { "\(column).\($0)" },
        { step in keys.map { key in step.members?.first { $0.key == key }?.value } }
      )
    }
    if let wrong = steps.firstIndex(where: { $0.array != nil || $0.members != nil }) {
      throw CodedError(
        .raggedTable,
        "`\(column)` in \(place(wrong)) is a list, and the steps before are single values. All steps need as many."
      )
    }
    return ([column], { [$0] })
  }
}
