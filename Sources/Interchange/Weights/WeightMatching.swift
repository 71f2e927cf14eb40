internal import Datasets
internal import Foundations
internal import ModelFiles
internal import NetworkSchema
internal import NeuralEngine

/// Layers of a network and groups of arrays that find each other.
struct WeightMatching {
  private let file: WeightFile
  /// What messages call the file.
  private let name: String
  private let graph: NetworkGraph
  private let order: FlattenedOrder
  private let names: ParameterNames
  /// The layers with parameters, in the order of the computation.
  private let layers: [(layer: Layer, slices: [ParameterLayout.Slice])]
  /// The numbers of the groups that are still free.
  private var free: [Int]

  private(set) var numbers: [(range: Range<Int>, values: [Double])] = []
  private(set) var lines: [WeightImport.Line] = []
  private(set) var unused: [String] = []
  private(set) var kept: [String] = []
  private(set) var remarks: [(code: ErrorCode, text: String)] = []

  init(_ file: WeightFile, named name: String, _ graph: NetworkGraph) throws(CodedError) {
    self.file = file
    self.name = name
    self.graph = graph
    order = FlattenedOrder(graph)
    names = ParameterNames(graph)
    let slices = try ParameterLayout(graph).slices
    layers = try graph.sorted().compactMap { layer in
      let own = slices.filter { $0.layer == layer.name }
      return own.isEmpty ? nil : (layer, own)
    }
    free = Array(file.groups.indices)
  }

  /// - Throws: `different-network`, or `bad-model-file` for numbers that are none.
  mutating func match(_ map: [(layer: String, group: String)], isStrict: Bool) throws(CodedError) {
    var chosen: [String: Int] = [:]
    for pair in map { chosen[pair.layer] = try group(named: pair.group, for: pair.layer) }
    for (layer, slices) in layers where chosen[layer.name] == nil {
      // The name of a layer is its own, or what stands behind the last point of a longer one.
      let same = free.first { number in
        let group = file.groups[number]
        let last = group.name.split(separator: ".").last.map(String.init) ?? ""
        return (group.name == layer.name || last == layer.name) && fits(group, layer, slices)
      }
      if let same { take(same, for: layer.name, in: &chosen) }
    }
    var isGuess = false
    for (layer, slices) in layers where chosen[layer.name] == nil {
      let fitting = free.filter { fits(file.groups[$0], layer, slices) }
      guard let first = fitting.first else {
        if isStrict { throw unmatched(layer, slices) }
        kept.append(layer.name)
        continue
      }
      isGuess = isGuess || fitting.count > 1 && !isCounted(fitting)
      take(first, for: layer.name, in: &chosen)
    }
    for (layer, slices) in layers {
      if let number = chosen[layer.name] { try fill(layer, slices, from: file.groups[number]) }
    }
    warn()
    for number in free { unused += file.groups[number].arrays.map(\.array.name) }
    guard !lines.isEmpty else {
      throw CodedError(.differentNetwork, "Nothing in `\(name)` fits a layer of the network.\(inventory)")
    }
    if isGuess {
      remarks.append(
        (
          .guessedOrder,
          "Layers of one shape were told apart by the order of their names alone. If that is not the order of the layers, say "
            + "which is which with map=."
        ))
    }
  }

  private mutating func take(_ number: Int, for layer: String, in chosen: inout [String: Int]) {
    chosen[layer] = number
    free.removeAll { $0 == number }
  }

  /// Whether names that come in an order are counted, `fc1` and `fc2`, so that the order is that of the layers.
  private func isCounted(_ numbers: [Int]) -> Bool {
    if file.origin == .keras { return true }
    let patterns = Set(
      numbers.map { number in
        String(file.groups[number].name.map { $0.isNumber ? "0" : $0 }).replacing("00", with: "0")
      })
    return patterns.count == 1
  }

