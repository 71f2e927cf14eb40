/// The numbers of the fields are those of `onnx.proto`.
extension ONNXModel {
  /// The version of the file format: that of 2021, which came with opset 15 and which every program reads that knows
  /// opset 17.
  private static let formatVersion = 8

  /// The model as a file holds it.
  var bytes: [UInt8] {
    var writer = WireWriter()
    writer.integer(1, ONNXModel.formatVersion)
    writer.text(2, producer)
    writer.text(3, producerVersion)
    writer.text(6, documentation)
    writer.message(7) { graph.write(to: &$0) }
    writer.message(8) { $0.integer(2, opset) }
    for (key, value) in metadata {
      writer.message(14) { entry in
        entry.text(1, key)
        entry.text(2, value)
      }
    }
    return writer.bytes
  }
}

extension ONNXGraph {
  fileprivate func write(to writer: inout WireWriter) {
    for node in nodes { writer.message(1) { node.write(to: &$0) } }
    writer.text(2, name)
    for tensor in initializers { writer.message(5) { tensor.write(to: &$0) } }
    for input in inputs { writer.message(11) { input.write(to: &$0) } }
    for output in outputs { writer.message(12) { output.write(to: &$0) } }
  }
}

extension ONNXNode {
  fileprivate func write(to writer: inout WireWriter) {
    for input in inputs { writer.data(1, Array(input.utf8)) }
    for output in outputs { writer.data(2, Array(output.utf8)) }
    writer.text(3, name)
    writer.text(4, operation)
    for (name, attribute) in attributes.sorted(by: { $0.key < $1.key }) {
      writer.message(5) { inner in
        inner.text(1, name)
        attribute.write(to: &inner)
      }
    }
  }
}

extension ONNXAttribute {
  fileprivate func write(to writer: inout WireWriter) {
    func type(_ number: Int) { writer.integer(20, number) }
    switch self {
    case .float(let value):
      writer.float(2, Float(value))
      type(1)
    case .integer(let value):
      writer.integer(3, value)
      type(2)
    case .text(let value):
      writer.data(4, Array(value.utf8))
      type(3)
    case .tensor(let value):
      writer.message(5) { value.write(to: &$0) }
      type(4)
    case .graph(let value):
      writer.message(6) { value.write(to: &$0) }
      type(5)
    case .floats(let values):
      writer.floats(7, values.map { Float($0) })
      type(6)
    case .integers(let values):
      writer.integers(8, values)
      type(7)
    case .texts(let values):
      for value in values { writer.data(9, Array(value.utf8)) }
      type(8)
    case .other: break
    }
  }
}

extension ONNXValueInfo {
  fileprivate func write(to writer: inout WireWriter) {
    writer.text(1, name)
    writer.message(2) { type in
      type.message(1) { tensor in
        tensor.integer(1, (element ?? .float).rawValue)
        tensor.message(2) { shape in
          for (place, length) in (self.shape ?? []).enumerated() {
            shape.message(1) { axis in
              if let length {
                axis.integer(1, length)
              } else {
                axis.text(2, place == 0 ? "batch" : symbols[place] ?? "")
              }
            }
          }
        }
      }
    }
  }
}

extension ONNXTensor {
  /// Only numbers of 32 bits and whole ones of 64 are written.
  fileprivate func write(to writer: inout WireWriter) {
    writer.integers(1, shape)
    writer.integer(2, element.rawValue)
    writer.text(8, name)
    var raw: [UInt8] = []
    raw.reserveCapacity(values.count * element.width)
    for value in values {
      let word = element == .int64 ? UInt64(bitPattern: Int64(value)) : UInt64(Float(value).bitPattern)
      for place in 0..<element.width { raw.append(UInt8(truncatingIfNeeded: word >> UInt64(8 * place))) }
    }
    writer.data(9, raw)
  }
}
