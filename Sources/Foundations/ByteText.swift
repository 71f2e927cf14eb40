extension Int {
  /// So many bytes for a reader: `1.5 GiB`, `20 MiB`, `512 bytes`.
  public var byteText: String {
    if self >= 1 << 30 {
      let tenths = self / ((1 << 30) / 10)
      return tenths < 100 && tenths % 10 != 0 ? "\(tenths / 10).\(tenths % 10) GiB" : "\(self >> 30) GiB"
    }
    return self >= 1 << 20 ? "\(self >> 20) MiB" : "\(self) byte\(self == 1 ? "" : "s")"
  }
}
