import ByteStreams
import Datasets
import Diagnostics
import Foundations
import Interchange
import Language
import Localization
import ModelFiles
import NeuralEngine
import ONNX
import Outputs

/// `save net "m.safetensors"`, `save solver "m.onnx"`
struct SaveNetwork: SessionCommand {
  /// The network; nil for the current one.
  let network: Identifier?
  let file: Operand<FilePath>

  func run(_ context: CommandContext) throws {
    let session = context.session
    let path = try file(context).path
    let format = try SavedFormat(of: path, at: context.span)
    let network = try network.map(session.network) ?? session.currentNetwork(at: context.span)
    let saved = try session.saved(network, at: context.span)
    var remark = ""
    try context.locating {
      let place = session.files.writing(path)
      remark = try session.writingTogether(at: context.span) { () throws -> String in
        switch format {
        case .safetensors:
          var file = ArrayFile()
          try saved.store(in: &file)
          try SavedRandom(seed: session.seed, position: session.random.position).store(in: &file)
          try file.write(to: place)
          return ""
        case .onnx: return try export(saved, of: network, to: place)
        case .program(let language): return try export(saved, in: language, to: place)
        }
      }
    }
    context.emit(.text(localized("saved \(saved.name) to \(path): \(saved.sizeWords + remark)")))
  }
}

extension Session {
  fileprivate func network(_ identifier: Identifier) throws -> Network {
    let name = identifier.name
    guard let network = state.networks[name] else {
      let nearest = DidYouMean.nearest(to: name, among: state.networks.keys.sorted())
      throw Diagnostic(
        .unknownNetwork,
        "There is no network `\(name)`." + DidYouMean.sentence(nearest),
        at: identifier.span, suggestion: nearest)
    }
    return network
  }

  /// All there is to save of a network; its weights are drawn if nobody has needed them before.
  fileprivate func saved(_ network: Network, at span: SourceSpan) throws -> SavedNetwork {
    if network.parameters == nil {
      try locating(span) { try network.prepare(state.options.execution, random: &random) }
    }
    let saved = network.state
    guard let execution = saved.weights.options, let values = saved.weights.values,
      let optimizer = saved.weights.optimizer
    else {
      throw Diagnostic(.incompleteNetwork, "The network `\(network.name)` has no weights yet.", at: span)
    }
    let trained = state.trainedData(of: network)
    return SavedNetwork(
      name: network.name, graph: saved.graph,
      learned: LearnedNumbers(precision: execution.precision, values: values, optimizer: optimizer),
      defaults: saved.defaults,
      preparation: trained?.preparation, schema: trained?.schema, objective: trained?.objective)
  }
}

/// `load net "m.safetensors"`, `load other "m.safetensors"`: everything is read and held against what is there before
/// anything changes.
struct LoadNetwork: SessionCommand {
  /// The name that the network gets; nil for the one that it was saved with.
  let name: Identifier?
  let file: Operand<FilePath>

  func run(_ context: CommandContext) throws {
    let session = context.session
    let path = try self.file(context).path
    let span = self.file.span
    var (saved, random, remark): (SavedNetwork, SavedRandom?, String)
    if path.lowercased().hasSuffix(".onnx") {
      let read = try LoadNetwork.finding(path, at: span, session.files) { (place) throws(CodedError) in
        try ONNXImport(place, named: path) { Keyword.all.contains($0) || CommandTable.command($0) != nil }
      }
      (saved, random, remark) = (read.network, nil, localized("; checked on \(read.checkedRows, "row")"))
    } else {
      try locating(span) { try WeightImport.refusePickle(path) }
      let file = try LoadNetwork.finding(path, at: span, session.files) { (place) throws(CodedError) in
        try ArrayFile.read(place)
      }
      saved = try locating(span) { try SavedNetwork(from: file, at: path) }
      random = try locating(span) { try SavedRandom(from: file, at: path) }
      remark = ""
    }
    if let name { saved.name = name.name }
    try checkNames(of: saved, path, at: span, in: session)
    try restore(saved, path, at: span, in: session)
    session.state.current = session.state.networks[saved.name]
    var words = localized("loaded \(saved.name) from \(path): \(saved.sizeWords + remark)")
    // An online rule computes in 64 bits whatever the option says.
    if session.state.options.precision != saved.learned.precision, !saved.defaults.rule.isOnline {
      session.state.options.precision = saved.learned.precision
      words += localized("; precision is \(saved.learned.precision.rawValue) now")
    }
    if let random, let stream = RandomStream(random.position) {
      session.state.seed(random.seed, at: stream)
      words += localized("; random numbers continue from there")
    }
    if let remark = saved.arithmeticRemark { words += "; " + remark }
    context.emit(.text(words))
  }

  /// Makes a network of this session what a saved one was.
  private func restore(_ saved: SavedNetwork, _ path: String, at span: SourceSpan, in session: Session) throws
  {
    let network = session.state.networks[saved.name] ?? Network(name: saved.name)
    if !network.graph.layers.isEmpty, let difference = saved.graph.difference(from: network.graph) {
      throw Diagnostic(
        .differentNetwork,
        "The network `\(saved.name)` differs from the one in `\(path)`: \(difference). Load that one under another "
          + "name: load other \"\(path)\"", at: span, suggestion: "load other \"\(path)\"")
    }
    var execution = session.state.options.execution
    execution.precision = saved.learned.precision
    let restored = try locating(span) {
      try NetworkState(
        graph: saved.graph, defaults: saved.defaults,
        weights: NetworkWeights(
          options: execution, values: saved.learned.values, optimizer: saved.learned.optimizer))
    }
    network.restore(restored)
    session.state.networks[saved.name] = network
    let remembersNothing = saved.preparation == nil && saved.schema == nil
    let trained = TrainedData(
      preparation: saved.preparation, schema: saved.schema ?? DataSchema(inputs: nil, targets: []),
      objective: saved.objective)
    session.state.remember(remembersNothing ? nil : trained, of: network)
  }

