internal import NetworkSchema
internal import NeuralEngine

/// A training in PyTorch, with what its defaults do otherwise spelt out.
struct TorchWords: FrameworkWords {
  let training: RecordedTraining
  private var model: String { PythonWords.name(training.name) }
  private var options: TrainingOptions { training.options }

  var obstacle: String? {
    if let obstacle = training.commonObstacle { return obstacle }
    if let obstacle = TorchModule.obstacle(training) { return obstacle }
    if options.optimizer.name == "nadam" { return "its optimizer nadam takes other steps in PyTorch" }
    if options.validationFraction != nil {
      return "its validation rows are drawn by nbs; divide them with split"
    }
    return nil
  }

  /// Whether the loss contains the softmax that the network ends with here.
  var dropsSoftmax: Bool {
    options.loss.name == "crossentropy" && training.graph.outputs.first?.activation == .softmax
      && training.graph.outputs.first?.kindName == "dense"
  }

  /// What a network of PyTorch answers: its last softmax stands in the loss.
  func answer(_ call: String) -> String {
    dropsSoftmax ? "torch.softmax(\(call), \(hasClassSteps ? -1 : 1))" : call
  }

  // MARK: The network

  /// The layers' modules, and the layer that each comes from.
  private var modules: [(text: String, layer: String, hasWeights: Bool)] {
    let layers = training.chain ?? []
    return layers.flatMap { layer -> [(String, String, Bool)] in
      let isLast = layer == layers.last
      var modules = [(words(for: layer), layer.name, true)]
      if let activation = activation(layer), !(isLast && dropsSoftmax) {
        modules.append((activation, layer.name, false))
      }
      return modules
    }
  }

  private func activation(_ layer: Layer) -> String? {
    switch layer.activation {
    case .linear, .step: nil
    case .sigmoid: "nn.Sigmoid()"
    case .tanh: "nn.Tanh()"
    case .relu: "nn.ReLU()"
    case .leakyReLU: "nn.LeakyReLU(0.2)"
    case .elu: "nn.ELU()"
    case .selu: "nn.SELU()"
    case .gelu: "nn.GELU()"
    case .softplus: "nn.Softplus()"
    case .softmax: "nn.Softmax(1)"
    }
  }

  private func words(for layer: Layer) -> String {
    let all = layer.kind.base.options
    let input = training.inputShape(of: layer)
    let last = input.last ?? 1
    let bias = all.boolean("bias") == false ? "bias=False" : nil
    func size(_ key: String) -> String { PythonWords.sizes(all.sizes(key) ?? [1]) }
    func given(_ key: String) -> String? { Set(all.sizes(key) ?? [1]) == [1] ? nil : "\(key)=\(size(key))" }
    switch layer.kindName {
    case "dense": return PythonWords.call("nn.Linear", ["\(last)", "\(all.integer("units") ?? 1)", bias])
    case "conv1d", "conv2d", "conv3d":
      let groups = all.integer("groups") ?? 1
      return PythonWords.call(
        "nn.Conv\(layer.kindName.dropFirst(4))",
        [
          "\(last)", "\(all.integer("filters") ?? 1)", size("kernel"), given("stride"), given("dilation"),
          all.word("padding") == "same" && TorchModule.pads(of: layer, training).isEmpty
            ? "padding=\"same\"" : nil, groups > 1 ? "groups=\(groups)" : nil,
          bias,
        ])
    case "maxpool", "avgpool":
      return PythonWords.call(
        "nn.\(layer.kindName == "maxpool" ? "Max" : "Avg")Pool\(input.count - 1)d",
        [size("window"), all.sizes("stride") == all.sizes("window") ? nil : "stride=\(size("stride"))"])
    case "flatten", "reshape": return "nn.Flatten()"
    case "dropout": return PythonWords.call("nn.Dropout", [PythonWords.number(all.number("rate") ?? 0)])
    case "batchnorm":
      let share = 1 - (all.number("momentum") ?? 0.99)
      return PythonWords.call(
        "nn.BatchNorm\(max(1, input.count - 1))d",
        [
          "\(last)", "eps=\(PythonWords.number(all.number("epsilon") ?? 0.001))",
          "momentum=\(PythonWords.number((share * 1e6).rounded() / 1e6))",
        ])
    case "layernorm":
      return PythonWords.call(
        "nn.LayerNorm", ["\(last)", "eps=\(PythonWords.number(all.number("epsilon") ?? 0.001))"])
    case "rnn", "lstm", "gru": return recurrent(layer, last, bias)
    default:
      return PythonWords.call(
        "nn.Embedding", ["\(all.integer("vocabulary") ?? 1)", "\(all.integer("dimension") ?? 1)"])
    }
  }

