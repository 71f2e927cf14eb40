import Datasets
import JSON

/// The formats that predictions are written in.
enum PredictionFormat: String {
  case csv, tsv, jsonl, npy

  /// The format that the ending of a file's name says.
  init?(path: String) {
    guard let dot = path.lastIndex(of: "."),
      let format = Self(rawValue: path[path.index(after: dot)...].lowercased())
    else { return nil }
    self = format
  }
}

/// Columns of numbers and words as text.
struct PredictionTable {
  struct Column {
    let name: String
    let cells: [DatasetDescription.Cell]
  }

  let columns: [Column]

  /// - Parameter check: asked again and again; what it throws ends the work.
  func text(_ format: PredictionFormat, check: () throws -> Void) throws -> String {
    let rows = columns.first?.cells.count ?? 0
    let separator = format == .tsv ? "\t" : ","
    var text =
      format == .jsonl ? "" : columns.map { field($0.name, separator) }.joined(separator: separator) + "\n"
    for row in 0..<rows {
      if row & 0x3FF == 0 { try check() }
      text += format == .jsonl ? record(row) : line(row, separator)
      text += "\n"
    }
    return text
  }

  private func line(_ row: Int, _ separator: String) -> String {
    columns.map { column in
      let cell = column.cells[row]
      // A number needs no quotes: its only mark is a point.
      if case .number = cell { return plain(cell) }
      return field(plain(cell), separator)
    }.joined(separator: separator)
  }

  /// A number in the shortest digits that give it back, without a fraction where it is whole.
  private func plain(_ cell: DatasetDescription.Cell) -> String {
    switch cell {
    case .word(let text): return text
    case .number(let number):
      return number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
    }
  }

  private func field(_ text: String, _ separator: String) -> String {
    let needsQuotes =
      text.contains { "\"\n\r".contains($0) || separator.contains($0) || $0.isNewline } || text.first == " "
      || text.last == " "
    return needsQuotes ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
  }

  private func record(_ row: Int) -> String {
    JSONValue.object(columns.map { .init($0.name, json($0.cells[row])) }).compact
  }

  private func json(_ cell: DatasetDescription.Cell) -> JSONValue {
    switch cell {
    case .word(let text): .string(text)
    case .number(let number): number.isFinite ? .number(plain(cell)) : .null
    }
  }
}