  /// - Throws: `bad-value` for a name that is none, or `different-network` for arrays that do not fit.
  private mutating func group(named wanted: String, for layer: String) throws(CodedError) -> Int {
    guard let (found, slices) = layers.first(where: { $0.layer.name == layer }) else {
      let known = layers.map { "`\($0.layer.name)`" }.joined(separator: ", ")
      throw CodedError(.badValue, "map= names `\(layer)`, which is no layer with weights. There is \(known).")
    }
    guard let number = free.first(where: { file.groups[$0].name == wanted }) else {
      let isTaken = file.groups.contains { $0.name == wanted }
      throw CodedError(
        .badValue,
        isTaken
          ? "map= gives `\(wanted.shownName)` to two layers."
          : "map= names `\(wanted.shownName)`, which is not in `\(name)`.\(inventory)")
    }
    do {
      _ = try values(file.groups[number], found, slices)
    } catch {
      throw CodedError(
        .differentNetwork,
        "`\(wanted.shownName)` of `\(name)` does not fit the layer `\(layer)` (\(words(slices))): \(error.reason)."
      )
    }
    free.removeAll { $0 == number }
    return number
  }

  private func fits(_ group: WeightGroup, _ layer: Layer, _ slices: [ParameterLayout.Slice]) -> Bool {
    (try? values(group, layer, slices)) != nil
  }

  /// What a layer needs, `kernel 4x2 and bias 4`.
  private func words(_ slices: [ParameterLayout.Slice]) -> String {
    slices.map { slice in
      let own = names[slice.key].split(separator: "/").last.map(String.init) ?? ""
      return "\(own) \(slice.shape.sizesText)"
    }.joined(separator: ", ")
  }

  /// What is in the file and still free.
  private var inventory: String {
    let arrays = free.flatMap { file.groups[$0].arrays.map(\.array) }
    guard !arrays.isEmpty else { return " Nothing is left in the file." }
    let shown = arrays.prefix(12).map { array in
      "\(array.name.shownName) (\(array.shape.sizesText))"
    }
    return " In the file: " + shown.joined(separator: ", ")
      + (arrays.count > 12 ? ", and \(arrays.count - 12) more." : ".")
  }

  private func unmatched(_ layer: Layer, _ slices: [ParameterLayout.Slice]) -> CodedError {
    // What keeps the first one of the same name, or else of any, from being it.
    let near = free.first { file.groups[$0].name.hasSuffix(layer.name) } ?? free.first
    var why = ""
    if let near {
      do { _ = try values(file.groups[near], layer, slices) } catch {
        why = " `\(file.groups[near].name.shownName)` does not fit: \(error.reason)."
      }
    }
    return CodedError(
      .differentNetwork,
      "`\(name)` has no weights for the layer `\(layer.name)` (\(layer.kindName) with \(words(slices))).\(why)\(inventory)"
        + " Describe the network that the weights come from, say which belong to it with map={\(layer.name): \"…\"}, or leave it "
        + "as it is with strict=false.")
  }

  // MARK: A group as a layer's parameters

  private typealias Filled = (slice: ParameterLayout.Slice, part: WeightPart)

  private func values(
    _ group: WeightGroup, _ layer: Layer, _ slices: [ParameterLayout.Slice]
  ) throws(WeightMismatch) -> (filled: [Filled], unused: [StoredArray]) {
    if file.origin == .nbs { return (try ours(group, slices), []) }
    if let array = group.arrays.first(where: {
      ![.float64, .float32, .float16, .bfloat16].contains($0.array.element)
    }),
      array.role != "num_batches_tracked"
    {
      throw WeightMismatch(
        reason:
          "`\(array.array.name.shownName)` is of the type \(array.array.element.rawValue); weights are floating-point numbers, "
          + "so that a quantised network must be brought back to them first")
    }
    var parts = try group.parts(of: layer.kindName, from: file.origin)
    var filled: [Filled] = []
    let matrices = slices.filter { [.weights, .kernel].contains($0.key.role) }
    if layer.isDense, matrices.count > 1, let kernel = parts.parts[.kernel] {
      // Several edges lead here, and the columns of one matrix belong to them in turn.
      for (slice, part) in zip(matrices, try columns(of: kernel, for: matrices)) {
        filled.append((slice, part))
      }
      parts.parts[.kernel] = nil
    }
    for slice in slices where !(layer.isDense && matrices.count > 1 && matrices.contains(slice)) {
      let role = slice.key.role == .weights ? .kernel : slice.key.role
      if let part = parts.parts.removeValue(forKey: role) {
        filled.append((slice, part))
      } else if [.gamma, .beta].contains(role), file.origin == .torch {
        // A normalisation without a scale and a shift.
        let value = role == .gamma ? 1.0 : 0
        let count = slice.count
        filled.append((slice, WeightPart(shape: slice.shape, []) { Array(repeating: value, count: count) }))
      } else {
        throw WeightMismatch(
          reason: role == .bias
            ? "it has no bias, which the layer takes with bias=false" : "it has no \(role.rawValue)")
      }
    }
    if let extra = parts.parts.keys.min(by: { $0.rawValue < $1.rawValue }) {
      throw WeightMismatch(reason: "it has a \(extra.rawValue), and the layer has none")
    }
    for (slice, part) in filled where part.shape != slice.shape {
      throw WeightMismatch(
        reason: "its \(slice.key.role == .weights ? "kernel" : slice.key.role.rawValue) would be "
          + "\(part.shape.sizesText)")
    }
    if file.origin == .torch { filled = filled.map { ($0.slice, turned($0.part, $0.slice, layer)) } }
    return (filled, parts.unused)
  }

