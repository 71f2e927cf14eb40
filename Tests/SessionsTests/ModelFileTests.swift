import Diagnostics
import Foundation
import Foundations
import ModelFiles
import NeuralEngine
import Testing

@testable import Sessions

@Suite("Saving and loading networks")
struct ModelFileTests {
  private let folder: URL

  init() throws {
    folder = URL(filePath: NSTemporaryDirectory()).appending(path: "nbs-save-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func path(_ name: String) -> String { folder.appending(path: name).path() }

  /// Runs cells that must work.
  private func run(_ session: Session, _ lines: String) throws {
    var shown: [String] = []
    let outcome = session.evaluate(SourceText(lines, name: "test")) { shown.append("\($0)") }
    try #require(outcome == .done, "\(shown)")
  }

  /// The code and message of what a line fails with.
  private func mistake(_ session: Session, _ line: String) -> (code: ErrorCode?, message: String) {
    guard case .failed(let diagnostic) = session.evaluate(SourceText(line, name: "test"), emit: { _ in })
    else {
      return (nil, "")
    }
    return (diagnostic.code, diagnostic.message)
  }

  /// What a network has learned.
  private func numbers(_ network: Network?) -> LearnedNumbers? {
    guard let weights = network?.state.weights, let options = weights.options,
      let values = weights.values,
      let optimizer = weights.optimizer
    else { return nil }
    return LearnedNumbers(precision: options.precision, values: values, optimizer: optimizer)
  }

  private static let iris = "data iris; split iris seed=1; prepare iris"
  private static let images = "data digits; prepare digits divide=16; split digits test=93% seed=2"

  /// The data, a network, and how it is trained.
  static let trainings: [(data: String, network: String, options: String)] = [
    (
      iris, "net n; layer i input 4; layer h dense 5 tanh; layer o dense 3 softmax; connect all",
      "batch=16 optimizer=adam"
    ),
    (
      iris,
      "option precision=double; net n rate=0.05 momentum=0.9 nesterov=true l2=0.001 clip=1; layer i input 4; "
        + "layer h dense 5 gelu; layer o dense 3 softmax; connect i -> h -> o; connect i -> o", "batch=7"
    ),
    (iris, "net n; layer i input 4; layer o dense 3 softmax; connect all", "batch=10 optimizer=nadam"),
    (iris, "net n; layer i input 4; layer o dense 3 softmax; connect all", "batch=10 optimizer=adadelta"),
    (iris, "net n; layer i input 4; layer o dense 3 softmax; connect all", "batch=10 optimizer=rmsprop"),
    (
      "data xor",
      "net n loss=mse rate=0.3; layer i input 2; layer h dense 3 sigmoid; layer o dense 1 sigmoid; connect all",
      "batch=1"
    ),
    (
      "data line { 1 -> 10; 2 -> 20; 3 -> 31; 4 -> 42 }; prepare line",
      "net n; layer i input 1; layer o dense 1; connect i -> o weights=[[0.5]]", "batch=2 optimizer=adagrad"
    ),
    (
      images,
      "net n; layer i input 8x8x1; layer c conv2d 3 3x3 relu; layer b batchnorm; layer p maxpool 2; layer f flatten; "
        + "layer d dropout 30%; layer o dense 10 softmax; connect all", "batch=32 optimizer=adamw"
    ),
  ]

  @Test(
    "A training that stops, is saved and goes on in a new session comes to the same bits",
    arguments: trainings.indices)
  func continues(_ index: Int) throws {
    let (data, network, options) = Self.trainings[index]
    let set = data.split { " ;".contains($0) }[1]
    let straight = Session(seed: 7)
    try run(straight, "\(data)\n\(network)\ntrain \(set) epochs=5 \(options)")
    let first = Session(seed: 7)
    try run(first, "\(data)\n\(network)\ntrain \(set) epochs=2 \(options)\nsave net \"\(path("m"))\"")
    let second = Session(seed: 99)
    try run(
      second,
      "\(data)\nload net \"\(path("m"))\"\nsave n \"\(path("again"))\"\ntrain \(set) epochs=3 \(options)")
    #expect(
      try Data(contentsOf: folder.appending(path: "m")) == Data(contentsOf: folder.appending(path: "again")))
    let (a, b) = (try #require(straight.state.current), try #require(second.state.current))
    #expect(numbers(a) == numbers(b))
    #expect(a.graph == b.graph)
    #expect(a.defaults == b.defaults)
    #expect(straight.random == second.random)
    #expect(straight.seed == second.seed)
    #expect(straight.state.trainedData(of: a)?.preparation == second.state.trainedData(of: b)?.preparation)
    #expect(straight.state.trainedData(of: a)?.classes == second.state.trainedData(of: b)?.classes)
  }

  @Test("A loaded network answers as the one that was saved, in the user's own units")
  func answers() throws {
    let session = Session()
    try run(session, Self.trainings[6].data + "\n" + Self.trainings[6].network + "\ntrain line epochs=3")
    try run(session, "a = predict([[2], [7]])\nsave net \"\(path("m"))\"")
    let other = Session()
    try run(
      other,
      "load mine \"\(path("m"))\"\nb = predict([[2], [7]])\nprint mine.o.weights, o.bias\nshow weights o")
    #expect(session.array(named: "a")?.values == other.array(named: "b")?.values)
    #expect(other.state.current?.name == "mine")
  }

  @Test("Presets, frozen edges and merges come back; reset draws from them")
  func architecture() throws {
    let session = Session()
    try run(
      session,
      """
      net n; layer a input 2; layer b dense 3 relu; layer c dense 3; layer m dense 2 linear; layer e layernorm
      connect a -> {b c}; connect {b c} -> m merge=mul weights=[[0.25, 0.25, 0.25], [0.25, 0.25, 0.25]] trainable=false; connect m -> e
      save net "\(path("m"))"
      """)
    let other = Session()
    try run(other, "load net \"\(path("m"))\"\nreset weights\nw = m.weights")
    #expect(other.state.current?.graph == session.state.current?.graph)
    #expect(other.array(named: "w")?.values == [Double](repeating: 0.25, count: 6))
  }

  @Test("A network of the same name takes over what the file has learned, or stays as it was")
  func sameName() throws {
    let session = Session()
    let network = "layer i input 2; layer h dense 3 tanh; layer o dense 1; connect all"
    try run(session, "net n; \(network); seed 1; save net \"\(path("m"))\"")
    let learned = numbers(session.state.current)
    try run(session, "seed 2; reset weights; activate [1, 2]")
    #expect(numbers(session.state.current) != learned)
    try run(session, "load net \"\(path("m"))\"")
    #expect(numbers(session.state.current) == learned)

    let cases = [
      (
        "layer i input 2; layer h dense 4 tanh; layer o dense 1; connect all",
        "`h` is dense, 3, tanh, not dense, 4, tanh"
      ),
      ("layer i input 2; layer h dense 3 relu; layer o dense 1; connect all", "not dense, 3, relu"),
      ("layer i input 2; layer h dense 3 tanh bias=false; layer o dense 1; connect all", "other options"),
      ("layer i input 2; layer o dense 1; connect all", "has a layer `h`"),
      (network + "; layer z dense 1; connect o -> z", "no layer `z`"),
      ("layer h dense 3 tanh; layer i input 2; layer o dense 1; connect i -> h -> o", "order"),
      (network + "; connect i -> o", "no edge i -> o"),
      (
        "layer i input 2; layer h dense 3 tanh; layer o dense 1; connect i -> h; connect h -> o trainable=false",
        "other options"
      ),
    ]
    for (other, words) in cases {
      let session = Session(seed: 5)
      try run(session, "net n; \(other); activate [0, 0]")
      let before = (numbers(session.state.current), session.random)
      let mistake = mistake(session, "load net \"\(path("m"))\"")
      #expect(mistake.code == .differentNetwork)
      #expect(mistake.message.contains(words), "\(mistake.message)")
      #expect(numbers(session.state.current) == before.0)
      #expect(session.random == before.1)
      try run(session, "load other \"\(path("m"))\"")
    }
  }

  @Test("Mistakes change nothing")
  func mistakes() throws {
    let session = Session()
    try run(
      session, "net n; layer i input 1; layer o dense 1; connect all; save net \"\(path("m.safetensors"))\"")
    #expect(mistake(session, "load net \"\(path("n.safetensors"))\"").message.contains("Did you mean"))
    #expect(mistake(session, "load net \"\(folder.path())\"").code == .notAFile)
    #expect(mistake(session, "save net \"\(folder.path())\"").code == .unwritableFile)
    #expect(mistake(session, "save net \"\(path("none/m"))\"").code == .unwritableFile)
    #expect(mistake(session, "save nn \"x\"").code == .unknownNetwork)
    #expect(mistake(session, "save net m.safetensors").message.contains("\"m.safetensors\""))
    #expect(mistake(session, "save \"m.safetensors\"").code == .badValue)
    #expect(mistake(session, "load \"m.csv\"").message.contains("data x from"))
    #expect(
      mistake(session, "load net \"\(path("m.safetensors"))\"; show weights nope").code == .unknownLayer)
    #expect(mistake(session, "load net \"\(path("m.safetensors"))\"; nope + 1").code == .unknownName)
    try run(session, "delete n; n = 3")
    #expect(mistake(session, "load net \"\(path("m.safetensors"))\"").code == .nameTaken)
    #expect(mistake(session, "load n \"\(path("m.safetensors"))\"").code == .nameTaken)
    #expect(mistake(Session(), "save net \"\(path("m"))\"").code == .noNetwork)
    #expect(mistake(Session(), "net x; save net \"\(path("m"))\"").code == .incompleteNetwork)
    #expect(!FileManager.default.fileExists(atPath: path("m")))
  }
}
