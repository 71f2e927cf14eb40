import Foundations
import NeuralEngine

/// Reads the bytes of a model. All sizes that the bytes claim are held against what is there.
struct ONNXReader {
  let bytes: [UInt8]
  /// Reads so many bytes of another file that a tensor's numbers lie in: its name, where they begin, and their number, or
  /// nil for all.
  let external: (String, Int, Int?) throws(CodedError) -> [UInt8]

  /// The most nodes, and the most initializers: the time to read them grows with their number.
  private static let mostParts = 50_000
  /// How deep graphs may lie within nodes.
  private static let mostDepth = 2

  /// Reads the model.
  ///
  /// - Throws: a ``WireError``, or the `CodedError` of a file beside it.
  mutating func model() throws -> ONNXModel {
    var model = ONNXModel()
    var hasGraph = false
    var reader = WireReader(bytes)
    while let field = try reader.next() {
      switch field.number {
      case 2: model.producer = try field.text(bytes)
      case 3: model.producerVersion = try field.text(bytes)
      case 6: model.documentation = try field.text(bytes)
      case 7:
        model.graph = try graph(field.range(), depth: 0)
        hasGraph = true
      case 8:
        let (domain, version) = try opset(field.range())
        if domain.isEmpty || domain == "ai.onnx" {
          model.opset = version
        } else {
          model.otherOpsets[domain] = version
        }
      case 14: model.metadata.append(try entry(field.range()))
      default: break
      }
    }
    guard hasGraph else { throw WireError(offset: 0, reason: "there is no graph in it") }
    return model
  }

  private func opset(_ range: Range<Int>) throws(WireError) -> (String, Int) {
    var (domain, version) = ("", 0)
    var reader = WireReader(bytes, range)
    while let field = try reader.next() {
      switch field.number {
      case 1: domain = try field.text(bytes)
      case 2: version = try field.integer()
      default: break
      }
    }
    return (domain, version)
  }

  private func entry(_ range: Range<Int>) throws(WireError) -> (key: String, value: String) {
    var (key, value) = ("", "")
    var reader = WireReader(bytes, range)
    while let field = try reader.next() {
      switch field.number {
      case 1: key = try field.text(bytes)
      case 2: value = try field.text(bytes)
      default: break
      }
    }
    return (key, value)
  }

  /// - Parameter depth: how many graphs it lies within.
  private func graph(_ range: Range<Int>, depth: Int) throws -> ONNXGraph {
    var graph = ONNXGraph()
    var reader = WireReader(bytes, range)
    while let field = try reader.next() {
      switch field.number {
      case 1: graph.nodes.append(try node(field.range(), depth))
      case 2: graph.name = try field.text(bytes)
      case 5: graph.initializers.append(try tensor(field.range()))
      case 11: graph.inputs.append(try valueInfo(field.range()))
      case 12: graph.outputs.append(try valueInfo(field.range()))
      default: break
      }
      guard graph.nodes.count + graph.initializers.count <= ONNXReader.mostParts else {
        throw WireError(
          offset: field.offset, reason: "there are more than \(ONNXReader.mostParts) nodes and arrays")
      }
    }
    return graph
  }

  private func node(_ range: Range<Int>, _ depth: Int) throws -> ONNXNode {
    var node = ONNXNode(operation: "", inputs: [], outputs: [])
    var reader = WireReader(bytes, range)
    while let field = try reader.next() {
      switch field.number {
      case 1: node.inputs.append(try field.text(bytes))
      case 2: node.outputs.append(try field.text(bytes))
      case 3: node.name = try field.text(bytes)
      case 4: node.operation = try field.text(bytes)
      case 5:
        let (name, value) = try attribute(field.range(), depth)
        node.attributes[name] = value
      case 7:
        let domain = try field.text(bytes)
        node.domain = domain == "ai.onnx" ? "" : domain
      default: break
      }
    }
    return node
  }

