import ByteStreams
internal import Foundations
internal import NeuralEngine

/// Reads `.npy`, NumPy's format for one array (numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
enum NPYReader {
  static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]

  /// - Throws: `bad-npy-header`, `npy-type`, `too-large`, `truncated-file` or `extra-bytes`.
  static func read(_ stream: any ByteStream, limit: Int) throws(CodedError) -> RawArray {
    let header = try NPYHeader(stream)
    let check = SizeCheck(name: stream.name, limit: limit)
    let reader = ElementReader(kind: header.kind, isBigEndian: header.isBigEndian, check: check)
    var values = try reader.read(shape: header.shape, from: stream)
    guard try stream.isAtEnd() else {
      throw CodedError(
        .extraBytes,
        "`\(stream.name)` goes on after the \(header.shape.sizesText) values of its "
          + "header. Is it damaged?")
    }
    if header.isFortran, header.shape.count > 1, values.count > 0 {
      values = values.inCOrder(shape: header.shape)
    }
    return RawArray(name: stream.name, shape: header.shape, values: values, isWhole: header.kind.isWhole)
  }
}

/// The header of a `.npy` file: a Python dictionary of three entries.
struct NPYHeader {
  var kind: ElementKind
  var isBigEndian: Bool
  var isFortran: Bool
  var shape: [Int]

  init(_ stream: any ByteStream) throws(CodedError) {
    let start = try stream.next(8)
    guard start.count == 8, start.starts(with: NPYReader.magic), (1...3).contains(start[6]) else {
      throw NPYHeader.bad(stream, "it does not begin with NumPy's mark and version 1, 2 or 3")
    }
    let size = try stream.next(start[6] == 1 ? 2 : 4)
    guard size.count == (start[6] == 1 ? 2 : 4) else {
      throw NPYHeader.bad(stream, "it ends within the header")
    }
    let length = size.reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= 1 << 20 else { throw NPYHeader.bad(stream, "the header claims \(length) bytes") }
    let bytes = try stream.next(length)
    guard bytes.count == length else { throw NPYHeader.bad(stream, "it ends within the header") }
    // Latin-1 in versions 1 and 2, UTF-8 in 3; what is asked for is ASCII in all.
    let text = String(decoding: bytes, as: UTF8.self)
    guard let type = NPYHeader.value(of: "descr", in: text),
      let order = NPYHeader.value(of: "fortran_order", in: text),
      let tuple = NPYHeader.value(of: "shape", in: text)
    else { throw NPYHeader.bad(stream, "descr, fortran_order or shape is not there") }
    (kind, isBigEndian) = try NPYHeader.type(type, stream)
    guard order == "True" || order == "False" else {
      throw NPYHeader.bad(stream, "fortran_order is \(order)")
    }
    isFortran = order == "True"
    let lengths = tuple.split(separator: ",").map { Int($0.filter { $0 != " " }) ?? -1 }
    guard lengths.allSatisfy({ $0 >= 0 }), lengths.count <= 32 else {
      throw NPYHeader.bad(stream, "its shape (\(tuple)) has a length that is no number or too large")
    }
    shape = lengths
  }

  /// The text behind `'key':`, without quotes or brackets.
  private static func value(of key: String, in text: String) -> String? {
    guard let name = text.firstRange(of: "'\(key)'") ?? text.firstRange(of: "\"\(key)\"") else { return nil }
    let rest = text[name.upperBound...].drop { $0 == " " || $0 == ":" }
    guard let first = rest.first else { return nil }
    let inner = rest.dropFirst()
    switch first {
    case "(": return inner.firstIndex(of: ")").map { String(inner[..<$0]) }
    case "'", "\"": return inner.firstIndex(of: first).map { String(inner[..<$0]) }
    default: return String(rest.prefix { $0 != "," && $0 != "}" && $0 != " " })
    }
  }

  private static func type(_ text: String, _ stream: any ByteStream) throws(CodedError) -> (
    ElementKind, Bool
  ) {
    if let order = text.first, "<>|=".contains(order),
      let kind = ElementKind(rawValue: String(text.dropFirst()))
    {
      return (kind, order == ">")
    }
    throw CodedError(
      .npyType,
      "`\(stream.name)` holds values of the type \(text.prefix(40)). Booleans, integers of 1 to 8 bytes and "
        + "floats of 2, 4 or 8 can be read: write it with array.astype(\"f4\").")
  }

  private static func bad(_ stream: any ByteStream, _ reason: String) -> CodedError {
    CodedError(
      .badNPYHeader, "`\(stream.name)` is not a valid .npy file: \(reason). Save it again with numpy.save."
    )
  }
}
