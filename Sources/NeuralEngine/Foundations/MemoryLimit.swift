package import Foundations
import Synchronization
import SystemLibrary

/// How much memory one thing may take, so that a size that does not fit is an error and not the end of the process.
package enum MemoryLimit {
  /// The most bytes that one thing may take now: half of the machine's memory, and no more than there is left.
  package static var bytes: Int { min(half, MemoryRoom.now().bytes) }

  /// Half of the machine's memory.
  static let half: Int = {
    let pages = sysconf(Int32(_SC_PHYS_PAGES))
    let pageSize = sysconf(Int32(_SC_PAGESIZE))
    return pages > 0 && pageSize > 0 ? pages / 2 * pageSize : 1 << 31
  }()

  /// Refuses `count` numbers of `width` bytes each when they do not fit.
  ///
  /// - Throws: `too-large`, naming what was asked for.
  package static func check(_ factors: [Int], bytesEach width: Int, for purpose: String) throws(CodedError) {
    var total = width
    for factor in factors {
      let (product, overflows) = total.multipliedReportingOverflow(by: factor)
      total = overflows ? .max : product
    }
    if total > half {
      let needed = total == .max ? "more memory than any machine has" : total.byteText
      throw CodedError(
        .tooLarge, "\(purpose) would take \(needed); at most \(half.byteText) are allowed here.")
    }
    try reserve(total) { purpose }
  }

  /// Refuses memory that is not there. Asked before each larger block is taken.
  ///
  /// - Parameter purpose: what needs it, as the subject of a message.
  /// - Throws: `too-large`.
  @inline(__always)
  static func reserve(_ bytes: Int, for purpose: () -> String) throws(CodedError) {
    if bytes >= leastBytes { try reserveMany(bytes, for: purpose) }
  }

  /// Smaller blocks are not asked for.
  private static let leastBytes = 1 << 20

  /// What may still be taken before the system is asked again.
  private static let allowance = Mutex(0)

  @inline(never)
  private static func reserveMany(_ bytes: Int, for purpose: () -> String) throws(CodedError) {
    let isAllowed = allowance.withLock { allowance in
      allowance -= min(bytes, allowance + 1)
      return allowance >= 0
    }
    if isAllowed { return }
    var room = MemoryRoom.now()
    if room.bytes < bytes {
      SpareBlocks.release()
      room = MemoryRoom.now()
    }
    guard bytes <= room.bytes else {
      throw CodedError(
        .tooLarge,
        "\(purpose()) would take \(bytes.byteText) of memory, and \(room.bound) \(room.bytes.byteText). "
          + "Work on a part at a time, or free what is not needed: delete NAME",
        suggestion: "delete NAME")
    }
    let left = room.bytes - bytes
    allowance.withLock { $0 = left / 8 }
  }
}
