import Datasets
import Foundation
import Foundations
import NeuralEngine
import Testing

@testable import ModelFiles

@Suite("Networks in files")
struct NetworkTests {
  private func saved() throws -> SavedNetwork {
    var graph = NetworkGraph()
    try graph.add(Layer(name: "i", kind: .input(size: 2)))
    try graph.add(Layer(name: "h", kind: .dense(units: 3, activation: .tanh, initializer: .he)))
    try graph.add(Layer(name: "o", kind: .dense(units: 1, activation: .linear, hasBias: false)))
    try graph.connect(Edge(from: "i", to: "h"))
    try graph.connect(Edge(from: "h", to: "o", type: .full, presetWeights: [1, 0.1, -3], isTrainable: false))
    try graph.connect(Edge(from: "i", to: "o"))
    let count = try ParameterLayout(graph).count
    let numbers = (0..<count).map { Double(Float($0) / 7) }
    var defaults = TrainingDefaults(loss: .huber, optimizer: .sgd(momentum: 0.9, nesterov: true), rate: 0.1)
    defaults.schedule = try #require(LearningRateSchedule(named: "step", decay: 0.3, period: 7))
    defaults.regularizer = Regularizer(l1: 1e-3, l2: 0.1)
    defaults.clip = 2
    return SavedNetwork(
      name: "ŷ_1", graph: graph,
      learned: LearnedNumbers(
        precision: .single, values: numbers,
        optimizer: OptimizerState(optimizer: .adam(beta1: 0.8), steps: 12, first: numbers, second: numbers)),
      defaults: defaults,
      preparation: Preparation(
        inputs: [.init(offset: 0.1, divisor: 1 / 3), .init()], targets: [.init(offset: 5, divisor: 2)],
        constant: ["b"]),
      schema: DataSchema(
        inputs: [DataColumn("città", levels: ["a", "b"])],
        targets: [DataColumn("sì", levels: ["ja", "né\"in"])]))
  }

  private func file(prefix: String = "") throws -> ArrayFile {
    var file = ArrayFile()
    try saved().store(in: &file, prefix: prefix)
    return file
  }

  @Test(
    "Weights given to an edge whose size nobody knows yet are kept as they are, however large it may become")
  func unknownSize() throws {
    var graph = NetworkGraph()
    try graph.add(Layer(name: "f", kind: .flatten))
    try graph.add(Layer(name: "e", kind: .embedding(vocabulary: 1 << 32, dimension: 1 << 32)))
    try graph.connect(Edge(from: "f", to: "e", presetWeights: [1, 2, 3]))
    var file = ArrayFile()
    file.addPresets(of: graph, prefix: "")
    #expect(file.arrays.map(\.shape) == [[3]])
  }

  @Test("What is stored is read again, alone and beside others", arguments: ["", "nets/a/"])
  func mirror(prefix: String) throws {
    let folder = try TemporaryFolder()
    try file(prefix: prefix).write(to: folder.path("m"))
    #expect(try SavedNetwork(from: ArrayFile.read(folder.path("m")), at: "m", prefix: prefix) == saved())
  }