  private func recurrent(_ layer: Layer, _ features: Int, _ bias: String?) -> String {
    let all = layer.kind.base.options
    let isDouble = all.word("bidirectional") ?? "none" != "none"
    return PythonWords.call(
      "nn.\(layer.kindName.uppercased())",
      [
        "\(features)", "\(all.integer("units") ?? 1)",
        layer.kindName == "rnn" && layer.activation == .relu ? "nonlinearity=\"relu\"" : nil, bias,
        "batch_first=True", isDouble ? "bidirectional=True" : nil,
      ])
  }

  /// The network as a module of its own, where it is no chain.
  private var module: TorchModule? {
    guard TorchModule.isNeeded(training) else { return nil }
    return TorchModule(training: training, words: words, dropsSoftmax: dropsSoftmax)
  }

  var network: [String] {
    var lines: [String] = []
    if training.layers.contains(where: { $0.kindName == "batchnorm" }) {
      lines.append(
        "# BatchNorm: PyTorch's momentum is the share that comes, Keras's and nbs's the share that stays; eps is 0.001 there."
      )
    }
    if let module { return lines + module.lines(model) }
    lines.append("\(model) = nn.Sequential(")
    let modules = modules
    lines += modules.map { "    \($0.text),  # \($0.layer)" }
    lines.append(")")
    return lines
  }

  /// The weights that nbs would begin with.
  private var firstWeights: [String] {
    let kinds = training.layers.compactMap { layer -> String? in
      layer.kindName == "dense"
        ? "nn.Linear" : layer.kindName.hasPrefix("conv") ? "nn.Conv\(layer.kindName.dropFirst(4))" : nil
    }
    let distinct = kinds.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    let names = Set(training.layers.compactMap { $0.kind.base.options.word("init") })
    guard !distinct.isEmpty else { return [] }
    let known = [
      "glorot": "nn.init.xavier_uniform_(module.weight)",
      "he": "nn.init.kaiming_uniform_(module.weight, nonlinearity=\"relu\")",
      "normal": "nn.init.normal_(module.weight, std=0.05)",
      "uniform": "nn.init.uniform_(module.weight, -0.05, 0.05)",
      "zeros": "nn.init.zeros_(module.weight)", "ones": "nn.init.ones_(module.weight)",
      "orthogonal": "nn.init.orthogonal_(module.weight)",
    ]
    guard names.count == 1, let name = names.first, let line = known[name] else {
      return [
        "# The weights begin as PyTorch has them; nbs has \(names.sorted().joined(separator: " and "))."
      ]
    }
    return [
      "# PyTorch would begin with weights and biases in plus or minus 1 / sqrt(inputs); nbs and Keras have init=\(name) and biases of 0.",
      "for module in \(model).modules():",
      "    if isinstance(module, \(distinct.count == 1 ? distinct[0] : "(" + distinct.joined(separator: ", ") + ")")):",
      "        \(line)", "        if module.bias is not None:", "            nn.init.zeros_(module.bias)",
    ]
  }

  // MARK: The training

