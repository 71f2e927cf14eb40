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

  func text(_ format: PredictionFormat) -> String {
    let rows = columns.first?.cells.count ?? 0
    if format == .jsonl { return (0..<rows).map { record($0) + "\n" }.joined() }
    let separator = format == .tsv ? "\t" : ","
    let header = columns.map { field($0.name, separator) }.joined(separator: separator) + "\n"
    return header
      + (0..<rows).map { row in
        columns.map { field(plain($0.cells[row]), separator) }.joined(separator: separator) + "\n"
      }.joined()
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