  @Test("Delays, carries, gates and the rule are stored, in a version that an older program refuses")
  func memory() throws {
    var graph = NetworkGraph()
    for layer in [
      Layer(name: "x", kind: .input(size: 2)), Layer(name: "g", kind: .dense(units: 3, activation: .sigmoid)),
      Layer(name: "h", kind: .dense(units: 3, activation: .tanh)), Layer(name: "y", kind: .dense(units: 1)),
    ] { try graph.add(layer) }
    try graph.connect([
      Edge(from: "x", to: "g"), Edge(from: "x", to: "h"), Edge(from: "h", to: "y"),
      Edge(from: "y", to: "h", delay: 1), Edge(from: "h", to: "h", type: .others),
      Edge(from: "h", to: "h", type: .carry),
    ])
    try graph.add(Gate("g", on: "h", to: "h", isOnCarry: true))
    try graph.add(Gate("g", on: "h", to: "y", at: .output))
    let count = try ParameterLayout(graph).count
    var defaults = TrainingDefaults(rate: 0.3)
    defaults.rule = .synaptic
    let network = SavedNetwork(
      name: "m", graph: graph,
      learned: LearnedNumbers(
        precision: .double, values: (0..<count).map { Double($0) / 7 },
        optimizer: OptimizerState(optimizer: .sgd(), steps: 0, momenta: 1, first: [], second: [])),
      defaults: defaults)
    var file = ArrayFile()
    try network.store(in: &file)
    #expect(file.metadata["network"]?.contains(#""version":3"#) == true)
    #expect(file["h/kernel.h"]?.shape == [3, 2])
    #expect(try SavedNetwork(from: file, at: "m") == network)
    let text = try #require(file.metadata["network"])
    for (old, new) in [
      (#""rule":"synaptic""#, #""rule":"hebb""#), (#""at":"output""#, #""at":"middle""#),
      (#""gate":"g""#, #""gate":"y""#), (#""delay":1"#, #""delay":-1"#),
    ] {
      file.metadata["network"] = text.replacing(old, with: new)
      #expect(
        code { () throws(CodedError) in _ = try SavedNetwork(from: file, at: "m") } == .badModelFile, "\(new)"
      )
    }
  }

  @Test("Arrays have names that people expect")
  func names() throws {
    #expect(
      try file().arrays.map(\.name).filter { !$0.hasPrefix("optimizer/") } == [
        "h/kernel", "h/bias", "o/kernel.h", "o/kernel.i", "preset/o/h", "preparation/inputs",
        "preparation/targets",
      ])
    #expect(try file()["optimizer/second/o/kernel.h"]?.shape == [1, 3])
  }

  @Test("Weights that are not finite are not saved")
  func infinite() throws {
    var network = try saved()
    network.learned.values[0] = .nan
    var file = ArrayFile()
    #expect(code { () throws(CodedError) in try network.store(in: &file) } == .notFinite)
  }

  @Test("A negative variance is refused")
  func negativeVariance() throws {
    var network = try saved()
    network.graph = NetworkGraph()
    try network.graph.add(Layer(name: "i", kind: .input(size: 2)))
    try network.graph.add(Layer(name: "b", kind: .batchNorm(BatchNorm())))
    try network.graph.connect(Edge(from: "i", to: "b"))
    let count = try ParameterLayout(network.graph).count
    for variance in [0.5, -0.5] {
      network.learned = LearnedNumbers(
        precision: .single, values: [Double](repeating: variance, count: count),
        optimizer: OptimizerState(optimizer: .sgd(), steps: 0, first: [], second: []))
      network.preparation = nil
      network.schema = nil
      var file = ArrayFile()
      try network.store(in: &file)
      let found = code { () throws(CodedError) in _ = try SavedNetwork(from: file, at: "m") }
      #expect(found == (variance < 0 ? .badModelFile : nil))
    }
  }

