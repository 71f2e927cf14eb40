internal import NetworkSchema
internal import NeuralEngine

/// A training in Keras 3, whose defaults nbs has too.
struct KerasWords: FrameworkWords {
  let training: RecordedTraining
  private var model: String { PythonWords.name(training.name) }
  private var options: TrainingOptions { training.options }

  var obstacle: String? { training.commonObstacle ?? raggedObstacle }

  /// What would see the steps that Keras pads sequences with.
  private var raggedObstacle: String? {
    guard training.isRagged else { return nil }
    for layer in training.layers {
      switch layer.kindName {
      case "conv1d", "maxpool", "avgpool", "globalmaxpool":
        return
          "its sequences have lengths of their own, and `\(layer.name)` (\(layer.kindName)) would see what Keras pads them with"
      case _ where KerasGraph.readsBackwards(layer):
        return
          "its sequences have lengths of their own, and `\(layer.name)` gives all steps of what it reads from the end"
      case "embedding" where training.graph.inputs.count > 1:
        return "its sequences have lengths of their own, and Keras pads words otherwise than the other inputs"
      default: continue
      }
    }
    return nil
  }

  /// The layer that tells Keras which steps are padding.
  static let masking = "layers.Masking(PADDING)"

  /// Keras takes rows of one length, and leaves out the steps that a mask says.
  var sequenceFunctions: [String] {
    [
      "PADDING = -1e9  # what no step holds", "", "", "def padded(steps, lengths, value):",
      "    \"\"\"Sequences as rows of one length, with steps at their ends that a mask leaves out.\"\"\"",
      "    rows = np.full((len(lengths), lengths.max(), *steps.shape[1:]), value, np.float32)",
      "    rows[np.arange(lengths.max()) < lengths[:, None]] = steps", "    return rows",
    ]
  }

  func sequences(_ variable: String) -> [String] {
    func array(_ part: String) -> String { "arrays[\"\(variable)_\(part)\"]" }
    let isOfWords = training.inputShape?.count == 1
    let steps = "\(variable)_steps"
    return [
      "\(steps) = \(array("steps"))",
      isOfWords
        ? "\(variable)_x = padded(\(array("x")) + 1, \(steps), 0)  # word 0 is the padding"
        : "\(variable)_x = padded(\(array("x")), \(steps), PADDING)",
      training.hasTargetSteps
        ? "\(variable)_y = padded(\(array("y")), \(steps), 0)" : "\(variable)_y = \(array("y"))",
    ]
  }

  /// A callback that stops as `until` does.
  static let until = [
    "class Until(keras.callbacks.Callback):",
    "    \"\"\"Stops after the epoch that meets a condition, as `until` does.\"\"\"",
    "", "    def __init__(self, metric, is_met, threshold):", "        super().__init__()",
    "        self.metric, self.is_met, self.threshold = metric, is_met, threshold", "",
    "    def on_epoch_end(self, epoch, logs=None):",
    "        if self.is_met(logs[self.metric], self.threshold):",
    "            self.model.stop_training = True",
  ]

  // MARK: The network

  var network: [String] {
    if KerasGraph.isNeeded(training) {
      let graph = KerasGraph(training: training) { words(for: $0, $1, hasActivation: $2) }
      return graph.lines(model)
    }
    let input = training.lengths(training.inputShape ?? [])
    var lines = [
      "\(model) = keras.Sequential([", "    keras.Input((\(input.map { "\($0)," }.joined(separator: " ")))),",
    ]
    if training.graph.inputs.contains(where: training.isMasked) { lines.append("    \(KerasWords.masking),") }
    for layer in training.chain ?? [] { lines.append("    \(words(for: layer, layer.name)),") }
    return lines + ["], name=\"\(training.name)\")"]
  }

