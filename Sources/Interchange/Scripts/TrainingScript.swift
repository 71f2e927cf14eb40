public import Foundations
public import ModelFiles
internal import NetworkSchema
internal import NeuralEngine

/// A notebook's data, networks, trainings and plots as a script in Python.
public struct TrainingScript {
  /// The script.
  public private(set) var text = ""
  /// Arrays that are too large for the script, and what a proof is held against; they belong beside it.
  public private(set) var arrays = ArrayFile()
  /// How many trainings it repeats; a script of none is no use.
  public private(set) var trainings = 0
  /// Why it leaves others out, in words.
  public private(set) var obstacles: [String] = []

  private let framework: ScriptFramework
  private let isProof: Bool
  private let stem: String
  private var body: [String] = []
  /// What variables hold, and those of the data, by its name, and the last network.
  private var written: [String: WrittenRows] = [:]
  private var data: [String: String] = [:]
  private var current: RecordedTraining?
  private var needs: Set<Need> = []
  private var pictures = 0
  /// What sequences of lengths of their own need.
  private var functions: [String] = []

  /// Rows, and how the script has them.
  private struct WrittenRows: Equatable {
    let examples: Examples
    let shape: [Int]
    let form: String
  }

  private enum Need { case until, plots, arrays }

  /// The most epochs that a proof compares, and the most numbers that stand in the script itself.
  private static let provenEpochs = 100
  private static let mostNumbers = 200

  /// Writes a script.
  ///
  /// - Parameters:
  ///   - title: the notebook's.
  ///   - source: the notebook's file.
  ///   - stem: the script's file without its ending; the arrays go to `STEM.safetensors`.
  ///   - isProof: whether it starts from the same weights, takes the rows in the same order, and compares the losses.
  public init(
    _ steps: [ScriptStep], title: String, source: String, stem: String, framework: ScriptFramework,
    isProof: Bool
  ) throws(CodedError) {
    self.framework = framework
    self.isProof = isProof
    self.stem = stem
    for step in steps { try add(step) }
    text = (head(title, source) + body).joined(separator: "\n") + "\n"
  }

  // MARK: The file

  private func head(_ title: String, _ source: String) -> [String] {
    var modules = ["numpy"] + (framework == .keras ? ["keras"] : ["torch"])
    if needs.contains(.arrays) { modules.append("safetensors") }
    if needs.contains(.plots) { modules.append("matplotlib") }
    var lines = [
      "\"\"\"\(PythonWords.documentation(title)): what \(PythonWords.documentation(source)) trains, in \(framework.name).",
      "",
      "Written by nbs convert. Needs \(modules.joined(separator: ", ")).",
    ]
    if isProof {
      lines.append(
        "It starts from the weights of nbs, takes the rows in the same order, and compares the loss of each epoch."
      )
    }
    lines += ["\"\"\"", ""]
    if needs.contains(.until) { lines.append("import operator") }
    if needs.contains(.arrays) { lines.append("import pathlib") }
    if needs.contains(.until) || needs.contains(.arrays) { lines.append("") }
    if framework == .keras { lines.append("import keras") }
    if needs.contains(.plots) { lines.append("import matplotlib.pyplot as plt") }
    lines.append("import numpy as np")
    if framework == .torch { lines.append("import torch") }
    if framework == .keras { lines.append("from keras import layers") }
    if needs.contains(.arrays) { lines.append("from safetensors.numpy import load_file") }
    if framework == .torch { lines.append("from torch import nn") }
    lines.append("")
    if needs.contains(.arrays) {
      lines.append("arrays = load_file(pathlib.Path(__file__).with_name(\"\(stem).safetensors\"))")
    }
    if isProof {
      lines += [
        "largest = 0.0", "", "", "def compare(epoch, found, expected):",
        "    \"\"\"Holds an epoch's loss against that of nbs.\"\"\"", "    global largest",
        "    difference = abs(found - expected) / max(1, abs(expected))",
        "    largest = max(largest, difference)",
        "    if difference > 1e-5:",
        "        raise SystemExit(f\"epoch {epoch + 1}: loss {found:.9g}, nbs has {expected:.9g}\")", "",
      ]
    }
    if needs.contains(.until), framework == .keras { lines += [""] + KerasWords.until + [""] }
    if !functions.isEmpty { lines += [""] + functions + [""] }
    return lines
  }

