import ByteStreams
internal import Datasets
internal import Foundations
internal import JSON
internal import ModelFiles
internal import NeuralEngine

/// Who wrote weights, which says how they lie.
enum WeightOrigin: Sendable {
  /// A `state_dict` of PyTorch: `fc1.weight` of outputs x inputs, channels first.
  case torch
  /// Keras: `dense/vars/0` or `dense/kernel` of inputs x outputs, channels last.
  case keras
  /// nbs: `hid/kernel` as the engine has it.
  case nbs

  var name: String {
    switch self {
    case .torch: "PyTorch"
    case .keras: "Keras"
    case .nbs: "nbs"
    }
  }
}

/// Arrays that belong to one layer of the network that they come from.
struct WeightGroup: Sendable {
  /// What that layer is called there.
  let name: String
  /// Its kind in Keras's words, `dense` or `conv2d_transpose`; empty where it is not known.
  var kind = ""
  /// What the file says besides: the activation, and the ε of a normalisation.
  var activation: String?
  var epsilon: Double?
  /// What each array is, `weight` or `0`, the name that it has in the file, and its numbers.
  var arrays: [(role: String, array: StoredArray)] = []

  subscript(_ role: String) -> StoredArray? { arrays.first { $0.role == role }?.array }
}

/// What a file of weights holds, layer by layer.
struct WeightFile: Sendable {
  let origin: WeightOrigin
  /// In the order of the layers as far as the file tells it.
  let groups: [WeightGroup]

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: where it is.
  ///   - name: what messages call it.
  /// - Throws: what is wrong with it; `not-a-model-file` for one that holds programs besides numbers.
  init(_ path: String, named name: String) throws(CodedError) {
    try WeightFile.refusePickle(name)
    let file = try ByteFile(path: path)
    guard file.size > 0 else { throw CodedError(.emptyFile, "`\(name)` is empty. There is nothing to load.") }
    let start = try file.bytes(at: 0, count: 9)
    if start.starts(with: [0x50, 0x4B, 3, 4]) {
      self = try WeightFile.archive(file, named: name)
    } else if start.starts(with: HDF5File.signature) {
      guard file.size <= WeightFile.largest else { throw WeightFile.tooLarge(name, file.size) }
      self = try WeightFile(
        keras: HDF5File(try file.bytes(at: 0, count: file.size), named: name), [], named: name)
    } else if start.first == 0x80, start.last != UInt8(ascii: "{") {
      // A header of safetensors may have a length that begins like that.
      throw WeightFile.pickle(name)
    } else if name.lowercased().hasSuffix(".onnx") {
      throw CodedError(
        .notAModelFile, "`\(name)` is a whole network and not weights alone. Load it: load net \"\(name)\"",
        suggestion: "load net \"\(name)\"")
    } else {
      self.init(try ArrayFile.read(path))
    }
  }

  /// The bytes of a file become doubles, twice.
  private static var largest: Int { MemoryLimit.bytes / 16 }

  private static func tooLarge(_ name: String, _ size: Int) -> CodedError {
    CodedError(
      .tooLarge, "`\(name)` has \(size.byteText); at most \(largest.byteText) can be read here.")
  }

  // MARK: Files with programs in them

  /// Refuses a file of Python's pickles by its name, before it is opened.
  static func refusePickle(_ name: String) throws(CodedError) {
    let ending = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
    if ["pt", "pth", "pkl", "pickle", "ckpt", "bin"].contains(ending) { throw pickle(name) }
  }

  private static func pickle(_ name: String) -> CodedError {
    let stem = name.split(separator: "/").last.map { String($0.split(separator: ".").first ?? "m") } ?? "m"
    return CodedError(
      .notAModelFile,
      """
      `\(name.shownName)` is a pickle, which can run any program when it is opened, so nbs never opens one. Make a safetensors file of it in Python:
      import torch
      from safetensors.torch import save_file
      save_file(torch.load("\(name.shownName)", weights_only=True), "\(stem).safetensors")
      """)
  }

  // MARK: Keras

  /// Keras's archive: the description of a network and its weights.
  private static func archive(_ file: ByteFile, named name: String) throws(CodedError) -> WeightFile {
    let archive = try ZipArchive(file)
    let entries = archive.entries
    guard let weights = entries.first(where: { $0.name == "model.weights.h5" }) else {
      if entries.contains(where: { $0.name.hasSuffix("data.pkl") }) { throw pickle(name) }
      throw CodedError(
        .notAModelFile,
        "`\(name)` is a zip archive without `model.weights.h5`, so it holds no weights of Keras. In Python: model.save(\"m.keras\")"
      )
    }
    var layers: [KerasLayer] = []
    if let config = entries.first(where: { $0.name == "config.json" }) {
      layers = described(try archive.bytes(of: config, atMost: 16 << 20))
    }
    let bytes = try archive.bytes(of: weights, atMost: largest)
    return try WeightFile(keras: HDF5File(bytes, named: "\(weights.name) of \(name)"), layers, named: name)
  }

  /// What a model's description says of a layer.
  private struct KerasLayer {
    let name: String
    let activation: String?
    let epsilon: Double?
  }

