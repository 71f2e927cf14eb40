import Datasets
import Diagnostics
import Language
import NeuralEngine
import Outputs

extension Session {
  private static let mostClasses = 40

  /// `show data`: what a data set is made of, and its first rows.
  func showData(_ selection: DataSelection, rows: Int, _ context: ExecutionContext) {
    let description = selection.set.description(firstRows: rows)
    if isPlain(description) {
      context.emit(.table(firstRows(description, rows: rows)))
      return
    }
    context.emit(.table(columns(description)))
    if let classes = description.classes {
      // Of hundreds of classes the first say what they look like; `show` must not flood the page.
      let left = classes.count - Self.mostClasses
      let shown = classes.prefix(left > 1 ? Self.mostClasses : classes.count)
        .map { "\($0.name.onOneLine) \($0.rows)" }
      let rest = left > 1 ? ", and \(left) more classes" : ""
      context.emit(.text("classes: " + shown.joined(separator: ", ") + rest))
    }
    if !selection.isPart, selection.reference.parts.isDivided {
      context.emit(.table(selection.reference.parts.counts.table(title: "parts")))
    }
    if let sheet = selection.set.contactSheet { context.emit(.plot(.images(sheet))) }
    if !description.firstRows.isEmpty, description.headings.count <= 16 {
      context.emit(.table(firstRows(description, rows: rows)))
    }
    for note in description.notes { context.emit(.text(note)) }
  }

  /// Whether the rows alone say everything: a small table of numbers.
  private func isPlain(_ description: DatasetDescription) -> Bool {
    description.rows <= 20 && description.headings.count <= 8 && description.classes == nil
      && description.inputShape.count == 1
  }

  private func columns(_ description: DatasetDescription) -> Table {
    // A set of hundreds of columns is described by its first.
    let shown = description.columns.prefix(40)
    let left = description.columns.count - shown.count
    return Table(
      title:
        "\(description.name): \(description.rows.counted("row")), inputs \(description.inputShape.shapeWords)",
      columns: [
        .words("column"), .words("role"), .words("type"), .numbers("least"), .numbers("most"),
        .numbers("mean"),
        .numbers("deviation"), .numbers("missing"),
      ],
      rows: shown.map(row), footer: left > 0 ? ["\(left) more columns"] : [])
  }

  private func row(_ column: DatasetDescription.Column) -> [String] {
    let type =
      switch column.kind {
      case .wholeNumber: "whole number"
      case .number: "number"
      case .pixels: "pixels"
      case .words(let levels): levels.count.counted("word")
      }
    let role = column.role == .input ? "input" : "target"
    return [column.name, role, type]
      + [column.range?.lowerBound, column.range?.upperBound, column.mean, column.deviation].map {
        $0.map { $0.significant(4) } ?? ""
      }
      + [column.missing == 0 ? "" : String(column.missing)]
  }

  private func firstRows(_ description: DatasetDescription, rows: Int) -> Table {
    let left = description.rows - description.firstRows.count
    let isWord = description.headings.indices.map { column in
      description.firstRows.contains { if case .word = $0[column] { true } else { false } }
    }
    return Table(
      title: "\(description.name): \(description.rows.counted("row"))",
      columns: [.numbers("row")] + zip(description.headings, isWord).map { $1 ? .words($0) : .numbers($0) },
      rows: description.firstRows.enumerated().map { index, cells in
        [String(index + 1)]
          + cells.map { cell in
            switch cell {
            case .number(let number): formatNumber(number, digits: state.options.digits)
            case .word(let word): word
            }
          }
      },
      footer: left > 0
        ? ["\(left.counted("more row")): show data \(description.name) n=\(description.rows)"] : [])
  }
}

extension [PartCount] {
  /// The parts as a table: rows, and how many of each class.
  func table(title: String) -> Table {
    let classes = first?.classes?.map(\.name) ?? []
    // Many classes in columns would be wider than any page.
    let shown = classes.count <= 12 ? classes : []
    return Table(
      title: title, columns: [.words("part"), .numbers("rows")] + shown.map { .numbers($0) },
      rows: map { part in
        [part.part, String(part.rows)] + (shown.isEmpty ? [] : (part.classes ?? []).map { String($0.rows) })
      })
  }
}