  /// The arrays of a file of nbs have the names and shapes that they need.
  private func ours(_ group: WeightGroup, _ slices: [ParameterLayout.Slice]) throws(WeightMismatch)
    -> [Filled]
  {
    var filled: [Filled] = []
    for slice in slices {
      let full = names[slice.key]
      let role = full.firstIndex(of: "/").map { String(full[full.index(after: $0)...]) } ?? full
      guard let array = group[role] else { throw WeightMismatch(reason: "it has no \(role)") }
      guard array.shape == slice.shape else {
        throw WeightMismatch(reason: "its \(role) is \(array.shape.sizesText)")
      }
      filled.append((slice, WeightPart(array)))
    }
    guard group.arrays.count == slices.count else {
      throw WeightMismatch(reason: "it has more arrays than the layer")
    }
    return filled
  }

  private func columns(
    of kernel: WeightPart, for slices: [ParameterLayout.Slice]
  ) throws(WeightMismatch) -> [WeightPart] {
    let widths = slices.map { $0.shape.count == 2 ? $0.shape[1] : 0 }
    let (rows, total) = (kernel.shape[0], kernel.shape[1])
    guard !widths.contains(0), widths.reduce(0, +) == total else {
      throw WeightMismatch(reason: "its kernel has \(total) columns for edges of \(widths.reduce(0, +))")
    }
    var start = 0
    return widths.map { width in
      let first = start
      start += width
      var part = WeightPart(shape: [rows, width], kernel.sources) {
        let values = kernel.values()
        return (0..<rows).flatMap { row in
          let start = row * total + first
          return values[start..<start + width]
        }
      }
      part.changes = kernel.changes + ["columns \(first) to \(start - 1)"]
      return part
    }
  }

  /// PyTorch flattens images with the channels first, so that columns behind a flatten come in another order.
  private func turned(_ part: WeightPart, _ slice: ParameterLayout.Slice, _ layer: Layer) -> WeightPart {
    var part = part
    if [.weights, .kernel].contains(slice.key.role), layer.isDense {
      let source = slice.key.source ?? graph.edges(into: layer.name).first?.source
      guard let places = source.flatMap({ order.places(of: $0) }), places.count == slice.shape.last else {
        return part
      }
      let (width, rows) = (places.count, slice.shape[0])
      part.values = { [values = part.values] in
        let numbers = values()
        return (0..<rows).flatMap { row in places.map { numbers[row * width + $0] } }
      }
      part.changes.append("columns to channels last")
    } else if slice.shape.count == 1, let places = order.places(of: layer.name),
      places.count == slice.shape[0],
      !layer.isDense
    {
      part.values = { [values = part.values] in
        let numbers = values()
        return places.map { numbers[$0] }
      }
      part.changes.append("order to channels last")
    }
    return part
  }

  // MARK: What comes of it