  var sequenceFunctions: [String] {
    [
      "def parts(x, y, rows):",
      "    \"\"\"Rows by their lengths, with the number of their answers: each part goes through the network as it is, without padding.\"\"\"",
      "    lengths = {}", "    for row in rows.tolist():",
      "        lengths.setdefault(len(x[row]), []).append(row)",
      "    for length, some in sorted(lengths.items()):",
      "        inputs, targets = (torch.stack([values[row] for row in some]) for values in (x, y))",
      "        yield inputs, targets, len(some) * (length if isinstance(y, tuple) else 1)",
    ]
  }

  func sequences(_ variable: String) -> [String] {
    func array(_ part: String) -> String { "arrays[\"\(variable)_\(part)\"]" }
    let steps = "\(variable)_steps"
    let y = targets(array("y"))
    return [
      "\(steps) = \(array("steps")).tolist()", "\(variable)_x = torch.tensor(\(array("x"))).split(\(steps))",
      "\(variable)_y = \(y)\(training.hasTargetSteps ? ".split(\(steps))" : "")",
    ]
  }

  func evaluation(_ x: String, _ y: String) -> [String] {
    let lines = ["\(model).eval()", "with torch.no_grad():"]
    guard training.isRagged else {
      return lines + ["    print(\"loss\", measure(\(model)(\(x)), \(y)).item())"]
    }
    return lines + ["    print(\"loss\", \(mean(x, y)))"]
  }

  /// The loss of sequences of lengths of their own, in which each answer counts alike.
  private func mean(_ x: String, _ y: String) -> String {
    "sum(measure(\(model)(inputs), targets).item() * answers for inputs, targets, answers in parts(\(x), \(y), torch.arange(len(\(x))))) / \(answers(y))"
  }

  /// How many answers there are to some rows.
  private func answers(_ y: String) -> String {
    training.hasTargetSteps ? "sum(map(len, \(y)))" : "len(\(y))"
  }

  func prediction(_ x: String) -> [String] {
    let call =
      training.isRagged
      ? "[\(answer("\(model)(sequence[None])"))[0] for sequence in \(x)]" : answer("\(model)(\(x))")
    return ["\(model).eval()", "with torch.no_grad():", "    print(\(call))"]
  }

  func inputs(_ array: String) -> String {
    // A module turns its arrays itself.
    if module != nil { return "torch.tensor(\(array))" }
    let shape = training.inputShape ?? []
    let reads = training.chain?.first?.kindName ?? ""
    if reads == "embedding" { return "torch.tensor(\(array)).long()" }
    guard shape.count >= 3 || shape.count == 2 && (reads.hasPrefix("conv") || reads.hasSuffix("pool")) else {
      return "torch.tensor(\(array))"
    }
    return "torch.tensor(\(array)).movedim(-1, 1)  # channels first"
  }

  func targets(_ array: String) -> String {
    options.loss.name == "crossentropy" && training.hasClassNumbers
      ? "torch.tensor(\(array)).long()" + (hasClassSteps && !training.isRagged ? "" : "[:, 0]")
      : "torch.tensor(\(array))"
  }

  /// Whether each step of a sequence has a class.
  private var hasClassSteps: Bool {
    training.graph.outputs.first.flatMap { training.graph.shape(of: $0) }?.count == 2
  }

  var start: [String] {
    var lines: [String] = []
    if dropsSoftmax {
      lines.append("# CrossEntropyLoss contains the softmax, so the network ends without one.")
    }
    return lines + ["measure = \(loss)"] + optimizerLines
  }

  private var loss: String {
    switch options.loss.name {
    case "mae": "nn.L1Loss()"
    case "huber": "nn.HuberLoss()"
    case "bce": "nn.BCELoss()"
    case "crossentropy":
      dropsSoftmax
        ? hasClassSteps
          ? "lambda answers, targets: nn.functional.cross_entropy(answers.flatten(0, 1), targets.flatten(0, 1))"
          : "nn.CrossEntropyLoss()"
        : "lambda answers, targets: -(targets * answers.log()).sum(-1).mean()"
    default: "nn.MSELoss()"
    }
  }