  private mutating func add(_ step: ScriptStep) throws(CodedError) {
    switch step {
    case .heading(let words):
      body.append("")
      body += PythonWords.comment(words)
    case .missing(let line): body.append("# No counterpart here: \(PythonWords.oneLine(line))")
    case .training(let training): try add(training)
    case .evaluation(let name), .prediction(let name):
      var isEvaluation = false
      if case .evaluation = step { isEvaluation = true }
      guard !isProof else { return }
      guard let (x, y) = variables(name), let network = current else {
        body.append("# No counterpart here: \(isEvaluation ? "evaluate" : "predict") \(name)")
        return
      }
      let words = words(network)
      body += isEvaluation ? words.evaluation(x, y) : words.prediction(x)
    case .lossPlot(let isLogarithmic):
      guard !isProof, current != nil else { return }
      picture()
      body.append(framework == .keras ? "plt.plot(history.history[\"loss\"])" : "plt.plot(losses)")
      if isLogarithmic { body.append("plt.yscale(\"log\")") }
      body += ["plt.xlabel(\"epoch\")", "plt.ylabel(\"loss\")", save()]
    case .boundaryPlot(let name): boundary(name)
    }
  }

  private func variables(_ name: String) -> (x: String, y: String)? {
    data[name].map { ($0 + "_x", $0 + "_y") }
  }

  private func words(_ training: RecordedTraining) -> any FrameworkWords {
    framework == .keras ? KerasWords(training: training) : TorchWords(training: training)
  }

  private mutating func picture() {
    needs.insert(.plots)
    pictures += 1
    body.append("plt.figure()")
  }

  private func save() -> String { "plt.savefig(\"\(stem)_\(pictures).png\")" }

  private mutating func boundary(_ name: String) {
    guard !isProof else { return }
    guard let (x, y) = variables(name), let network = current, network.graph.inputWidth == 2,
      network.graph.outputWidth == 1, network.graph.inputs.count == 1
    else {
      body.append("# No counterpart here: plot boundary \(name)")
      return
    }
    picture()
    let model = PythonWords.name(network.name)
    let grid = framework == .keras ? x : x + ".numpy()"
    body += [
      "across, up = np.meshgrid(*(np.linspace(column.min() - 0.5, column.max() + 0.5, 200) for column in \(grid).T))",
      "plane = np.stack([across.ravel(), up.ravel()], 1).astype(np.float32)",
    ]
    if framework == .keras {
      body.append("answers = \(model).predict(plane, verbose=0)")
    } else {
      body += [
        "with torch.no_grad():",
        "    answers = \(TorchWords(training: network).answer("\(model)(torch.from_numpy(plane))")).numpy()",
      ]
    }
    body += [
      "plt.contourf(across, up, answers.reshape(across.shape), levels=20)",
      "plt.scatter(*\(x).T, c=\(y)[:, 0], edgecolors=\"white\")", save(),
    ]
  }

  // MARK: A training

  private mutating func add(_ training: RecordedTraining) throws(CodedError) {
    let words = words(training)
    let obstacle = training.obstacle ?? words.obstacle ?? (isProof ? training.proofObstacle(framework) : nil)
    if let obstacle {
      obstacles.append("`\(training.name)`: \(obstacle)")
      body += PythonWords.comment(
        "No counterpart here: train \(training.data) with \(training.name): \(obstacle)")
      return
    }
    trainings += 1
    if training.isRagged { functions = words.sequenceFunctions }
    let (x, y) = try variables(for: training, words)
    body.append("")
    // A training that goes on with a network goes on with it there too.
    if isProof || current?.name != training.name || current?.graph != training.graph || !training.continues {
      body += words.network
    }
    if isProof {
      try prove(training, words, x, y)
    } else {
      if training.options.stop != nil { needs.insert(.until) }
      let validation = try validation(training, words)
      body += words.start + words.training(x, y, validation: validation)
    }
    current = training
  }

  /// The rows that are trained on as variables.
  private mutating func variables(
    for training: RecordedTraining, _ words: any FrameworkWords
  ) throws(CodedError) -> (x: String, y: String) {
    let name = training.data.split(separator: ".").first.map(String.init) ?? training.data
    let scaled = training.isScaled ? ", scaled as by `prepare`" : ""
    let variable = try variable(
      PythonWords.name(name), holding: training.examples, training, words,
      heading: ["", "# \(training.data): \(training.examples.rows) rows\(scaled)"])
    data[training.data] = variable
    return (variable + "_x", variable + "_y")
  }

  private mutating func validation(
    _ training: RecordedTraining, _ words: any FrameworkWords
  ) throws(CodedError) -> String? {
    try training.validation.map { rows throws(CodedError) in
      try variable(PythonWords.name(training.data) + "_validation", holding: rows, training, words)
    }
  }