  private func attribute(_ range: Range<Int>, _ depth: Int) throws -> (String, ONNXAttribute) {
    var name = ""
    var type = 0
    var (integer, float, text): (Int?, Double?, String?) = (nil, nil, nil)
    var (integers, floats, texts): ([Int], [Double], [String]) = ([], [], [])
    var tensor: ONNXTensor?
    var (inner, isOther): (ONNXGraph?, Bool) = (nil, false)
    var reader = WireReader(bytes, range)
    while let field = try reader.next() {
      switch field.number {
      case 1: name = try field.text(bytes)
      case 2: float = Double(try field.float())
      case 3: integer = try field.integer()
      case 4: text = String(decoding: bytes[try field.range()], as: UTF8.self)
      case 5: tensor = try self.tensor(field.range())
      case 7: floats += try field.floats(bytes)
      case 8: integers += try field.integers(bytes)
      case 9: texts.append(String(decoding: bytes[try field.range()], as: UTF8.self))
      case 20: type = try field.integer()
      // A step has no further steps within it, in any network.
      case 6 where depth < ONNXReader.mostDepth: inner = try graph(field.range(), depth: depth + 1)
      case 6, 10, 11, 22, 23: isOther = true
      default: break
      }
    }
    // An empty list has no field of its own, and a 0 may be left out.
    if isOther { return (name, .other) }
    if let inner { return (name, .graph(inner)) }
    switch type {
    case 1: return (name, .float(float ?? 0))
    case 2: return (name, .integer(integer ?? 0))
    case 3: return (name, .text(text ?? ""))
    case 6: return (name, .floats(floats))
    case 7: return (name, .integers(integers))
    case 8: return (name, .texts(texts))
    default: break
    }
    if let tensor { return (name, .tensor(tensor)) }
    if let integer { return (name, .integer(integer)) }
    if let float { return (name, .float(float)) }
    if let text { return (name, .text(text)) }
    if !integers.isEmpty { return (name, .integers(integers)) }
    if !floats.isEmpty { return (name, .floats(floats)) }
    return (name, texts.isEmpty ? .other : .texts(texts))
  }

  private func valueInfo(_ range: Range<Int>) throws(WireError) -> ONNXValueInfo {
    var info = ONNXValueInfo(name: "", element: nil, shape: nil)
    var reader = WireReader(bytes, range)
    while let field = try reader.next() {
      switch field.number {
      case 1: info.name = try field.text(bytes)
      case 2:
        var type = WireReader(bytes, try field.range())
        while let part = try type.next() {
          if part.number == 1 { try tensorType(part.range(), &info) }
        }
      default: break
      }
    }
    return info
  }

  private func tensorType(_ range: Range<Int>, _ info: inout ONNXValueInfo) throws(WireError) {
    var reader = WireReader(bytes, range)
    while let field = try reader.next() {
      switch field.number {
      case 1: info.element = ONNXElement(rawValue: try field.integer())
      case 2:
        var lengths: [Int?] = []
        var shape = WireReader(bytes, try field.range())
        while let axis = try shape.next() {
          guard axis.number == 1 else { continue }
          var length: Int?
          var dimension = WireReader(bytes, try axis.range())
          while let part = try dimension.next() {
            if part.number == 1 { length = try part.integer() }
          }
          lengths.append(length)
        }
        info.shape = lengths
      default: break
      }
    }
  }
}

// MARK: - Arrays

extension ONNXReader {
  /// What a message says of an array, before its numbers are read.
  private struct TensorFields {
    var tensor = ONNXTensor([], [])
    var raw: Range<Int>?
    var numbers: [Double] = []
    var element = 0
    var isExternal = false
    var location: [String: String] = [:]
    var offset = 0
  }

  private func tensor(_ range: Range<Int>) throws -> ONNXTensor {
    var fields = TensorFields()
    fields.offset = range.lowerBound
    var reader = WireReader(bytes, range)
    while let field = try reader.next() {
      switch field.number {
      case 1: fields.tensor.shape += try field.integers(bytes)
      case 2: fields.element = try field.integer()
      case 4: fields.numbers += try field.floats(bytes)
      case 5, 7, 11: fields.numbers += try field.integers(bytes).map(Double.init)
      case 6: fields.tensor.texts.append(String(decoding: bytes[try field.range()], as: UTF8.self))
      case 8: fields.tensor.name = try field.text(bytes)
      case 9: fields.raw = try field.range()
      case 10: fields.numbers += try field.doubles(bytes)
      case 13:
        let (key, value) = try entry(field.range())
        fields.location[key] = value
      case 14: fields.isExternal = try field.integer() == 1
      default: break
      }
    }
    return try filled(fields)
  }