  private var optimizerLines: [String] {
    let all = options.optimizer.options
    func number(_ key: String, _ usual: Double) -> String { PythonWords.number(all.number(key) ?? usual) }
    let rate = "lr=\(PythonWords.number(options.rate))"
    let parameters = "\(model).parameters()"
    var lines: [String] = []
    let call: String
    switch options.optimizer.name {
    case "adam", "adamw":
      lines.append(
        "# epsilon is 1e-8 in PyTorch unless it is said, and stands beside the corrected root there.")
      let isDecaying = options.optimizer.name == "adamw"
      if isDecaying {
        lines.append("# weight_decay is 0.01 in PyTorch unless it is said, 0.004 in Keras and nbs.")
      }
      let betas = "betas=(\(number("beta1", 0.9)), \(number("beta2", 0.999)))"
      call = PythonWords.call(
        isDecaying ? "torch.optim.AdamW" : "torch.optim.Adam",
        [
          parameters, rate, betas == "betas=(0.9, 0.999)" ? nil : betas, "eps=\(number("epsilon", 1e-7))",
          isDecaying ? "weight_decay=\(number("weight_decay", 0.004))" : nil,
        ])
    case "rmsprop":
      lines.append("# The running mean keeps 0.99 in PyTorch unless it is said, 0.9 in Keras and nbs.")
      call = PythonWords.call(
        "torch.optim.RMSprop",
        [parameters, rate, "alpha=\(number("rho", 0.9))", "eps=\(number("epsilon", 1e-7))"])
    case "adagrad":
      lines.append(
        "# The sum of squares begins with 0 in PyTorch unless it is said, with 0.1 in Keras and nbs.")
      call = PythonWords.call(
        "torch.optim.Adagrad",
        [parameters, rate, "initial_accumulator_value=0.1", "eps=\(number("epsilon", 1e-7))"])
    case "adadelta":
      lines.append("# The rate is 1 in PyTorch unless it is said, 0.001 in Keras and nbs.")
      call = PythonWords.call(
        "torch.optim.Adadelta",
        [parameters, rate, "rho=\(number("rho", 0.95))", "eps=\(number("epsilon", 1e-7))"])
    default:
      let momentum = all.number("momentum") ?? 0
      call = PythonWords.call(
        "torch.optim.SGD",
        [
          parameters, rate, momentum == 0 ? nil : "momentum=\(PythonWords.number(momentum))",
          all.boolean("nesterov") == true ? "nesterov=True" : nil,
        ])
    }
    return lines + ["optimizer = \(call)"] + scheduler
  }

  /// What changes the rate: nbs counts epochs, and batches as parts of them.
  private var scheduler: [String] {
    let (name, decay, period) = training.schedule
    let (steps, factor) = ("\(period * training.batches)", PythonWords.number(decay))
    let package = "torch.optim.lr_scheduler"
    var lines: [String] = []
    if training.hasChangingMomentum {
      lines = [
        "# PyTorch multiplies the velocity by the rate of the moment, nbs and Keras each gradient: not the same while it changes."
      ]
    }
    func lambda(_ formula: String) -> [String] {
      lines + ["scheduler = \(package).LambdaLR(optimizer, lambda step: \(formula))"]
    }
    switch name {
    case "step": return lines + ["scheduler = \(package).StepLR(optimizer, \(period), \(factor))"]
    case "exponential": return lambda("\(factor) ** (step / \(steps))")
    case "cosine":
      let wave = "0.5 * (1 + np.cos(np.pi * min(1, step / \(steps))))"
      return lambda(decay == 0 ? wave : "\(factor) + (1 - \(factor)) * \(wave)")
    case "warmup": return lambda("min(1, step / \(steps))")
    case "plateau":
      return lines + [
        "# PyTorch waits for one epoch more than Keras and nbs, and measures an improvement by its share.",
        PythonWords.call(
          "scheduler = \(package).ReduceLROnPlateau",
          ["optimizer", "factor=\(factor)", "patience=\(period - 1)", "threshold_mode=\"abs\"", "eps=0"]),
      ]
    default: return []
    }
  }