  private func words(for layer: Layer, _ called: String, hasActivation: Bool = true) -> String {
    let all = layer.kind.base.options
    let name = "name=\"\(called)\""
    let activation =
      layer.activation == .linear || !hasActivation ? nil : "activation=\"\(layer.activation.rawValue)\""
    let bias = all.boolean("bias") == false ? "use_bias=False" : nil
    let first = all.word("init").flatMap { KerasWords.initializers[$0] }.map {
      "kernel_initializer=\"\($0)\""
    }
    let penalty = self.penalty.map { "kernel_regularizer=\($0)" }
    func size(_ key: String) -> String { PythonWords.sizes(all.sizes(key) ?? [1]) }
    func given(_ key: String, _ word: String, unless: [Int]) -> String? {
      guard let sizes = all.sizes(key), sizes != unless, Set(sizes) != [1] || unless.isEmpty else {
        return nil
      }
      return "\(word)=\(PythonWords.sizes(sizes))"
    }
    let padding = all.word("padding") == "same" ? "padding=\"same\"" : nil
    switch layer.kindName {
    case "dense":
      return PythonWords.call(
        "layers.Dense", ["\(all.integer("units") ?? 1)", activation, bias, first, penalty, name])
    case "conv1d", "conv2d", "conv3d":
      let groups = all.integer("groups") ?? 1
      return PythonWords.call(
        "layers.Conv\(layer.kindName.dropFirst(4).uppercased())",
        [
          "\(all.integer("filters") ?? 1)", size("kernel"), given("stride", "strides", unless: [1]),
          given("dilation", "dilation_rate", unless: [1]), padding, groups > 1 ? "groups=\(groups)" : nil,
          activation, bias,
          first, penalty, name,
        ])
    case "maxpool", "avgpool":
      let axes = training.inputShape(of: layer).count - 1
      return PythonWords.call(
        "layers.\(layer.kindName == "maxpool" ? "Max" : "Average")Pooling\(axes)D",
        [
          size("window"), all.sizes("stride") == all.sizes("window") ? nil : "strides=\(size("stride"))",
          padding, name,
        ])
    case "globalmaxpool", "globalavgpool":
      let axes = training.inputShape(of: layer).count - 1
      return PythonWords.call(
        "layers.Global\(layer.kindName == "globalmaxpool" ? "Max" : "Average")Pooling\(axes)D", [name])
    case "flatten": return PythonWords.call("layers.Flatten", [name])
    case "reshape":
      let shape = (all.sizes("shape") ?? []).map { "\($0)," }.joined(separator: " ")
      return PythonWords.call("layers.Reshape", ["(\(shape))", name])
    case "dropout":
      return PythonWords.call("layers.Dropout", [PythonWords.number(all.number("rate") ?? 0), name])
    case "batchnorm":
      return PythonWords.call(
        "layers.BatchNormalization", [changed("momentum", all, 0.99), changed("epsilon", all, 0.001), name])
    case "layernorm":
      return PythonWords.call("layers.LayerNormalization", [changed("epsilon", all, 0.001), name])
    case "embedding":
      return PythonWords.call(
        "layers.Embedding",
        [
          "\((all.integer("vocabulary") ?? 1) + (training.isRagged ? 1 : 0))",
          "\(all.integer("dimension") ?? 1)", training.isRagged ? "mask_zero=True" : nil, name,
        ])
    default: return recurrent(layer, all, bias)
    }
  }

  /// What large weights cost.
  private var penalty: String? {
    let (l1, l2) = (options.regularizer.l1, options.regularizer.l2)
    switch (l1 == 0, l2 == 0) {
    case (true, true): return nil
    case (true, false): return "keras.regularizers.L2(\(PythonWords.number(l2)))"
    case (false, true): return "keras.regularizers.L1(\(PythonWords.number(l1)))"
    case (false, false):
      return "keras.regularizers.L1L2(\(PythonWords.number(l1)), \(PythonWords.number(l2)))"
    }
  }

  private func recurrent(_ layer: Layer, _ all: OptionValues, _ bias: String?) -> String {
    let kinds = ["rnn": "SimpleRNN", "lstm": "LSTM", "gru": "GRU"]
    let merge = all.word("bidirectional") ?? "none"
    let name = "name=\"\(layer.name)\""
    let isDouble = merge != "none"
    let gates = all.word("recurrent_activation")
    let cell = PythonWords.call(
      "layers.\(kinds[layer.kindName] ?? layer.kindName)",
      [
        "\(all.integer("units") ?? 1)",
        layer.activation == .tanh ? nil : "activation=\"\(layer.activation.rawValue)\"",
        gates.flatMap { $0 == "sigmoid" ? nil : "recurrent_activation=\"\($0)\"" },
        all.word("return") == "all" ? "return_sequences=True" : nil,
        all.boolean("reverse") == true ? "go_backwards=True" : nil, bias, changed("dropout", all, 0),
        changed("recurrent_dropout", all, 0), isDouble ? nil : name,
      ])
    let words = ["add": "sum", "avg": "ave"]
    return isDouble
      ? PythonWords.call(
        "layers.Bidirectional",
        [cell, merge == "concat" ? nil : "merge_mode=\"\(words[merge] ?? merge)\"", name])
      : cell
  }

  private func changed(_ key: String, _ all: OptionValues, _ usual: Double) -> String? {
    all.number(key).flatMap { $0 == usual ? nil : "\(key)=\(PythonWords.number($0))" }
  }

  private static let initializers = [
    "he": "he_uniform", "lecun": "lecun_uniform", "normal": "random_normal", "uniform": "random_uniform",
    "zeros": "zeros", "ones": "ones", "orthogonal": "orthogonal",
  ]

  // MARK: The training