  /// The name must be free, and all names such that commands can say them.
  private func checkNames(of saved: SavedNetwork, _ path: String, at span: SourceSpan, in session: Session)
    throws
  {
    for name in [saved.name] + saved.graph.layers.map(\.name)
    where Keyword.all.contains(name) || CommandTable.command(name) != nil {
      throw Diagnostic(
        .reservedWord,
        "`\(path)` has the name `\(name)`, which is a reserved word. Rename it where it was made.",
        at: span)
    }
    guard let holder = session.state.holder(of: saved.name), holder != .network else { return }
    throw Diagnostic(
      .nameTaken,
      "The network in `\(path)` is called `\(saved.name)`, and there is \(holder.rawValue.withArticle) of that name. "
        + "Load it under another name: load other \"\(path)\"", at: span, suggestion: "load other \"\(path)\""
    )
  }

  /// Reads a file; where it is not there, one of nearly that name may be.
  ///
  /// - Parameter endings: those of the files that could be meant.
  static func finding<File>(
    _ path: String, at span: SourceSpan, _ files: FilePlaces, endings: [String] = [".safetensors", ".onnx"],
    _ read: (String) throws(CodedError) -> File
  ) throws -> File {
    do throws(CodedError) { return try read(files.reading(path)) } catch {
      guard error.code == .noSuchFile, let nearest = neighbour(of: path, files, endings) else {
        throw Diagnostic(error, at: span)
      }
      throw Diagnostic(
        error.code, "There is no file `\(path)`." + DidYouMean.sentence(nearest), at: span,
        suggestion: nearest)
    }
  }

  /// The model file in the same folder that was meant, if one is near.
  private static func neighbour(of path: String, _ files: FilePlaces, _ endings: [String]) -> String? {
    let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let folder = String(path[..<start])
    let names = files.places(of: folder.isEmpty ? "." : folder).flatMap {
      (try? Folder.names(in: $0)) ?? []
    }
    let nearest = DidYouMean.nearest(
      to: String(path[start...]),
      among: names.filter { name in endings.contains { name.hasSuffix($0) } })
    return nearest.map { folder + $0 }
  }
}

extension SavedNetwork {
  /// `3 layers, 13 parameters`
  fileprivate var sizeWords: String {
    localized("\(graph.layers.count, "layer"), \(learned.values.count, "parameter")")
  }
}

// MARK: - Networks that differ

extension NetworkGraph {
  /// The first thing in which this graph, out of a file, differs from the one that is here; nil where both are
  /// alike. What weights began with does not count.
  func difference(from here: NetworkGraph) -> String? {
    let names = layers.map(\.name)
    let known = here.layers.map(\.name)
    if let name = names.first(where: { !known.contains($0) }) {
      return "it has a layer `\(name)`, and this one has none"
    }
    if let name = known.first(where: { !names.contains($0) }) { return "it has no layer `\(name)`" }
    guard names == known else { return "its layers come in the order \(names.joined(separator: ", "))" }
    for (layer, other) in zip(layers, here.layers) where layer != other {
      let (theirs, ours) = (words(for: layer), here.words(for: other))
      return theirs == ours
        ? "its `\(layer.name)` (\(theirs)) was made with other options"
        : "its `\(layer.name)` is \(theirs), not \(ours)"
    }
    return edgeDifference(from: here)
  }

  private func edgeDifference(from here: NetworkGraph) -> String? {
    for edge in edges where !here.edges.contains(where: { $0.isAlike(edge) }) {
      return here.edges.contains { $0.description == edge.description }
        ? "its edge \(edge.description) was drawn with other options"
        : "it has an edge \(edge.description), and this one has none"
    }
    if let edge = here.edges.first(where: { edge in !edges.contains { $0.isAlike(edge) } }) {
      return "it has no edge \(edge.description)"
    }
    // Inputs of a layer are taken in the order in which they were drawn.
    return zip(edges, here.edges).allSatisfy { $0.isAlike($1) }
      ? nil : "its edges were drawn in another order"
  }

  /// `dense, 3, sigmoid`
  private func words(for layer: Layer) -> String {
    var words = [layer.kindName]
    if let shape = shapeText(of: layer) { words.append(shape) }
    if layer.hasActivation { words.append(layer.activation.rawValue) }
    return words.joined(separator: ", ")
  }
}

extension Edge {
  fileprivate func isAlike(_ other: Edge) -> Bool {
    source == other.source && target == other.target && type == other.type && merge == other.merge
      && isTrainable == other.isTrainable
  }
}

extension SavedNetwork {
  /// What is to be said where another version of the arithmetic computed the numbers; nil where this one did, or another
  /// program.
  var arithmeticRemark: String? {
    guard let kernels, kernels != InstructionSet.kernelsVersion else { return nil }
    return localized(
      """
      it was computed with arithmetic \(kernels), and this nbs has arithmetic \(InstructionSet.kernelsVersion): \
      the last digits of its answers may differ
      """)
  }
}