  /// The line that goes on with a schedule, after a batch or after an epoch.
  private func scheduled(afterBatch: Bool, loss: String = "") -> [String] {
    switch training.schedule.name {
    case "step": afterBatch ? [] : ["scheduler.step()"]
    case "exponential", "cosine", "warmup": afterBatch ? ["scheduler.step()"] : []
    case "plateau": afterBatch ? [] : ["scheduler.step(\(loss))"]
    default: []
    }
  }

  /// The lines of a step, where `rows` says which rows, and `answers` and `targets` are to be compared.
  private func step(_ x: String, _ y: String, indent: String, isProof: Bool = false) -> [String] {
    var lines = [
      "loss = measure(\(model)(\(x)[rows]), \(y)[rows])",
      "total += loss.item() * len(rows)  # the last batch may be shorter",
    ]
    if training.isRagged {
      lines = [
        "optimizer.zero_grad()", "batch = list(parts(\(x), \(y), rows))", "loss = 0",
        "for inputs, targets, answers in batch:",
        "    part = measure(\(model)(inputs), targets) * answers", "    total += part.item()",
        "    loss = loss + part / sum(count for _, _, count in batch)",
      ]
    }
    for (price, cost) in [
      (options.regularizer.l2, "(weight ** 2)"), (options.regularizer.l1, "weight.abs()"),
    ]
    where price != 0 {
      if price == options.regularizer.l2 {
        lines.append("# weight_decay would count biases too, and half as much.")
      }
      lines += [
        "penalty = sum(\(cost).sum() for weight in \(model).parameters() if weight.ndim > 1)",
        "loss = loss + \(PythonWords.number(price)) * penalty",
      ]
    }
    lines += training.isRagged ? ["loss.backward()"] : ["optimizer.zero_grad()", "loss.backward()"]
    if let clip = options.clip {
      lines.append("nn.utils.clip_grad_norm_(\(model).parameters(), \(PythonWords.number(clip)))")
    }
    if isProof, isAdam {
      let all = options.optimizer.options
      let (epsilon, beta) = (all.number("epsilon") ?? 1e-7, all.number("beta2") ?? 0.999)
      lines += [
        "step += 1  # epsilon as Keras and nbs have it, beside the root before it is corrected",
        "optimizer.param_groups[0][\"eps\"] = \(PythonWords.number(epsilon)) / (1 - \(PythonWords.number(beta)) ** step) ** 0.5",
      ]
    }
    return (lines + ["optimizer.step()"] + scheduled(afterBatch: true)).map { indent + $0 }
  }

  func training(_ x: String, _ y: String, validation: String?) -> [String] {
    var lines =
      firstWeights + [
        "losses = []", "for epoch in range(\(options.epochs)):", "    \(model).train()", "    total = 0.0",
      ]
    let order = options.shuffles ? "torch.randperm(len(\(x)))" : "torch.arange(len(\(x)))"
    lines.append("    for rows in \(order).split(\(options.batchSize)):")
    lines += step(x, y, indent: "        ")
    lines.append("    losses.append(total / \(training.isRagged ? answers(y) : "len(\(x))"))")
    if validation == nil { lines += scheduled(afterBatch: false, loss: "losses[-1]").map { "    " + $0 } }
    if let stop = options.stop, stop.metric == .loss {
      lines += [
        "    if losses[-1] \(stop.comparison.rawValue) \(PythonWords.number(stop.threshold)):",
        "        break",
      ]
    } else if let stop = options.stop {
      lines.append(
        "    # No counterpart here: until \(stop.metric.rawValue)\(stop.comparison.rawValue)\(PythonWords.number(stop.threshold))"
      )
    }
    if let validation {
      lines += [
        "    \(model).eval()", "    with torch.no_grad():",
        "        validation = "
          + (training.isRagged
            ? mean("\(validation)_x", "\(validation)_y")
            : "measure(\(model)(\(validation)_x), \(validation)_y).item()"),
      ]
      lines += scheduled(afterBatch: false, loss: "validation").map { "    " + $0 }
    }
    if options.patience != nil || options.keepsBest(isValidated: validation != nil) && options.stop == nil {
      lines.append("# No counterpart here: nbs leaves the network with the weights of its best epoch.")
    }
    return lines + ["print(f\"\(training.name): {len(losses)} epochs, loss {losses[-1]:.4g}\")"]
  }

