internal import NetworkSchema
internal import NeuralEngine

/// A network that no `Sequential` says, as a module with a method `forward`: branches, recurrent layers, and arrays that have
/// to be turned between layers. Arrays have their channels last, as in nbs, but where PyTorch's layer wants them first.
struct TorchModule {
  let training: RecordedTraining
  /// A layer as PyTorch has it, without its activation.
  let words: (Layer) -> String
  /// Whether the softmax of the last layer stands in the loss.
  let dropsSoftmax: Bool

  // MARK: What it is for

  /// Whether layers that follow each other are not enough.
  static func isNeeded(_ training: RecordedTraining) -> Bool {
    // Sequences of lengths of their own are stacked as they are, so that the module turns them where that is needed.
    guard let chain = training.chain, !training.isRagged else { return true }
    let hasWindows = chain.contains { wantsChannelsFirst($0, training) }
    return chain.contains { layer in
      let rank = training.inputShape(of: layer).count
      switch layer.kindName {
      case "rnn", "lstm", "gru", "globalmaxpool", "globalavgpool": return true
      case "reshape": return (layer.kind.base.options.sizes("shape") ?? []).count > 1
      case "layernorm", "batchnorm": return rank > 1 && (layer.kindName == "layernorm" || !hasWindows)
      case "embedding": return hasWindows
      case "dense": return rank > 1
      default: return !pads(of: layer, training).allSatisfy { $0 == 0 }
      }
    }
  }

  /// What it has no form for.
  static func obstacle(_ training: RecordedTraining) -> String? {
    for layer in training.layers {
      let all = layer.kind.base.options
      if training.isRagged, all.word("padding") == "same",
        (all.sizes("stride") ?? all.sizes("window") ?? [1]) != [1]
      {
        return "the zeros around what `\(layer.name)` reads hang on the length of each sequence"
      }
      if layer.kindName == "avgpool", !pads(of: layer, training).allSatisfy({ $0 == 0 }) {
        return "`\(layer.name)` leaves the zeros around an image out of its means"
      }
      guard ["rnn", "lstm", "gru"].contains(layer.kindName) else { continue }
      let isKnown = layer.activation == .tanh || layer.kindName == "rnn" && layer.activation == .relu
      guard isKnown, all.word("recurrent_activation") ?? "sigmoid" == "sigmoid" else {
        return "`\(layer.name)` has other activations than its like in PyTorch"
      }
      if layer.kind.base.drawsInTraining {
        return "`\(layer.name)` drops the same at each step, which PyTorch's layers do not"
      }
    }
    return nil
  }

  private static func wantsChannelsFirst(_ layer: Layer, _ training: RecordedTraining) -> Bool {
    let kind = layer.kindName
    return kind.hasPrefix("conv") || kind == "maxpool" || kind == "avgpool"
      || kind == "batchnorm" && training.inputShape(of: layer).count > 1
  }

  /// The zeros around an array that `padding=same` makes where PyTorch's layers have no word for it: before and after each
  /// axis, the last axis first as `pad` takes them.
  static func pads(of layer: Layer, _ training: RecordedTraining) -> [Int] {
    let all = layer.kind.base.options
    let lengths = training.inputShape(of: layer).dropLast()
    let isPool = layer.kindName.hasSuffix("pool")
    guard all.word("padding") == "same", let size = all.sizes(isPool ? "window" : "kernel") else { return [] }
    let strides = all.sizes("stride") ?? size
    guard isPool || strides.contains(where: { $0 > 1 }) else { return [] }
    return lengths.enumerated().reversed().flatMap { axis, length -> [Int] in
      func own(_ sizes: [Int]?) -> Int { sizes.map { $0[$0.count == 1 ? 0 : axis] } ?? 1 }
      let stride = max(1, own(strides))
      let reach = (own(size) - 1) * own(all.sizes("dilation")) + 1
      let total = max(0, ((length + stride - 1) / stride - 1) * stride + reach - length)
      return [total / 2, total - total / 2]
    }
  }

  // MARK: Its lines

  private static let taken: Set<String> = [
    "forward", "training", "train", "eval", "type", "half", "float", "double", "bfloat16", "to", "apply",
    "cpu", "cuda",
    "ipu", "xpu", "mtia", "modules", "children", "parameters", "buffers", "compile", "state_dict",
    "zero_grad", "self",
  ]

  /// The attribute that a layer is kept by.
  static func attribute(_ name: String) -> String {
    let name = PythonWords.name(name)
    return taken.contains(name) ? name + "_" : name
  }