  private mutating func fill(
    _ layer: Layer, _ slices: [ParameterLayout.Slice], from group: WeightGroup
  ) throws(CodedError) {
    let made: (filled: [Filled], unused: [StoredArray])
    do { made = try values(group, layer, slices) } catch {
      throw CodedError(
        .differentNetwork, "`\(group.name.shownName)` does not fit `\(layer.name)`: \(error.reason).")
    }
    for (slice, part) in made.filled {
      let values = part.values()
      let target = names[slice.key]
      guard values.allSatisfy(\.isFinite) else {
        throw CodedError.badModelFile(name, "what becomes \(target.asName) holds numbers that are not finite")
      }
      guard slice.key.role != .variance || values.allSatisfy({ $0 >= 0 }) else {
        throw CodedError.badModelFile(name, "what becomes \(target.asName) holds a negative variance")
      }
      numbers.append((slice.range, values))
      if part.sources.isEmpty {
        lines.append(
          WeightImport.Line(
            source: "-", shape: [], target: target, change: slice.key.role == .gamma ? "all 1" : "all 0"))
      }
      for source in part.sources {
        lines.append(
          WeightImport.Line(
            source: source.name.shownName, shape: source.shape, target: target,
            change: part.changes.joined(separator: ", ")))
      }
    }
    unused += made.unused.map(\.name)
    compare(layer, with: group)
  }

  /// Says where a layer was described otherwise than the file has it: its weights fit all the same.
  private mutating func compare(_ layer: Layer, with group: WeightGroup) {
    let name = group.name.shownName
    // A layer that is linear there may have its activation in a layer of its own.
    if let theirs = group.activation, theirs != "linear", layer.hasActivation,
      theirs != layer.activation.rawValue
    {
      remarks.append(
        (
          .badActivation,
          "`\(name)` has the activation \(theirs.shownName) in the file, and `\(layer.name)` has "
            + "\(layer.activation.rawValue): it answers otherwise than there."
        ))
    }
    if let theirs = group.epsilon, let own = layer.kind.base.options.number("epsilon"), theirs != own {
      remarks.append(
        (
          .otherEpsilon,
          "`\(name)` has epsilon=\(theirs) in the file, and `\(layer.name)` has \(own): layer \(layer.name) "
            + "\(layer.kindName) epsilon=\(theirs)"
        ))
    }
  }

  /// What layers of PyTorch do otherwise unless they were told.
  private mutating func warn() {
    let names = layers.map(\.layer).filter { layer in
      ["batchnorm", "layernorm"].contains(layer.kindName)
        && layer.kind.base.options.number("epsilon") == 0.001 && !kept.contains(layer.name)
    }
    guard file.origin == .torch, let layer = names.first else { return }
    let words = names.map { "`\($0.name)`" }.joined(separator: " and ")
    remarks.append(
      (
        .otherEpsilon,
        "\(words): epsilon is 0.001 as in Keras; in PyTorch it is 0.00001 unless it was told otherwise: layer "
          + "\(layer.name) \(layer.kindName) epsilon=0.00001"
      ))
  }
}

/// The order of the numbers of a flattened array in PyTorch, where channels come first.
struct FlattenedOrder {
  private var orders: [String: [Int]] = [:]
  /// Layers whose arrays have channels.
  private var images: Set<String> = []

  init(_ graph: NetworkGraph) {
    for layer in (try? graph.sorted()) ?? [] {
      let sources = graph.edges(into: layer.name).map(\.source)
      let shape = graph.shape(of: layer) ?? []
      switch layer.kindName {
      case "input" where shape.count >= 3: images.insert(layer.name)
      case "conv1d", "conv2d", "conv3d", "maxpool", "avgpool": images.insert(layer.name)
      case "flatten":
        if let source = sources.first, sources.count == 1, images.contains(source),
          let inner = graph.layer(source).flatMap({ graph.shape(of: $0) }), let channels = inner.last
        {
          let places = inner.dropLast().reduce(1, *)
          // Here a place follows the other with all its channels; there a channel with all its places.
          orders[layer.name] = (0..<places * channels).map { $0 % channels * places + $0 / channels }
        } else if sources.count == 1 {
          orders[layer.name] = sources.first.flatMap { orders[$0] }
        }
      case "dropout", "batchnorm", "layernorm":
        if sources.contains(where: images.contains) { images.insert(layer.name) }
        if sources.count == 1 { orders[layer.name] = sources.first.flatMap { orders[$0] } }
      default: break
      }
    }
  }

  /// For each number of a layer's row its place in PyTorch's; nil where they are in the same order.
  func places(of layer: String) -> [Int]? { orders[layer] }
}