  /// The variable that holds rows in the form that a training takes. They are written once; other rows of the same name get
  /// another variable.
  private mutating func variable(
    _ wanted: String, holding examples: Examples, _ training: RecordedTraining, _ words: any FrameworkWords,
    heading: [String] = []
  ) throws(CodedError) -> String {
    let rows = WrittenRows(
      examples: examples, shape: training.rowShape, form: words.inputs("x") + words.targets("y"))
    var variable = wanted
    var number = 2
    while let known = written[variable], known != rows {
      variable = "\(wanted)\(number)"
      number += 1
    }
    if written[variable] == nil {
      body += try heading + self.rows(examples, variable, training, words)
      written[variable] = rows
    }
    return variable
  }

  private mutating func rows(
    _ examples: Examples, _ variable: String, _ training: RecordedTraining, _ words: any FrameworkWords
  ) throws(CodedError) -> [String] {
    if let steps = examples.steps {
      needs.insert(.arrays)
      let isOfWords = training.inputShape?.count == 1
      arrays.add(
        StoredArray(
          "\(variable)_x", shape: isOfWords ? [steps.count] : [steps.count, examples.inputWidth],
          examples.inputs, as: .single))
      arrays.add(
        StoredArray(
          "\(variable)_y", shape: [examples.targetRows, examples.targetWidth], examples.targets, as: .single))
      arrays.add(StoredArray("\(variable)_steps", shape: [steps.rows], .integers(steps.lengths)))
      return words.sequences(variable)
    }
    let shape = training.rowShape
    let parts = [
      (variable + "_x", examples.inputs, shape, words.inputs),
      (variable + "_y", examples.targets, training.targetShape, words.targets),
    ]
    return parts.flatMap { name, values, shape, turn in
      let all = [examples.rows] + shape
      let text: String
      if values.count <= TrainingScript.mostNumbers, shape.count == 1 {
        text = "np.array(\(PythonWords.matrix(values, width: shape[0])), np.float32)"
      } else {
        needs.insert(.arrays)
        arrays.add(StoredArray(name, shape: all, values, as: .single))
        text = "arrays[\"\(name)\"]"
      }
      return ["\(name) = \(turn(text))"]
    }
  }

  /// The loop that starts where nbs did and compares.
  private mutating func prove(
    _ training: RecordedTraining, _ words: any FrameworkWords, _ x: String, _ y: String
  ) throws(CodedError) {
    needs.insert(.arrays)
    let epochs = min(training.losses.count, TrainingScript.provenEpochs)
    let key = "proof\(trainings)"
    let orders = training.orders(epochs: epochs)
    arrays.add(
      StoredArray("\(key)/order", shape: [epochs, training.examples.rows], .integers(orders.flatMap(\.self))))
    arrays.add(StoredArray("\(key)/losses", shape: [epochs], Array(training.losses.prefix(epochs))))
    let names = ParameterNames(training.graph)
    for slice in try ParameterLayout(training.graph).slices {
      arrays.add(
        StoredArray(
          "\(key)/\(names[slice.key])", shape: slice.shape, Array(training.weights[slice.range]), as: .single)
      )
    }
    body += words.weights(key) + words.start + words.proof(key, x, y)
    let more = training.epochs > epochs ? " of \(training.epochs)" : ""
    body.append(
      "print(f\"\(training.name) on \(training.data): \(epochs)\(more) epochs agree with nbs, largest difference {largest:.2g}\")"
    )
  }
}

/// How a program says a training.
protocol FrameworkWords {
  /// What it has no form for, in words; nil where it has one for everything.
  var obstacle: String? { get }
  /// The lines that make the network.
  var network: [String] { get }
  /// The lines that set up the training.
  var start: [String] { get }
  /// An expression for rows of inputs or targets, of one for an array of NumPy.
  func inputs(_ array: String) -> String
  func targets(_ array: String) -> String
  /// The lines that make variables of sequences of lengths of their own: `arrays` holds their steps one after the other.
  func sequences(_ variable: String) -> [String]
  /// The functions that they need.
  var sequenceFunctions: [String] { get }
  /// The lines that print the loss, and the answers.
  func evaluation(_ x: String, _ y: String) -> [String]
  func prediction(_ x: String) -> [String]
  /// The lines that train.
  func training(_ x: String, _ y: String, validation: String?) -> [String]
  /// The lines that set the weights to those of a proof.
  func weights(_ key: String) -> [String]
  /// The lines that train as a proof does.
  func proof(_ key: String, _ x: String, _ y: String) -> [String]
}