  /// A model's layers in the order of its description; none where it is something else.
  private static func described(_ bytes: [UInt8]) -> [KerasLayer] {
    guard String(validating: bytes, as: UTF8.self) != nil,
      let description = try? JSONReader.document(bytes)
    else { return [] }
    let layers = description["config"]?["layers"]?.array ?? []
    return layers.compactMap { layer in
      let own = layer["config"]
      // A layer in both directions holds another.
      let config = own?["layer"]?["config"] ?? own
      return own?["name"]?.string.map {
        KerasLayer(
          name: $0, activation: config?["activation"]?.string, epsilon: config?["epsilon"]?.double)
      }
    }
  }

  /// - Parameters:
  ///   - layers: the layers in the order of the network, where that is known.
  ///   - name: what messages call the file.
  /// - Throws: `not-a-model-file` for one of another layout.
  private init(keras file: HDF5File, _ layers: [KerasLayer], named name: String) throws(CodedError) {
    origin = .keras
    var groups: [String: WeightGroup] = [:]
    var paths: [String] = []
    for array in file.arrays {
      let parts = array.name.split(separator: "/").map(String.init)
      guard parts.count >= 3, parts[parts.count - 2] == "vars", !parts.contains("optimizer") else { continue }
      var owner = Array(parts.dropLast(2))
      var role = parts[parts.count - 1]
      // A recurrent layer's numbers are its cell's; a layer in both directions has two.
      if owner.last == "cell" { owner.removeLast() }
      if owner.count > 1, let last = owner.last, ["forward_layer", "backward_layer", "layer"].contains(last) {
        if last == "backward_layer" { role = "backward " + role }
        owner.removeLast()
      }
      let path = owner.joined(separator: "/")
      if groups[path] == nil {
        let own = owner.last ?? path
        let kind = own.split(separator: "_").filter { Int($0) == nil }.joined(separator: "_")
        groups[path] = WeightGroup(name: file.names[path + "/vars"] ?? own, kind: kind)
        paths.append(path)
      }
      groups[path]?.arrays.append((role, array))
    }
    guard !groups.isEmpty || file.arrays.isEmpty else {
      throw CodedError(
        .notAModelFile,
        "`\(name)` has its weights in another layout than Keras 3's, such as that of `model.save(\"m.h5\")`. In Keras 3: "
          + "model.save_weights(\"m.weights.h5\")")
    }
    let places = Dictionary(
      layers.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    for path in paths {
      guard let place = places[groups[path]?.name ?? ""] else { continue }
      groups[path]?.activation = layers[place].activation
      groups[path]?.epsilon = layers[place].epsilon
    }
    paths.sort { a, b in
      let (one, other) = (places[groups[a]?.name ?? ""], places[groups[b]?.name ?? ""])
      if let one, let other { return one < other }
      return a.comesBefore(b)
    }
    self.groups = paths.compactMap { groups[$0] }
  }

  // MARK: safetensors

  private init(_ file: ArrayFile) {
    let isOurs = file.metadata["network"] != nil
    let usesSlashes = file.arrays.contains { $0.name.hasSuffix("/kernel") || $0.name.hasSuffix(".kernel") }
    origin = isOurs ? .nbs : usesSlashes ? .keras : .torch
    var groups: [String: WeightGroup] = [:]
    for array in file.arrays.sorted(by: { $0.name.comesBefore($1.name) }) {
      if isOurs,
        array.name.hasPrefix("optimizer/") || array.name.hasPrefix("preset/")
          || array.name.hasPrefix("preparation/")
      {
        continue
      }
      let separator: Character = origin == .torch || !array.name.contains("/") ? "." : "/"
      let cut = isOurs ? array.name.firstIndex(of: separator) : array.name.lastIndex(of: separator)
      var owner = cut.map { String(array.name[..<$0]) } ?? ""
      var role = cut.map { String(array.name[array.name.index(after: $0)...]) } ?? array.name
      if origin == .torch { WeightFile.partLayers(&owner, &role) }
      groups[owner, default: WeightGroup(name: owner)].arrays.append((role, array))
    }
    self.groups = groups.values.sorted { $0.name.comesBefore($1.name) }
  }

  /// A recurrent module of PyTorch may be several layers: `weight_ih_l1` is `weight_ih` of `lstm.1`.
  private static func partLayers(_ owner: inout String, _ role: inout String) {
    for start in ["weight_ih_l", "weight_hh_l", "bias_ih_l", "bias_hh_l"] where role.hasPrefix(start) {
      var rest = role.dropFirst(start.count)
      let isBackward = rest.hasSuffix("_reverse")
      if isBackward { rest = rest.dropLast(8) }
      guard let number = Int(rest), (0..<1_000_000).contains(number) else { return }
      role = String(start.dropLast(2)) + (isBackward ? "_reverse" : "")
      if number > 0 { owner += " layer \(number + 1)" }
    }
  }
}

extension String {
  /// Whether it stands before another in the order in which people count: `h2` before `h10`, `dense` before `dense_1`.
  func comesBefore(_ other: String) -> Bool {
    let (own, others) = (countedParts, other.countedParts)
    for (a, b) in zip(own, others) where a != b {
      if let one = Int(a), let two = Int(b), one != two { return one < two }
      return a < b
    }
    return own.count < others.count
  }

  /// Stretches of digits and of other characters, by turns.
  private var countedParts: [String] {
    var parts: [String] = []
    var isNumber = false
    for character in self {
      let isDigit = character.isASCII && character.isNumber
      if parts.isEmpty || isDigit != isNumber {
        parts.append(String(character))
      } else {
        parts[parts.count - 1].append(character)
      }
      isNumber = isDigit
    }
    return parts
  }
}