  private func filled(_ fields: TensorFields) throws -> ONNXTensor {
    var tensor = fields.tensor
    func bad(_ reason: String) -> WireError {
      WireError(offset: fields.offset, reason: "the array `\(tensor.name.shownName)` \(reason)")
    }
    guard let element = ONNXElement(rawValue: fields.element) else {
      throw bad("holds numbers of the unknown type \(fields.element)")
    }
    tensor.element = element
    guard tensor.shape.count <= 16, let count = tensor.shape.checkedCount else {
      throw bad("has the impossible shape \(tensor.shape.prefix(16).sizesText)")
    }
    if element == .string { return tensor }
    var numbers = fields.numbers
    if fields.isExternal {
      guard let location = fields.location["location"] else {
        throw bad("lies in another file that has no name")
      }
      let start = Int(fields.location["offset"] ?? "0") ?? -1
      let length = fields.location["length"].map { Int($0) ?? -1 }
      guard start >= 0, length ?? 0 >= 0 else {
        throw bad("lies at an impossible place of `\(location.shownName)`")
      }
      let raw = try external(location, start, length)
      guard raw.count == count.multipliedOrMost(element.width) else {
        throw bad("should have \(count) numbers, and `\(location.shownName)` has \(raw.count) bytes for it")
      }
      numbers = element.doubles(raw, 0..<raw.count)
    } else if let raw = fields.raw {
      guard raw.count == count.multipliedOrMost(element.width) else {
        throw bad("should have \(count) numbers, and has \(raw.count) bytes")
      }
      numbers = element.doubles(bytes, raw)
    } else if element == .float16 || element == .bfloat16 {
      // Such numbers lie in whole ones, bit by bit.
      numbers = numbers.map { element.value(UInt64(UInt16(truncatingIfNeeded: Int(exactly: $0) ?? 0))) }
    }
    guard numbers.count == count else { throw bad("should have \(count) numbers, and has \(numbers.count)") }
    tensor.values = numbers
    return tensor
  }
}

extension ONNXElement {
  /// The numbers in bytes, little-endian.
  fileprivate func doubles(_ bytes: [UInt8], _ range: Range<Int>) -> [Double] {
    let width = width
    guard width > 0 else { return [] }
    return bytes.withUnsafeBytes { raw in
      stride(from: range.lowerBound, to: range.upperBound, by: width).map { place in
        var word: UInt64 = 0
        for step in (0..<width).reversed() { word = word << 8 | UInt64(raw[place + step]) }
        return value(word)
      }
    }
  }

  /// The number that bits stand for.
  fileprivate func value(_ word: UInt64) -> Double {
    switch self {
    case .float: Double(Float(bitPattern: UInt32(truncatingIfNeeded: word)))
    case .double: Double(bitPattern: word)
    case .float16: Double(Float16(bitPattern: UInt16(truncatingIfNeeded: word)))
    case .bfloat16: Double(Float(bitPattern: UInt32(truncatingIfNeeded: word) << 16))
    case .int8: Double(Int8(truncatingIfNeeded: word))
    case .int16: Double(Int16(truncatingIfNeeded: word))
    case .int32: Double(Int32(truncatingIfNeeded: word))
    case .int64: Double(Int64(bitPattern: word))
    case .uint8, .uint16, .uint32, .uint64: Double(word)
    case .bool: word == 0 ? 0 : 1
    case .string: 0
    }
  }
}

extension [Int] {
  /// The product of lengths; nil where one is negative or the product is beyond any array.
  var checkedCount: Int? {
    guard allSatisfy({ $0 >= 0 }) else { return nil }
    if contains(0) { return 0 }
    var product = 1
    for length in self {
      let (next, overflows) = product.multipliedReportingOverflow(by: length)
      guard !overflows, next <= 1 << 40 else { return nil }
      product = next
    }
    return product
  }
}