  var start: [String] {
    var lines: [String] = []
    if options.loss.name == "crossentropy", training.hasClassNumbers {
      lines.append("# The targets are numbers of classes: one-hot rows would take categorical_crossentropy.")
    }
    let metrics = training.countsCorrect ? "metrics=[\"accuracy\"]" : nil
    return lines + [
      PythonWords.call("\(model).compile", ["optimizer=\(optimizer)", "loss=\(loss)", metrics])
    ]
  }

  private var loss: String {
    switch options.loss.name {
    case "bce": "\"binary_crossentropy\""
    case "crossentropy":
      training.hasClassNumbers ? "\"sparse_categorical_crossentropy\"" : "\"categorical_crossentropy\""
    case "huber": "keras.losses.Huber()"
    default: "\"\(options.loss.name)\""
    }
  }

  private var optimizer: String {
    let all = options.optimizer.options
    func given(_ key: String, _ word: String, unless usual: Double) -> String? {
      all.number(key).flatMap { $0 == usual ? nil : "\(word)=\(PythonWords.number($0))" }
    }
    let kinds = [
      "sgd": "SGD", "adam": "Adam", "adamw": "AdamW", "nadam": "Nadam", "rmsprop": "RMSprop",
      "adagrad": "Adagrad",
      "adadelta": "Adadelta",
    ]
    let rho = options.optimizer.name == "adadelta" ? 0.95 : 0.9
    return PythonWords.call(
      "keras.optimizers.\(kinds[options.optimizer.name] ?? "SGD")",
      [
        "learning_rate=\(rate)", given("momentum", "momentum", unless: 0),
        all.boolean("nesterov") == true ? "nesterov=True" : nil, given("beta1", "beta_1", unless: 0.9),
        given("beta2", "beta_2", unless: 0.999), given("rho", "rho", unless: rho),
        given("epsilon", "epsilon", unless: 1e-7), given("weight_decay", "weight_decay", unless: 0.004),
        options.clip.map { "global_clipnorm=\(PythonWords.number($0))" },
      ])
  }

  /// The rate, or what it is at each step: Keras counts batches where nbs counts epochs.
  private var rate: String {
    let rate = PythonWords.number(options.rate)
    let (name, decay, period) = training.schedule
    let (steps, factor) = ("\(period * training.batches)", PythonWords.number(decay))
    let schedules = "keras.optimizers.schedules"
    switch name {
    case "step": return "\(schedules).ExponentialDecay(\(rate), \(steps), \(factor), staircase=True)"
    case "exponential": return "\(schedules).ExponentialDecay(\(rate), \(steps), \(factor))"
    case "cosine": return "\(schedules).CosineDecay(\(rate), \(steps), alpha=\(factor))"
    case "warmup": return "\(schedules).PolynomialDecay(0.0, \(steps), \(rate))"
    default: return rate
    }
  }

  func evaluation(_ x: String, _ y: String) -> [String] {
    ["print(\(model).evaluate(\(x), \(y), verbose=0, return_dict=True))"]
  }

  func prediction(_ x: String) -> [String] {
    (training.hasTargetSteps ? ["# Answers behind the end of a sequence mean nothing."] : [])
      + ["print(\(model).predict(\(x), verbose=0))"]
  }

  func inputs(_ array: String) -> String { array }
  func targets(_ array: String) -> String { array }

  func training(_ x: String, _ y: String, validation: String?) -> [String] {
    var lines: [String] = []
    var callbacks: [String] = []
    if let stop = options.stop {
      let comparison: [StopCondition.Comparison: String] = [
        .less: "lt", .lessOrEqual: "le", .greater: "gt", .greaterOrEqual: "ge",
      ]
      callbacks.append(
        "Until(\"\(stop.metric.rawValue)\", operator.\(comparison[stop.comparison] ?? "lt"), \(PythonWords.number(stop.threshold)))"
      )
    }
    let isValidated = validation != nil || options.validationFraction != nil
    if training.schedule.name == "plateau" {
      callbacks.append(
        PythonWords.call(
          "keras.callbacks.ReduceLROnPlateau",
          [
            "monitor=\"\(isValidated ? "val_loss" : "loss")\"",
            "factor=\(PythonWords.number(training.schedule.decay))", "patience=\(training.schedule.period)",
          ]))
    }
    let keepsBest = options.keepsBest(isValidated: isValidated) && options.stop == nil
    if options.patience != nil || keepsBest {
      if keepsBest {
        lines.append("# nbs leaves the network with the weights of its best epoch; Keras has to be told.")
      }
      callbacks.append(
        PythonWords.call(
          "keras.callbacks.EarlyStopping",
          [
            "monitor=\"\(options.monitored(isValidated: isValidated).rawValue)\"",
            "patience=\(options.patience ?? options.epochs)",
            options.minDelta == 0 ? nil : "min_delta=\(PythonWords.number(options.minDelta))",
            keepsBest ? "restore_best_weights=True" : nil,
          ]))
    }
    if options.validationFraction != nil {
      lines.append(
        "# nbs draws the rows to keep aside at random; Keras takes the last ones, before it shuffles.")
    }
    lines.append(
      PythonWords.call(
        "history = \(model).fit",
        [
          x, y, "epochs=\(options.epochs)", "batch_size=\(options.batchSize)",
          options.shuffles ? nil : "shuffle=False",
          options.validationFraction.map { "validation_split=\(PythonWords.number($0))" },
          validation.map { "validation_data=(\($0)_x, \($0)_y)" },
          callbacks.isEmpty ? nil : "callbacks=[\(callbacks.joined(separator: ", "))]", "verbose=0",
        ]))
    let accuracy = training.countsCorrect ? ", accuracy {history.history['accuracy'][-1]:.0%}" : ""
    lines.append(
      "print(f\"\(training.name): {len(history.epoch)} epochs, loss {history.history['loss'][-1]:.4g}\(accuracy)\")"
    )
    return lines
  }

