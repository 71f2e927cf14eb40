internal import Foundations
internal import JSON
internal import NeuralEngine

/// Records in JSON as a table: a list of objects, an object a line (JSON lines), or an object with the values of each column.
///
/// They become a text with separators, so that their columns are understood by the same rules wherever they come from.
struct RecordFile {
  private let name: String
  private var columns: [String] = []
  private var places: [String: Int] = [:]
  private var rows: [[JSONValue?]] = []

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
      ], for: "a file of records")
    var options = options
    (options.delimiter, options.decimal, options.header) = (",", ".", true)
    options.holdsRecords = true
    let records = try RecordFile(stream, limit: options.memoryLimit)
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

  private var text: [UInt8] {
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