  /// One change of the description, and what must be said about it.
  static let changes: [(old: String, new: String, reason: String)] = [
    (#""version":2"#, #""version":4"#, "version 4"), (#","version":2}"#, "}", "version"),
    (#""version":2"#, #""version":2,"version":2"#, "twice"),
    (#""version":2"#, #""version":2,"name":"x""#, "twice"),
    (#""name":"ŷ_1""#, #""name":"a b""#, "not a name"), (#""name":"ŷ_1""#, #""name":"""#, "not a name"),
    (#""name":"ŷ_1""#, #""name":"\u001b[2J""#, "not a name"), (#""name":"ŷ_1""#, #""name":7"#, "invalid"),
    (#""name":"h""#, #""name":"i""#, "already"), (#""name":"h""#, #""name":"h.x""#, "not a name"),
    (#""units":3"#, #""units":0"#, "units"), (#""units":3"#, #""units":4"#, "1x4 weights"),
    (#""units":3"#, #""units":9223372036854775807"#, "units"), (#""units":3"#, #""units":3.5"#, "units"),
    (#""units":3"#, #""size":3"#, "no option `size`"),
    (#""kind":"dense""#, #""kind":"attention""#, "unknown kind"),
    (#""activation":"tanh""#, #""activation":"swish""#, "swish"),
    (#""init":"he""#, #""init":"x""#, "init"),
    (#""size":[2]"#, #""size":[]"#, "size"), (#""size":[2]"#, #""size":[3]"#, "shape"),
    (#""type":"full""#, #""type":"half""#, "half"), (#""to":"h""#, #""to":"i""#, "input"),
    (#""to":"h""#, #""to":"z""#, "no layer"), (#""merge":"add","#, "", ""),
    (#""preset":false"#, #""preset":true"#, "preset/"), (#""steps":12"#, #""steps":-1"#, "steps"),
    (#""steps":12"#, #""steps":9223372036854775807"#, "steps"), (#""momenta":1"#, #""momenta":7"#, "steps"),
    (#""name":"adam""#, #""name":"sam""#, "sam"), (#""name":"adam""#, #""name":"adadelta""#, ""),
    (#""precision":"single""#, #""precision":"half""#, "half"), (#""rate":0.1"#, #""rate":-1"#, "rate"),
    (#""rate":0.1"#, #""rate":1e999"#, ""), (#""momentum":0.9"#, #""momentum":1"#, "momentum"),
    (#""clip":2"#, #""clip":0"#, "clip"), (#""period":7"#, #""period":0"#, "period"),
    (#""decay":0.3"#, #""decay":2"#, "decay"), (#""kind":"step""#, #""kind":"x""#, "schedule"),
    (#""loss":"huber""#, #""loss":"x""#, "loss"), (#""kernels":2,"#, "", ""),
  ]

  @Test(
    "A description that was meddled with is refused, or describes another sound network",
    arguments: changes.indices)
  func meddled(_ index: Int) throws {
    let (old, new, reason) = Self.changes[index]
    var file = try file()
    let text = try #require(file.metadata["network"])
    let changed = text.replacing(old, with: new)
    try #require(changed != text || reason.isEmpty, "\(old) is not in \(text)")
    file.metadata["network"] = changed
    let error = mistake { () throws(CodedError) in
      _ = try SavedNetwork(from: file, at: "m")
    }
    if !reason.isEmpty { #expect(error?.message.contains(reason) == true, "\(error?.message ?? "read")") }
  }

  private func mistake(_ body: () throws(CodedError) -> Void) -> CodedError? {
    do throws(CodedError) {
      try body()
      return nil
    } catch { return error }
  }

  @Test("Arrays that do not fit the description are refused")
  func arrays() throws {
    func reason(_ array: StoredArray) throws -> String {
      var file = try file()
      file.add(array)
      let error = mistake { () throws(CodedError) in _ = try SavedNetwork(from: file, at: "m") }
      return error?.message ?? "read"
    }
    #expect(try reason(StoredArray("h/kernel", shape: [2, 3], [1, 2, 3, 4, 5, 6])).contains("shape"))
    #expect(
      try reason(StoredArray("h/kernel", shape: [3, 2], [1, 2, 3, 4, 5, .nan])).contains("not finite"))
    #expect(
      try reason(StoredArray("h/kernel", shape: [3, 2], [1, 2, 3, 4, 5, .infinity])).contains("not finite"))
    #expect(
      try reason(StoredArray("optimizer/first/h/bias", shape: [3], [1, 2, .nan])).contains("not finite"))
    #expect(try reason(StoredArray("preset/o/h", shape: [2], [1, 2])).contains("weights"))
    #expect(try reason(StoredArray("preset/o/h", shape: [3], [1, 2, .nan])).contains("finite"))
    #expect(
      try reason(StoredArray("preparation/inputs", shape: [2, 2], [0, 1, 0, 0])).contains("divisor of 0"))
    #expect(
      try reason(StoredArray("preparation/inputs", shape: [3, 2], [0, 1, 0, 1, 0, 1])).contains("3 inputs"))
    #expect(try reason(StoredArray("preparation/targets", shape: [2], [0, 1])).contains("offsets"))
    // Another type of number, as a converter may leave it, is fine; and so are arrays of somebody else's.
    #expect(try reason(StoredArray("h/bias", shape: [3], bytes: [1, 2, 3])) == "read")
    #expect(try reason(StoredArray("mine", shape: [], [1])) == "read")
    #expect(
      mistake { () throws(CodedError) in _ = try SavedNetwork(from: ArrayFile(), at: "m") }?.code
        == .notAModelFile)
  }

  @Test("Random numbers go on where they stood")
  func random() throws {
    var stream = RandomStream(seed: 3)
    _ = stream.normal()
    var file = ArrayFile()
    let saved = SavedRandom(seed: .max, position: stream.position)
    try saved.store(in: &file)
    let read = try #require(try SavedRandom(from: file, at: "m"))
    #expect(read == saved)
    var again = try #require(RandomStream(read.position))
    #expect(again == stream)
    #expect(again.normal() == stream.normal() && again.next() == stream.next())
    for bad in [
      #"{"seed":"x","words":["1","2","3","4"]}"#, #"{"seed":"1","words":["0","0","0","0"]}"#,
      #"{"seed":"1","words":["1"]}"#, "{}", "[",
    ] {
      file.metadata["random"] = bad
      let error = mistake { () throws(CodedError) in _ = try SavedRandom(from: file, at: "m") }
      #expect(error?.code == .badModelFile)
    }
  }

  @Test("Every kind of layer comes back from its description")
  func kinds() throws {
    let window = Window([2, 3], stride: [1, 2], dilation: [2, 1], padding: .same)
    let kinds: [Layer.Kind] = [
      .input(shape: [4, 5, 6]), .dense(units: 2, activation: .gelu, hasBias: false),
      .convolution(Convolution(filters: 4, window, groups: 2, activation: .selu, hasBias: false)),
      .convolution(Convolution(filters: 1, Window([3]))),
      .convolution(Convolution(filters: 1, Window([1, 2, 3]))),
      .pool(Pool(.max, Window([2, 3], stride: [1, 2], padding: .same))), .pool(Pool(.avg, Window([2]))),
      .globalPool(.max), .globalPool(.avg),
      .flatten,
      .reshape([2, 3]), .dropout(0.25), .batchNorm(BatchNorm(momentum: 0.9, epsilon: 1e-5)),
      .layerNorm(epsilon: 1e-6), .embedding(vocabulary: 100, dimension: 8),
    ]
    for kind in kinds {
      let layer = Layer(name: "x", kind: kind)
      let reading = RecordReading(file: "m")
      let record = try reading.record(LayerRecord.self, recordText(LayerRecord(layer)), "x")
      #expect(try record.layer(reading) == layer)
    }
  }

  @Test("Windows that no layer can have are refused, however large")
  func windows() throws {
    let reading = RecordReading(file: "m")
    let options =
      #""kernel":[3,3],"stride":[1,1],"dilation":[1,1],"padding":"valid","init":"glorot","activation":"relu""#
    let text =
      #"{"name":"c","kind":"conv2d","options":{"bias":true,"filters":2,"groups":1,"# + options + "}}"
    func reads(_ old: String, _ new: String) -> Bool {
      mistake { () throws(CodedError) in
        _ = try reading.record(LayerRecord.self, text.replacing(old, with: new), "x").layer(reading)
      } == nil
    }
    #expect(reads("", ""))
    for (old, new) in [
      ("[3,3]", "[3,3,3]"), ("[3,3]", "[0,3]"), ("[3,3]", "[9223372036854775807,3]"),
      ("[3,3]", "[]"),
      (#""dilation":[1,1]"#, #""dilation":[9223372036854775807,1]"#),
      ("valid", "full"), ("conv2d", "conv1d"), ("conv2d", "conv4d"), (#""groups":1"#, #""groups":0"#),
      (#""filters":2"#, #""filters":-2"#), ("conv2d", "dropout"),
      ("conv2d", "embedding"),
    ] { #expect(!reads(old, new), "\(new)") }
  }

  @Test("Python's own library reads the file, and its file is read again", .enabled(if: Python.path != nil))
  func python() throws {
    let python = try #require(Python.path)
    let folder = try TemporaryFolder()
    try file().write(to: folder.path("m"))
    let script = """
      from safetensors import safe_open
      from safetensors.numpy import save_file
      with safe_open("\(folder.path("m"))", "numpy") as f:
          arrays = {name: f.get_tensor(name) for name in f.keys()}
          assert arrays["h/kernel"].shape == (3, 2) and arrays["h/kernel"].dtype == "float32"
          assert (arrays["preset/o/h"] == [[1, 0.1, -3]]).all()
          save_file(arrays, "\(folder.path("back"))", f.metadata())
      """
    #expect(try Python.run(python, script) == 0)
    #expect(try SavedNetwork(from: ArrayFile.read(folder.path("back")), at: "back") == saved())
  }
}

/// A Python that has safetensors and NumPy: that of `NBS_PYTHON`, or the system's.
private enum Python {
  static let path = [ProcessInfo.processInfo.environment["NBS_PYTHON"], "/usr/bin/python3"]
    .compactMap { $0 }.first { (try? run($0, "import safetensors, numpy")) == 0 }

  static func run(_ python: String, _ script: String) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: python)
    process.arguments = ["-c", script]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
