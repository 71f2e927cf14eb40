extension Tensor {
  /// The array as NumPy prints it: columns aligned, long lines broken at 75 columns, the middle of more than
  /// 1000 elements left out.
  ///
  /// Whole numbers are printed as NumPy prints integers (`[0 1 2]`), truth values as the language writes them
  /// (`true`). A tensor of rank 0 is printed as `formatNumber` prints it.
  ///
  /// - Parameter digits: the most decimals of an element.
  public func formatted(digits: Int) -> String {
    if rank == 0 {
      if isBoolean { return number(at: 0) == 0 ? "false" : "true" }
      return formatNumber(number(at: 0), digits: digits)
    }
    return count == 0 ? "[]" : ArrayText(self, digits: digits).text
  }
}

/// NumPy's `array2string`, for arrays with elements.
private struct ArrayText {
  private static let lineWidth = 75
  private static let edge = 3
  private static let mostElements = 1000

  private let shape: [Int]
  private let values: [Double]
  private let strides: [Int]
  private let isSummarized: Bool
  private var format = ElementFormat(for: [], isBoolean: false, isWhole: true, digits: 0)

  init(_ tensor: Tensor, digits: Int) {
    shape = tensor.shape
    values = tensor.values
    strides = shape.rowMajorStrides
    isSummarized = tensor.count > ArrayText.mostElements
    format = ElementFormat(
      for: shownValues(), isBoolean: tensor.isBoolean,
      isWhole: values.allSatisfy(NumberFormat.isShownWhole), digits: digits)
  }

  var text: String { text(axis: 0, offset: 0, indent: " ", width: ArrayText.lineWidth) }

  private func hidesMiddle(of axis: Int) -> Bool {
    isSummarized && shape[axis] > 2 * ArrayText.edge
  }

  /// The indexes shown along an axis, and after how many of them the gap comes.
  private func shown(along axis: Int) -> (indexes: [Int], gap: Int?) {
    let length = shape[axis]
    guard hidesMiddle(of: axis) else { return (Array(0..<length), nil) }
    return (Array(0..<ArrayText.edge) + Array((length - ArrayText.edge)..<length), ArrayText.edge)
  }

  private func shownValues() -> [Double] {
    guard isSummarized else { return values }
    let tables = strides.indices.map { axis in shown(along: axis).indexes.map { $0 * strides[axis] } }
    return Places.sums(of: tables, from: 0).map { values[$0] }
  }

  /// The part of the array at `offset`, its first line without its indent.
  private func text(axis: Int, offset: Int, indent: String, width: Int) -> String {
    if axis == shape.count - 1 { return row(offset: offset, indent: indent, width: width) }
    let (indexes, gap) = shown(along: axis)
    let separator = String(repeating: "\n", count: shape.count - axis - 1)
    var parts = indexes.map { index in
      text(axis: axis + 1, offset: offset + index * strides[axis], indent: indent + " ", width: width - 1)
    }
    if let gap { parts.insert("...", at: gap) }
    return "[" + parts.joined(separator: separator + indent) + "]"
  }

  /// The last axis, broken into lines where an element would not fit.
  private func row(offset: Int, indent: String, width: Int) -> String {
    let (indexes, gap) = shown(along: shape.count - 1)
    var words = indexes.map { format.text(of: values[offset + $0]) }
    if let gap { words.insert("...", at: gap) }
    var lines: [String] = []
    var line = indent
    for (i, word) in words.enumerated() {
      // A bracket has to fit behind every element.
      if line.utf8.count + word.utf8.count > width - 1, line.utf8.count > indent.utf8.count {
        lines.append(line.trimmingSpaces)
        line = indent
      }
      line += word + (i < words.count - 1 ? " " : "")
    }
    lines.append(line)
    return "[" + lines.joined(separator: "\n").dropFirst(indent.utf8.count) + "]"
  }
}

extension String {
  fileprivate var trimmingSpaces: String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
