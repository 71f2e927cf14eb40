package import Foundations

/// Looks from time to time whether there is memory left, for work that takes it in blocks too small to be asked for one by
/// one.
package struct MemoryWatch {
  /// Less than this is none: what else a computation needs is left alone besides.
  private static let least = 16 << 20
  /// Where there is more than this, the next look can wait for long.
  private static let plenty = 2 << 30

  private var next = ContinuousClock.now

  /// Creates a watch that looks at once.
  package init() {}

  /// Looks, if it is time.
  ///
  /// - Throws: `too-large` where next to nothing is left.
  package mutating func check() throws(CodedError) {
    let now = ContinuousClock.now
    guard now >= next else { return }
    var room = MemoryRoom.now()
    if room.bytes < MemoryWatch.least {
      SpareBlocks.release()
      room = MemoryRoom.now()
    }
    guard room.bytes >= MemoryWatch.least else {
      throw CodedError(
        .tooLarge,
        "There is no memory for more: \(room.bound) \(room.bytes.byteText). Keep less at a time, or free what is not "
          + "needed: delete NAME",
        suggestion: "delete NAME")
    }
    // What a loop of small values takes meanwhile is less than what there is.
    next = now + (room.bytes > MemoryWatch.plenty ? .milliseconds(100) : .milliseconds(5))
  }
}