  /// The lines that make it.
  func lines(_ model: String) -> [String] {
    let graph = training.graph
    let name = "\(model.prefix(1).uppercased() + model.dropFirst())Network"
    var lines = ["", "class \(name)(nn.Module):", "    def __init__(self):", "        super().__init__()"]
    for layer in training.layers where hasModule(layer) {
      lines.append("        self.\(TorchModule.attribute(layer.name)) = \(words(layer))")
      lines += frozen(layer).map { "        " + $0 }
    }
    let argument = graph.inputs.count == 1 ? TorchModule.attribute(graph.inputs[0].name) : "rows"
    lines += ["", "    def forward(self, \(argument)):"]
    func add(_ line: String) { lines.append("        " + line) }
    for input in graph.inputs {
      guard let columns = training.columns(of: input) else { continue }
      let shape = graph.shape(of: input) ?? []
      let isWhole = shape.count == 1 || training.steps != nil
      let turn = isWhole ? "" : ".reshape(-1, \(shape.map(String.init).joined(separator: ", ")))"
      add("\(variable(input.name)) = \(training.part(of: input, columns))\(turn)")
    }
    for layer in training.layers { self.lines(for: layer).forEach(add) }
    add("return \(variable(graph.outputs[0].name))")
    return lines + ["", "", "\(model) = \(name)()"]
  }

  private func variable(_ name: String) -> String { TorchModule.attribute(name) }

  private func hasModule(_ layer: Layer) -> Bool {
    switch layer.kindName {
    case "flatten", "reshape", "globalmaxpool", "globalavgpool": false
    case "dense": !training.addsEdges(layer) || !training.sources(of: layer, .full).isEmpty
    default: true
    }
  }

  /// nbs and Keras have one bias in an rnn and an lstm, PyTorch two that are added up: the second is 0 and stays so.
  private func frozen(_ layer: Layer) -> [String] {
    let all = layer.kind.base.options
    guard ["rnn", "lstm"].contains(layer.kindName), all.boolean("bias") != false else { return [] }
    let isDouble = all.word("bidirectional") ?? "none" != "none"
    let place = "self.\(TorchModule.attribute(layer.name)).bias_hh_l0"
    return (isDouble ? ["", "_reverse"] : [""]).map { ending in
      "nn.init.zeros_(\(place)\(ending).requires_grad_(False))  # one bias is enough"
    }
  }

  private func lines(for layer: Layer) -> [String] {
    let name = variable(layer.name)
    let module = "self.\(TorchModule.attribute(layer.name))"
    let all = layer.kind.base.options
    let rank = training.inputShape(of: layer).count
    func given(_ value: String, _ axis: Int = -1) -> [String] {
      ["\(name) = \(activated(value, layer, axis))"]
    }
    if training.addsEdges(layer) {
      let sources = training.sources(of: layer, .full).map(variable)
      let read = sources.count > 1 ? "torch.cat([\(sources.joined(separator: ", "))], -1)" : sources.first
      let parts =
        (read.map { ["\(module)(\($0))"] } ?? []) + training.sources(of: layer, .identity).map(variable)
      return given(parts.joined(separator: " + "))
    }
    let read = feed(layer)
    switch layer.kindName {
    case "flatten": return ["\(name) = \(read).flatten(1)"]
    case "reshape":
      let shape = (all.sizes("shape") ?? []).map(String.init).joined(separator: ", ")
      return ["\(name) = \(read).reshape(-1, \(shape))"]
    case "globalmaxpool", "globalavgpool":
      let axes = (1..<rank).map(String.init).joined(separator: ", ") + (rank == 2 ? "," : "")
      return ["\(name) = \(read).\(layer.kindName == "globalmaxpool" ? "amax" : "mean")((\(axes)))"]
    case "embedding": return ["\(name) = \(module)(\(read).long())"]
    case "rnn", "lstm", "gru": return recurrent(layer, name, module, read)
    case _ where TorchModule.wantsChannelsFirst(layer, training):
      var first = "\(read).movedim(-1, 1)"
      let pads = TorchModule.pads(of: layer, training)
      if pads.contains(where: { $0 > 0 }) {
        let value = layer.kindName == "maxpool" ? ", value=-torch.inf" : ""
        first = "nn.functional.pad(\(first), (\(pads.map(String.init).joined(separator: ", ")))\(value))"
      }
      return given("\(module)(\(first)).movedim(1, -1)")
    default: return given("\(module)(\(read))")
    }
  }

