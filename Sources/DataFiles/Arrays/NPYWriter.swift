/// Writes `.npy`, NumPy's format for one array, in version 1 (numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
public enum NPYWriter {
  /// The bytes of an array of doubles in C order.
  public static func bytes(_ values: [Double], shape: [Int]) -> [UInt8] {
    let lengths = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var header = "{'descr': '<f8', 'fortran_order': False, 'shape': (\(lengths)), }"
    // What stands before the values is a multiple of 64 bytes.
    header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
    let size = UInt16(header.utf8.count)
    var bytes = NPYReader.magic + [1, 0, UInt8(size & 0xFF), UInt8(size >> 8)] + Array(header.utf8)
    bytes.reserveCapacity(bytes.count + 8 * values.count)
    for value in values {
      withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }
    return bytes
  }
}