  // MARK: A proof

  func weights(_ key: String) -> [String] {
    var lines = ["with torch.no_grad():"]
    if let module {
      for layer in training.layers {
        let place = "\(model).\(TorchModule.attribute(layer.name))"
        for (target, value) in module.weights(layer, { "arrays[\"\(key)/\(layer.name)/\($0)\"]" }) {
          lines.append("    \(place).\(target).copy_(torch.tensor(\(value)))")
        }
      }
      return lines.count == 1 ? [] : lines
    }
    let order = FlattenedOrder(training.graph)
    for (number, module) in modules.enumerated() where module.hasWeights {
      guard let layer = training.graph.layer(module.layer) else { continue }
      let place = "\(model)[\(number)]"
      func array(_ role: String) -> String { "arrays[\"\(key)/\(layer.name)/\(role)\"]" }
      func set(_ target: String, _ value: String) {
        lines.append("    \(place).\(target).copy_(torch.tensor(\(value)))")
      }
      let hasBias = layer.kind.base.options.boolean("bias") != false
      let source = training.graph.edges(into: layer.name).first?.source ?? ""
      switch layer.kindName {
      case "dense":
        var kernel = array("kernel")
        if order.places(of: source) != nil, let image = flattened(before: source) {
          // The columns are in the order of places and channels here, of channels and places there.
          let rest = image.dropLast().map(String.init).joined(separator: ", ")
          kernel =
            "np.moveaxis(\(kernel).reshape(-1, \(rest), \(image[image.count - 1])), -1, 1).reshape(\(kernel).shape)"
        }
        set("weight", kernel)
        if hasBias { set("bias", array("bias")) }
      case "conv1d", "conv2d", "conv3d":
        set("weight", "np.moveaxis(\(array("kernel")), -1, 1)")
        if hasBias { set("bias", array("bias")) }
      case "batchnorm":
        let image = order.places(of: layer.name) == nil ? nil : flattened(before: layer.name)
        for (target, role) in [
          ("weight", "gamma"), ("bias", "beta"), ("running_mean", "mean"), ("running_var", "variance"),
        ] {
          let lengths = image?.map(String.init).joined(separator: ", ")
          set(
            target,
            lengths.map { "np.moveaxis(\(array(role)).reshape(\($0)), -1, 0).reshape(-1)" } ?? array(role))
        }
      case "layernorm":
        set("weight", array("gamma"))
        set("bias", array("beta"))
      case "embedding": set("weight", array("kernel"))
      default: continue
      }
    }
    return lines.count == 1 ? [] : lines
  }

  /// The shape of the image that a flattened row comes from.
  private func flattened(before name: String) -> [Int]? {
    var name = name
    while let layer = training.graph.layer(name) {
      if layer.kindName == "flatten" { return training.inputShape(of: layer) }
      guard let source = training.graph.edges(into: name).first?.source else { return nil }
      name = source
    }
    return nil
  }

  private var isAdam: Bool { ["adam", "adamw"].contains(options.optimizer.name) }

  func proof(_ key: String, _ x: String, _ y: String) -> [String] {
    let mean = "total / \(training.isRagged ? answers(y) : "len(\(x))")"
    return (isAdam ? ["step = 0"] : []) + [
      "for epoch, order in enumerate(arrays[\"\(key)/order\"]):", "    \(model).train()", "    total = 0.0",
      "    for rows in torch.tensor(order).split(\(options.batchSize)):",
    ] + step(x, y, indent: "        ", isProof: true) + [
      "    compare(epoch, \(mean), arrays[\"\(key)/losses\"][epoch])"
    ] + scheduled(afterBatch: false, loss: mean).map { "    " + $0 }
  }
}