  private func recurrent(_ layer: Layer, _ name: String, _ module: String, _ read: String) -> [String] {
    let all = layer.kind.base.options
    let isAll = all.word("return") == "all"
    let merge = all.word("bidirectional") ?? "none"
    let isReversed = all.boolean("reverse") == true && merge == "none"
    var lines = ["\(name), _ = \(module)(\(read)\(isReversed ? ".flip(1)" : ""))"]
    if merge == "none" {
      if isAll, isReversed { lines.append("\(name) = \(name).flip(1)") }
      if !isAll { lines.append("\(name) = \(name)[:, -1]") }
      return lines
    }
    lines.append("forward, backward = \(name).chunk(2, -1)")
    if !isAll { lines.append("forward, backward = forward[:, -1], backward[:, 0]") }
    let joined =
      switch merge {
      case "add": "forward + backward"
      case "mul": "forward * backward"
      case "avg": "(forward + backward) / 2"
      default: "torch.cat([forward, backward], -1)"
      }
    return lines + ["\(name) = \(joined)"]
  }

  /// What a layer that takes one array reads.
  private func feed(_ layer: Layer) -> String {
    let sources = training.sources(of: layer).map(variable)
    guard sources.count > 1 else { return sources.first ?? "" }
    switch training.graph.merge(into: layer) ?? .add {
    case .add: return "(\(sources.joined(separator: " + ")))"
    case .mul: return "(\(sources.joined(separator: " * ")))"
    case .avg: return "((\(sources.joined(separator: " + "))) / \(sources.count))"
    case .max: return sources.dropFirst().reduce(sources[0]) { "torch.maximum(\($0), \($1))" }
    case .concat: return "torch.cat([\(sources.joined(separator: ", "))], -1)"
    }
  }

  private func activated(_ value: String, _ layer: Layer, _ axis: Int) -> String {
    let functions = "nn.functional"
    switch layer.activation {
    case .linear, .step: return value
    case .softmax:
      let isLast = layer.name == training.graph.outputs.first?.name
      return isLast && dropsSoftmax ? value : "torch.softmax(\(value), \(axis))"
    case .sigmoid: return "torch.sigmoid(\(value))"
    case .tanh: return "torch.tanh(\(value))"
    case .relu: return "torch.relu(\(value))"
    case .leakyReLU: return "\(functions).leaky_relu(\(value), 0.2)"
    case .elu: return "\(functions).elu(\(value))"
    case .selu: return "\(functions).selu(\(value))"
    case .gelu: return "\(functions).gelu(\(value))"
    case .softplus: return "\(functions).softplus(\(value))"
    }
  }

  // MARK: Its weights

  /// What is put into its parameters in a proof: their names, and expressions.
  func weights(_ layer: Layer, _ array: (String) -> String) -> [(target: String, value: String)] {
    let all = layer.kind.base.options
    let hasBias = all.boolean("bias") != false
    switch layer.kindName {
    case "dense":
      var kernel = array("kernel")
      if training.addsEdges(layer) {
        let sources = training.sources(of: layer, .full)
        if sources.isEmpty { return [] }
        if sources.count > 1 {
          kernel = "np.concatenate([\(sources.map { array("kernel.\($0)") }.joined(separator: ", "))], 1)"
        }
      }
      return [("weight", kernel)] + (hasBias ? [("bias", array("bias"))] : [])
    case "conv1d", "conv2d", "conv3d":
      return [("weight", "np.moveaxis(\(array("kernel")), -1, 1)")]
        + (hasBias ? [("bias", array("bias"))] : [])
    case "batchnorm":
      return [
        ("weight", array("gamma")), ("bias", array("beta")), ("running_mean", array("mean")),
        ("running_var", array("variance")),
      ]
    case "layernorm": return [("weight", array("gamma")), ("bias", array("beta"))]
    case "embedding": return [("weight", array("kernel"))]
    case "rnn", "lstm", "gru":
      let isDouble = all.word("bidirectional") ?? "none" != "none"
      return (isDouble ? [("", ""), ("backward_", "_reverse")] : [("", "")]).flatMap { prefix, ending in
        // The gates z r n of a gru are r z n in PyTorch.
        func gates(_ role: String) -> String {
          let own = array(prefix + role)
          let turned = "np.concatenate([np.split(\(own), 3)[gate] for gate in (1, 0, 2)])"
          return layer.kindName == "gru" ? turned : own
        }
        var parts = [
          ("weight_ih_l0" + ending, gates("kernel")), ("weight_hh_l0" + ending, gates("recurrent")),
        ]
        if hasBias {
          parts.append(("bias_ih_l0" + ending, gates("bias")))
          if layer.kindName == "gru" { parts.append(("bias_hh_l0" + ending, gates("recurrent_bias"))) }
        }
        return parts
      }
    default: return []
    }
  }
}