/// Texts in Python.
enum PythonWords {
  private static let reserved: Set<String> = [
    "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else",
    "except",
    "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass",
    "raise",
    "return", "try", "while", "with", "yield", "None", "True", "False", "print", "arrays", "layers", "keras",
    "torch",
    "nn", "np", "plt", "history", "losses", "largest", "compare", "measure", "optimizer", "operator",
    "pathlib", "step", "scheduler", "rows", "total", "epoch", "order", "loss", "parts", "padded", "batch",
    "inputs", "targets", "answers",
  ]

  /// A name of nbs as one of Python.
  static func name(_ name: String) -> String {
    let kept = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) || $0 == "_" ? $0 : "_" })
    return reserved.contains(kept) || kept.first?.isNumber == true ? kept + "_" : kept
  }

  static func oneLine(_ text: String) -> String {
    String(text.map { $0.isNewline ? " " : $0 }).split(separator: " ").joined(separator: " ")
  }

  /// What may stand between three quotes.
  static func documentation(_ text: String) -> String {
    oneLine(text).replacing("\\", with: "/").replacing("\"", with: "'")
  }

  /// Lines of a comment, at most 100 wide.
  static func comment(_ text: String) -> [String] {
    var lines: [String] = []
    var line = "#"
    for word in oneLine(text).split(separator: " ") {
      if line.count + word.count > 99, line != "#" {
        lines.append(line)
        line = "#"
      }
      line += " " + word
    }
    return line == "#" ? lines : lines + [line]
  }

  /// A number that reads back to the same.
  static func number(_ value: Double) -> String {
    let text = Double(Float(value)) == value ? "\(Float(value))" : "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  static func matrix(_ values: [Double], width: Int) -> String {
    let rows = stride(from: 0, to: values.count, by: max(1, width)).map { start in
      "[" + values[start..<min(values.count, start + max(1, width))].map(number).joined(separator: ", ") + "]"
    }
    let line = "[" + rows.joined(separator: ", ") + "]"
    guard line.count > 70 else { return line }
    var lines: [String] = []
    for row in rows {
      if let last = lines.last, last.count + row.count < 92 {
        lines[lines.count - 1] += " \(row),"
      } else {
        lines.append("    \(row),")
      }
    }
    return "[\n" + lines.joined(separator: "\n") + "\n]"
  }

  /// `3`, or `(3, 5)`.
  static func sizes(_ sizes: [Int]) -> String {
    if Set(sizes).count == 1 { return String(sizes[0]) }
    return "(" + sizes.map(String.init).joined(separator: ", ") + ")"
  }

  /// Arguments that are there.
  static func call(_ function: String, _ arguments: [String?]) -> String {
    "\(function)(\(arguments.compactMap(\.self).joined(separator: ", ")))"
  }
}

extension RecordedTraining {
  /// Whether targets are numbers of classes, where the network has an output a class.
  var hasClassNumbers: Bool {
    let steps = graph.outputSteps
    return examples.targetWidth == (hasTargetSteps ? 1 : steps) && graph.outputWidth > steps
  }

  /// What neither program has a form for.
  var commonObstacle: String? {
    if let obstacle = graphObstacle { return obstacle }
    for layer in layers {
      let all = layer.kind.base.options
      if all.integer("truncate") != nil { return "the gradients of `\(layer.name)` are truncated" }
      if all.boolean("stateful") == true { return "`\(layer.name)` is stateful" }
    }
    if let layer = layers.first(where: { $0.activation == .step }) {
      return "`\(layer.name)` has the activation step"
    }
    if options.objective != nil { return "its outputs have losses of their own" }
    if !["mse", "mae", "huber", "bce", "crossentropy"].contains(options.loss.name) {
      return "its loss is \(options.loss.name)"
    }
    if options.sumsBatch { return "losses are added up over a batch" }
    if options.optimizer.name == "perceptron" { return "its optimizer is perceptron" }
    if examples.weights != nil || examples.outputWeights != nil { return "its rows have weights" }
    return nil
  }

  /// What keeps another program from the same steps.
  func proofObstacle(_ framework: ScriptFramework) -> String? {
    if let layer = layers.first(where: \.kind.base.drawsInTraining) {
      return "`\(layer.name)` draws random numbers, which are others there"
    }
    if options.validationFraction != nil { return "its rows are drawn from more; divide them with split" }
    if options.regularizer.l2 != 0 || options.regularizer.l1 != 0, framework == .keras {
      return "Keras counts the penalty in the loss"
    }
    if hasChangingMomentum, framework == .torch {
      return "PyTorch's momentum takes other steps while the rate changes"
    }
    if options.schedule.name == "plateau", framework == .keras {
      return "Keras's callback for a plateau begins anew with each epoch of a proof"
    }
    return nil
  }
}
