/// An array that fills with a network's outputs, a load of rows after the other.
final class OutputRows {
  /// The array; complete when all rows have been appended.
  let tensor: Tensor
  private let width: Int
  private let rows: Int
  private var filled = 0

  init(_ rows: Int, width: Int) {
    tensor = Tensor(Dimensions([rows, width]), count: rows * width) { _ in }
    self.width = width
    self.rows = rows
  }

  /// Takes over the outputs of a plan's first rows.
  func append(_ count: Int, of execution: CPUExecution) {
    precondition(filled + count <= rows, "The outputs of \(filled + count) rows do not fit \(rows).")
    tensor.withFreshNumbers { execution.copyOutputs(rows: count, to: $0 + filled * width) }
    filled += count
  }
}
