extension Double {
  /// The number by its own digits, without a needless `.0`.
  public var brief: String {
    self == rounded() && magnitude < 1e15 ? String(Int(self)) : "\(self)"
  }
}

/// The units that bytes are told in.
package enum ByteUnit: String {
  case bytes
  case kibi = "KiB"
  case mebi = "MiB"
  case gibi = "GiB"
}

extension Int {
  /// So many bytes for a reader, in English and in three digits: `1.5 GiB`, `244 KiB`, `512 bytes`.
  public var byteText: String {
    self == 1 ? "1 byte" : "\(byteAmount.count) \(byteAmount.unit.rawValue)"
  }

  /// The number and the unit by which so many bytes are told.
  package var byteAmount: (count: String, unit: ByteUnit) {
    let (unit, size): (ByteUnit, Int) =
      self < 1 << 10
      ? (.bytes, 0) : self < 1 << 20 ? (.kibi, 10) : self < 1 << 30 ? (.mebi, 20) : (.gibi, 30)
    // Four digits are no more than a thousand and a few, and a power of ten would be harder to read.
    let number = Double(self) / Double(1 << size)
    let parts = number < 10 ? 100.0 : number < 100 ? 10 : 1
    return (((number * parts).rounded(.toNearestOrEven) / parts).brief, unit)
  }
}
