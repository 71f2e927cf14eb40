import Diagnostics
import Foundation
import Foundations
import NeuralEngine
import Testing

@testable import Sessions

@Suite("Weights of PyTorch and Keras")
struct LoadWeightsTests {
  private struct Answer: Decodable {
    let cell: String
    let rows: Int
    let inputs: [Double]
    let outputs: [Double]
  }

  private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "Fixtures/weights")
  private static let answers: [String: Answer] =
    (try? JSONDecoder().decode(
      [String: Answer].self, from: Data(contentsOf: fixtures.appending(path: "answers.json")))) ?? [:]

  private static func path(_ name: String) -> String { fixtures.appending(path: name).path() }

  /// Answers of the current network to rows of a file's own program.
  private func predictions(_ bench: Bench, of answer: Answer) throws -> [Double] {
    let network = try #require(bench.session.state.current)
    return try network.predict(Examples(name: "rows", rows: answer.rows, inputs: answer.inputs))
  }

  private func code(_ bench: Bench, _ cell: String) -> ErrorCode? {
    bench.run(cell) ? nil : bench.lastError?.code
  }

  @Test("A network with their weights answers as it does there", arguments: answers.keys.sorted())
  func agreement(file: String) throws {
    let answer = try #require(Self.answers[file])
    let bench = Bench()
    #expect(bench.run(answer.cell), "\(bench.shown)")
    #expect(bench.run("load weights \"\(Self.path(file))\""), "\(bench.shown)")
    let found = try predictions(bench, of: answer)
    try #require(found.count == answer.outputs.count)
    for (a, b) in zip(found, answer.outputs) {
      #expect(abs(a - b) < 1e-5 * max(1, abs(b)), "\(found) \(answer.outputs)")
    }
  }

  @Test("There are files of every kind among them")
  func kinds() {
    #expect(Self.answers.count == 12)
    #expect(Self.answers.keys.filter { $0.hasSuffix(".weights.h5") }.count == 2)
  }

  @Test("A table says what went where and what was turned")
  func table() throws {
    let bench = Bench()
    bench.run(try #require(Self.answers["torch_cnn.safetensors"]).cell)
    #expect(bench.run("load weights \"\(Self.path("torch_cnn.safetensors"))\""))
    for words in [
      "edges.weight        4x2x3x3  edges/kernel    channels last",
      "after.running_var        36  after/variance  order to channels last",
      "hidden.weight          5x36  hid/kernel      columns to channels last",
      "left over in the file: norm.num_batches_tracked",
      "`norm` and `after`: epsilon is",
    ] { #expect(bench.shown.contains(words), "\(bench.shown)") }
    bench.run(try #require(Self.answers["torch_gru.safetensors"]).cell)
    #expect(bench.run("load weights \"\(Self.path("torch_gru.safetensors"))\""))
    #expect(
      bench.shown.contains("mem/recurrent_bias  gates r z n to z r n"),
      "\(bench.shown)")
  }

  @Test("A network that was described otherwise than the file says is noticed")
  func otherwise() throws {
    let bench = Bench()
    let cell = try #require(Self.answers["keras_cnn.keras"]).cell
    bench.run(cell)
    #expect(
      bench.run("load weights \"\(Self.path("keras_cnn.keras"))\"") && !bench.shown.contains("Note"),
      "\(bench.shown)")
    bench.run(
      cell.replacing("5 tanh", with: "5 relu").replacing(
        "layer norm batchnorm", with: "layer norm batchnorm epsilon=0.1"))
    #expect(bench.run("load weights \"\(Self.path("keras_cnn.keras"))\""))
    // Wherever lines are broken.
    let words = bench.said
    #expect(words.contains("`hidden` has the activation tanh in the file"), "\(words)")
    #expect(words.contains("has epsilon=0.001 in the file"), "\(words)")
  }

  @Test("map= says which is which; names in the wrong order are noticed")
  func map() throws {
    let path = Self.path("torch_half.safetensors")
    let bench = Bench()
    bench.run("net n; layer inp input 3; layer a dense 4 sigmoid; layer b dense 1; connect all")
    #expect(bench.run("load weights \"\(path)\" map={a: 0, b: \"2\"}"), "\(bench.shown)")
    #expect(code(bench, "load weights \"\(path)\" map={a: 2}") == .differentNetwork)
    #expect(code(bench, "load weights \"\(path)\" map={c: 0}") == .badValue)
    #expect(code(bench, "load weights \"\(path)\" map={a: x}") == .badValue)
    #expect(code(bench, "load weights \"\(path)\" map={a: 0, a: 2}") == .badValue)
    #expect(code(bench, "load weights \"\(path)\" map={a 0}") == .unexpectedToken)
    #expect(code(bench, "load weights \"\(path)\" map=3") == .badValue)
    #expect(bench.run("load weights \"\(path)\" map={}"), "\(bench.shown)")
  }

  @Test(
    "Layers that find nothing are refused, or keep what they have with strict=false; nothing is half loaded")
  func strictness() throws {
    let path = Self.path("torch_half.safetensors")
    let bench = Bench()
    bench.run(
      "net n; layer inp input 3; layer hid dense 4 sigmoid; layer new dense 2; connect all; activate [1, 2, 3]"
    )
    let before = try #require(bench.session.state.current?.state.weights.values)
    #expect(code(bench, "load weights \"\(path)\"") == .differentNetwork)
    #expect(bench.session.state.current?.state.weights.values == before)
    #expect(bench.lastError?.message.contains("2.weight (1x4)") == true)
    #expect(bench.run("load weights \"\(path)\" strict=false"), "\(bench.shown)")
    #expect(bench.shown.contains("left over in the file: 2.bias, 2.weight\nkept as they were: new"))
    let after = try #require(bench.session.state.current?.state.weights.values)
    #expect(after.suffix(10) == before.suffix(10) && after.prefix(16) != before.prefix(16))
    // A layer without biases is another one.
    bench.run("net m; layer inp input 3; layer a dense 4 bias=false; layer b dense 1; connect all")
    #expect(code(bench, "load weights \"\(path)\"") == .differentNetwork)
    #expect(bench.lastError?.message.contains("it has a bias, and the layer has none") == true)
  }

  @Test("Weights of nbs go into another network of the same layers")
  func ours() throws {
    let folder = try Folder()
    let path = folder.url.appending(path: "m.safetensors").path()
    let bench = Bench()
    bench.run("net n; layer inp input 3; layer hid dense 4 tanh; layer out dense 1; connect all")
    bench.run("save net \"\(path)\"; a = predict([[1, 2, 3]])")
    bench.run("net m; layer x input 3; layer hid dense 4 tanh; layer out dense 1; connect all")
    #expect(bench.run("load weights \"\(path)\"\nassert predict([[1, 2, 3]]) == a"), "\(bench.shown)")
    // They can be trained further.
    #expect(bench.run("data d { 1 2 3 -> 4 }; train d epochs=2"), "\(bench.shown)")
  }

  @Test(
    "Files that lead elsewhere, promise too much or end early are refused",
    arguments: [
      ("outside.weights.h5", ErrorCode.badModelFile, "link to another place"),
      ("elsewhere.weights.h5", .badModelFile, "lie in another file"),
      ("huge.weights.h5", .badModelFile, "a file of its size does not hold"),
      ("circle.weights.h5", .badModelFile, "without an end"),
      ("bomb.keras", .badModelFile, "no HDF5 file"),
      ("m.pth", .notAModelFile, "save_file(torch.load(\"m.pth\""),
      ("keras_cnn.weights.h5 cut", .badModelFile, "it has 9000"),
      ("keras_cnn.keras cut", .badZip, "cut off"),
      ("torch_cnn.safetensors cut", .badModelFile, "torch_cnn"),
      ("none.safetensors", .noSuchFile, "There is no file"),
    ] as [(String, ErrorCode, String)])
  func hostile(name: String, expected: ErrorCode, words: String) throws {
    let folder = try Folder()
    let file = String(name.split(separator: " ")[0])
    var path = file
    if FileManager.default.fileExists(atPath: Self.path(file)) {
      let bytes = try Data(contentsOf: Self.fixtures.appending(path: file))
      path = folder.url.appending(path: file).path()
      try
        (name.hasSuffix(" cut") ? bytes.prefix(bytes.count * 9 / 10 > 9000 ? 9000 : bytes.count - 9) : bytes)
        .write(to: URL(filePath: path))
    }
    let bench = Bench()
    bench.run("net n; layer inp input 2; layer hid dense 2; connect all")
    #expect(code(bench, "load weights \"\(path)\"") == expected, "\(bench.shown)")
    #expect(bench.lastError?.message.contains(words) == true, "\(bench.shown)")
    if file == "m.pth" { #expect(code(bench, "load net \"m.pth\"") == .notAModelFile) }
  }

  @Test("A header of any length is told from a pickle")
  func lengths() throws {
    let folder = try Folder()
    let path = folder.url.appending(path: "m.safetensors").path()
    let bench = Bench()
    bench.run("net n; layer inp input 1; layer hid dense 1 bias=false; connect all")
    let array = "{\"hid.weight\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[0,4]}}"
    for length in [128, 640] {
      let header = array + String(repeating: " ", count: length - array.utf8.count)
      let start = [UInt8(length & 255), UInt8(length >> 8), 0, 0, 0, 0, 0, 0]
      try Data(start + Array(header.utf8) + [0, 0, 0x80, 0x3F]).write(to: URL(filePath: path))
      #expect(bench.run("load weights \"\(path)\"\nassert predict([[7]]) == [[7]]"), "\(bench.shown)")
    }
    // A layer of PyTorch with a number beyond all numbers.
    let far = array.replacing("hid.weight", with: "mem.weight_ih_l9223372036854775807")
    let start = [UInt8(far.utf8.count), 0, 0, 0, 0, 0, 0, 0]
    try Data(start + Array(far.utf8) + [0, 0, 0x80, 0x3F]).write(to: URL(filePath: path))
    #expect(code(bench, "load weights \"\(path)\"") == .differentNetwork, "\(bench.shown)")
    try Data([0x80, 2] + [UInt8](repeating: 0x58, count: 40)).write(to: URL(filePath: path))
    #expect(code(bench, "load weights \"\(path)\"") == .notAModelFile)
  }

  @Test("A file with changed bytes is read or refused, and nothing else happens")
  func fuzzing() throws {
    let folder = try Folder()
    let bench = Bench()
    bench.run(try #require(Self.answers["keras_memory.weights.h5"]).cell)
    var random = RandomStream(seed: 4)
    for name in ["keras_memory.weights.h5", "keras_memory.keras", "torch_lstm.safetensors"] {
      let bytes = [UInt8](try Data(contentsOf: Self.fixtures.appending(path: name)))
      let path = folder.url.appending(path: name).path()
      var refused = 0
      for _ in 0..<150 {
        var changed = bytes
        for _ in 0...random.below(6) { changed[random.below(changed.count)] = UInt8(random.below(256)) }
        if random.below(4) == 0 { changed.removeLast(random.below(changed.count - 8)) }
        try Data(changed).write(to: URL(filePath: path))
        if !bench.run("load weights \"\(path)\"") { refused += 1 }
      }
      #expect(refused > 30, "\(name): \(refused)")
    }
  }
}
