package import Foundations

/// Sizes that come out of a file's header, checked before any memory is taken.
package struct SizeCheck {
  /// The name of the file in messages.
  package let name: String
  /// The most bytes that may be taken.
  package let limit: Int

  package init(name: String, limit: Int) {
    self.name = name
    self.limit = limit
  }

  /// The product of counts that a header gives, times the bytes each.
  ///
  /// - Throws: `too-large` when it overflows or is over the limit.
  package func bytes(_ counts: [Int], each width: Int) throws(CodedError) -> Int {
    var total = width
    // A 0 among the counts must not hide that the others are absurd.
    for count in counts where count != 0 {
      let (product, overflows) = total.multipliedReportingOverflow(by: count)
      guard !overflows, product >= 0, product <= limit else {
        throw CodedError(
          .tooLarge,
          "The header of `\(name)` announces \(counts.map(String.init).joined(separator: " x ")) values, which would "
            + "need more than the \(limit.byteText) allowed here. Is the file damaged?")
      }
      total = product
    }
    return counts.contains(0) ? 0 : total
  }

  /// Refuses a claim that the bytes at hand cannot keep.
  ///
  /// - Throws: `truncated-file`.
  package func claim(_ needed: Int, by stream: any ByteStream) throws(CodedError) {
    guard needed > stream.mostBytesLeft else { return }
    throw truncated(needed: needed)
  }

  /// The error for a file that ends too early.
  package func truncated(needed: Int, found: Int? = nil) -> CodedError {
    let found = found.map { ", but only \($0) are there" } ?? ", and the file is too small for that"
    return CodedError(
      .truncatedFile,
      "`\(name)` should hold \(needed) bytes of values by its header\(found). "
        + "It is truncated or damaged: download or copy it again.")
  }
}
