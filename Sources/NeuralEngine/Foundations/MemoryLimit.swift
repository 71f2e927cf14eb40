import Foundations
import Glibc

/// How much memory one thing may take, so that a mistyped size is an error and not the end of the process.
package enum MemoryLimit {
  /// Half of the machine's memory, in bytes.
  package static let bytes: Int = {
    let pages = sysconf(Int32(_SC_PHYS_PAGES))
    let pageSize = sysconf(Int32(_SC_PAGESIZE))
    return pages > 0 && pageSize > 0 ? pages / 2 * pageSize : 1 << 31
  }()

  /// Refuses `count` numbers of `width` bytes each when they do not fit.
  ///
  /// - Throws: `too-large`, naming what was asked for.
  static func check(_ factors: [Int], bytesEach width: Int, for purpose: String) throws(CodedError) {
    var total = width
    for factor in factors {
      let (product, overflows) = total.multipliedReportingOverflow(by: factor)
      total = overflows ? .max : product
    }
    guard total > bytes else { return }
    let needed = total == .max ? "more memory than any machine has" : "\(total >> 30) GiB"
    throw CodedError(
      .tooLarge, "\(purpose) would take \(needed); at most \(max(1, bytes >> 30)) GiB are allowed here.")
  }
}
