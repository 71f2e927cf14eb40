extension Sequence<Int> {
  /// Sizes as a shape: `28x28x1`.
  package var sizesText: String { map(String.init).joined(separator: "x") }
}

extension Int {
  /// The product, or the largest number there is.
  package func multipliedOrMost(_ other: Int) -> Int {
    let (product, overflows) = multipliedReportingOverflow(by: other)
    return overflows ? .max : product
  }
}
