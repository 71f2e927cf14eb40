import NeuralEngine
import Testing

@testable import ModelFiles
@testable import ONNX

@Suite("Protocol buffers")
struct WireTests {
  @Test("Numbers and texts have the bytes of the encoding's description")
  func bytes() {
    // The examples of protobuf.dev/programming-guides/encoding.
    var writer = WireWriter()
    writer.integer(1, 150)
    #expect(writer.bytes == [0x08, 0x96, 0x01])
    writer = WireWriter()
    writer.text(2, "testing")
    #expect(writer.bytes == [0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6E, 0x67])
    writer = WireWriter()
    writer.integer(1, -2)
    #expect(writer.bytes == [0x08, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01])
    writer = WireWriter()
    writer.integers(6, [3, 270, 86942])
    #expect(writer.bytes == [0x32, 0x06, 0x03, 0x8E, 0x02, 0x9E, 0xA7, 0x05])
  }

  @Test("What is written is read again")
  func mirror() throws {
    var writer = WireWriter()
    writer.integer(1, .min)
    writer.floats(2, [1.5, -.infinity])
    writer.message(3) { $0.text(1, "città") }
    var reader = WireReader(writer.bytes)
    var field = try #require(try reader.next())
    #expect(try field.integer() == .min)
    field = try #require(try reader.next())
    #expect(try field.floats(writer.bytes) == [1.5, -.infinity])
    field = try #require(try reader.next())
    var inner = WireReader(writer.bytes, try field.range())
    let text = try #require(try inner.next())
    #expect(try text.text(writer.bytes) == "città")
    #expect(try inner.next() == nil && reader.next() == nil)
  }

  @Test(
    "Bytes that are no message are refused with their place",
    arguments: [
      ([0x08], 1, "cut off"), ([0x12, 0x05, 0x61], 0, "goes beyond"), ([0x0B], 0, "unknown type 3"),
      ([0x00], 0, "number 0"), ([0x08] + [UInt8](repeating: 0xFF, count: 11), 1, "more than ten bytes"),
      ([0x12, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], 0, "goes beyond"),
      ([0x0D, 1, 2], 1, "cut off"),
    ] as [([UInt8], Int, String)])
  func broken(bytes: [UInt8], offset: Int, reason: String) {
    var reader = WireReader(bytes)
    let error = #expect(throws: WireError.self) { try reader.next() }
    #expect(error?.offset == offset)
    #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
  }

  @Test("A changed model is read or refused, and nothing else happens")
  func fuzzing() throws {
    let bytes = try ONNXExport(
      network([
        ("i", .input(shape: [4, 4, 2])), ("c", .convolution(Convolution(filters: 3, Window([3, 3])))),
        ("f", .flatten), ("o", .dense(units: 2, activation: .softmax)),
      ])
    ).bytes
    var random = RandomStream(seed: 1)
    var refused = 0
    for _ in 0..<3000 {
      var changed = bytes
      for _ in 0...random.below(3) {
        switch random.below(4) {
        case 0: changed[random.below(changed.count)] = UInt8(random.below(256))
        case 1: changed.removeLast(random.below(changed.count / 2))
        case 2: changed.insert(UInt8(random.below(256)), at: random.below(changed.count))
        default:
          let start = random.below(changed.count)
          changed.removeSubrange(start..<min(changed.count, start + random.below(9)))
        }
        if changed.isEmpty { changed = [0] }
      }
      do {
        let read = try model(changed)
        var evaluator = ONNXEvaluator(read, room: 1 << 16)
        let inputs = [
          read.graph.inputs.first?.name ?? "i": ONNXTensor([1, 2, 4, 4], [Double](repeating: 1, count: 32))
        ]
        try evaluator.run(inputs, wanted: Set(read.graph.outputs.map(\.name)))
      } catch { refused += 1 }
    }
    #expect(refused > 1000)
  }
}