  // MARK: A proof

  func weights(_ key: String) -> [String] {
    var lines: [String] = []
    for layer in training.layers {
      func array(_ role: String) -> String { "arrays[\"\(key)/\(layer.name)/\(role)\"]" }
      let hasBias = layer.kind.base.options.boolean("bias") != false
      var parts: [String] = []
      switch layer.kindName {
      case "dense" where training.addsEdges(layer):
        let sources = training.sources(of: layer, .full)
        guard !sources.isEmpty else { continue }
        let matrices = sources.map { sources.count > 1 ? array("kernel.\($0)") : array("kernel") }
        let kernel =
          matrices.count > 1 ? "np.concatenate([\(matrices.joined(separator: ", "))], 1)" : matrices[0]
        parts = [kernel + ".T"] + (hasBias ? [array("bias")] : [])
      case "dense": parts = [array("kernel") + ".T"] + (hasBias ? [array("bias")] : [])
      case "conv1d", "conv2d", "conv3d":
        parts = ["np.moveaxis(\(array("kernel")), 0, -1)"] + (hasBias ? [array("bias")] : [])
      case "batchnorm": parts = ["gamma", "beta", "mean", "variance"].map(array)
      case "layernorm": parts = ["gamma", "beta"].map(array)
      case "embedding":
        let kernel = array("kernel")
        parts = [
          training.isRagged ? "np.concatenate([np.zeros_like(\(kernel)[:1]), \(kernel)])" : kernel
        ]
      case "rnn", "lstm", "gru":
        let isDouble = layer.kind.base.options.word("bidirectional") ?? "none" != "none"
        for prefix in isDouble ? ["", "backward_"] : [""] {
          parts += [array(prefix + "kernel") + ".T", array(prefix + "recurrent") + ".T"]
          guard hasBias else { continue }
          parts.append(
            layer.kindName == "gru"
              ? "np.stack([\(array(prefix + "bias")), \(array(prefix + "recurrent_bias"))])"
              : array(prefix + "bias"))
        }
      default: continue
      }
      let adds = training.addsEdges(layer) && !training.sources(of: layer, .identity).isEmpty
      let name = adds ? KerasGraph.sums(of: layer) : layer.name
      lines.append("\(model).get_layer(\"\(name)\").set_weights([\(parts.joined(separator: ", "))])")
    }
    return lines
  }

  func proof(_ key: String, _ x: String, _ y: String) -> [String] {
    if training.hasTargetSteps {
      let steps = x.dropLast(2) + "_steps"
      // The mean over an epoch is that over all steps, and Keras's that over batches.
      return [
        "for epoch, order in enumerate(arrays[\"\(key)/order\"]):", "    total = 0.0",
        "    for start in range(0, len(order), \(options.batchSize)):",
        "        rows = order[start:start + \(options.batchSize)]", "        \(model).reset_metrics()",
        "        batch = \(model).train_on_batch(\(x)[rows], \(y)[rows], return_dict=True)",
        "        total += float(batch[\"loss\"]) * \(steps)[rows].sum()",
        "    compare(epoch, total / \(steps).sum(), arrays[\"\(key)/losses\"][epoch])",
      ]
    }
    return [
      "for epoch, rows in enumerate(arrays[\"\(key)/order\"]):",
      "    history = \(model).fit(\(x)[rows], \(y)[rows], batch_size=\(options.batchSize), shuffle=False, verbose=0)",
      "    compare(epoch, history.history[\"loss\"][0], arrays[\"\(key)/losses\"][epoch])",
    ]
  }
}
