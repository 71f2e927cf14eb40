public import Diagnostics
public import Foundations
internal import Interchange
internal import Language
internal import Localization
internal import ModelFiles
internal import NeuralEngine

/// Remembers the trainings of a session, for a script that does them again in another program.
public final class ScriptRecorder {
  /// What each cell trained, by the cell's number.
  private var trainings: [Int: [RecordedTraining]] = [:]
  /// How many of a cell are remembered: those of a loop are alike.
  private static let mostOfACell = 20

  /// Creates a recorder that remembers nothing yet.
  public init() {}

  func add(_ training: RecordedTraining, cell: Int) {
    guard trainings[cell, default: []].count < ScriptRecorder.mostOfACell else { return }
    trainings[cell, default: []].append(training)
  }

  /// A cell of a notebook that has run.
  public struct Cell {
    /// What it is about; nil where nothing says so.
    public let heading: String?
    /// Its source; nil for prose.
    public let source: SourceText?

    /// Creates a cell.
    public init(heading: String?, source: SourceText?) {
      self.heading = heading
      self.source = source
    }
  }

  /// What a notebook's cells do, as steps of a script.
  ///
  /// - Parameters:
  ///   - cells: all cells in order, those that ran with their source.
  ///   - session: the session that they ran in.
  func steps(of cells: [Cell], in session: Session) -> [ScriptStep] {
    var steps: [ScriptStep] = []
    var number = 0
    var heading: String?
    for cell in cells {
      heading = cell.heading ?? heading
      guard let source = cell.source else { continue }
      number += 1
      let own = self.steps(of: source, number, session)
      if own.isEmpty { continue }
      if let heading { steps.append(.heading(heading)) }
      heading = nil
      steps += own
    }
    return steps
  }

  private func steps(of source: SourceText, _ number: Int, _ session: Session) -> [ScriptStep] {
    var left = trainings[number, default: []][...]
    var steps: [ScriptStep] = []
    for statement in session.check(source).program.statements {
      let line = String(source.text(in: statement.span))
      guard case .command(let command) = statement.kind else {
        steps.append(.missing(line))
        continue
      }
      switch command.verb {
      case .data, .net, .layer, .connect, .build, .prepare, .split, .seed, .option, .param, .reset, .summary,
        .show,
        .help, .delete, .assert:
        // What these make stands in the trainings.
        continue
      case .train:
        if let training = left.popFirst() { steps.append(.training(training)) }
      case .evaluate:
        steps.append(command.dataName.map { .evaluation(data: $0) } ?? .missing(line))
      case .predict:
        steps.append(command.dataName.map { .prediction(data: $0) } ?? .missing(line))
      case .plot where command.variant == "loss":
        steps.append(.lossPlot(isLogarithmic: line.contains("yscale=log")))
      case .plot where command.variant == "boundary":
        steps.append(command.dataName.map { .boundaryPlot(data: $0) } ?? .missing(line))
      default: steps.append(.missing(line))
      }
    }
    return steps + left.map { .training($0) }
  }
}

/// A training that is to be remembered: what was there before it began, and its first losses.
final class TrainingNote {
  private let weights: [Double]
  private let continues: Bool
  private let random: RandomStream
  private var losses: [Double] = []
  private var epochs = 0
  /// How many losses are kept.
  private static let most = 100

  init(_ network: Network, _ random: RandomStream) {
    weights = network.state.weights.values ?? []
    continues = network.lastTraining != nil
    self.random = random
  }

  func epochEnded(_ history: TrainingHistory) {
    epochs += 1
    if losses.count < TrainingNote.most, let loss = history.last?.loss { losses.append(loss) }
  }

  func keep(
    in session: Session, of network: Network, data: String, _ rows: Examples, validation: Examples?,
    isScaled: Bool,
    _ options: TrainingOptions
  ) {
    let task = PredictionTask(network.graph, loss: options.loss)
    session.scripts?.add(
      RecordedTraining(
        name: network.name, data: data, graph: network.graph, weights: weights, examples: rows,
        validation: validation, isScaled: isScaled, options: options, countsCorrect: task.isClassification,
        continues: continues,
        obstacle: network.defaults.rule.isOnline ? "its rule is \(network.defaults.rule.rawValue)" : nil,
        epochs: epochs, losses: losses, random: random), cell: session.cellCount)
  }
}

extension Command {
  /// The data set that it names.
  fileprivate var dataName: String? {
    for key in ["data", "inputs"] {
      if case .name(let name)? = values[key]?.kind { return name }
    }
    return nil
  }
}

/// A notebook as a script in Python, and the arrays beside it.
public struct ConvertedScript {
  private let script: TrainingScript

  /// Whether a path is that of a script.
  public static func isScript(_ path: String) -> Bool { path.hasSuffix(".py") }

  /// Writes a script of a notebook that has run.
  ///
  /// - Parameters:
  ///   - session: the session that it ran in, with a recorder.
  ///   - cells: all its cells in order, those that ran with their source.
  ///   - title: what it is called.
  ///   - source: its file.
  ///   - path: where the script will be; its name says for which program.
  ///   - isProof: whether the script is to start where nbs did, and to compare.
  /// - Throws: `bad-value` for a name that says no program, `nothing-learned` where no training has a form there.
  public init(
    of session: Session, cells: [ScriptRecorder.Cell], title: String, source: String, path: String,
    isProof: Bool
  ) throws(CodedError) {
    let framework = try ConvertedScript.framework(of: path)
    let name = path.split(separator: "/").last.map(String.init) ?? path
    script = try TrainingScript(
      session.scripts?.steps(of: cells, in: session) ?? [], title: title, source: source,
      stem: String(name.dropLast(3)), framework: framework, isProof: isProof)
    guard script.trainings > 0 else {
      let reasons = script.obstacles.prefix(3).map { " " + $0 + "." }.joined()
      throw CodedError(
        .nothingLearned,
        localized(
          "`\(source)` trains no network that \(framework.name) has a form for, so there is no script.")
          + reasons)
    }
  }

  /// Makes sure that a script's name says for which program it is.
  ///
  /// - Throws: `bad-value`.
  public static func check(_ path: String) throws(CodedError) { _ = try framework(of: path) }

  private static func framework(of path: String) throws(CodedError) -> ScriptFramework {
    let stem = path.dropLast(3)
    if let framework = ScriptFramework.allCases.first(where: { stem.hasSuffix("_" + $0.rawValue) }) {
      return framework
    }
    throw CodedError(
      .badValue,
      localized(
        "\(path): the name of a script says for which program it is: \(String(stem))_keras.py or \(String(stem))_torch.py."
      ),
      suggestion: "\(stem)_keras.py")
  }

  /// Writes the script, and its arrays beside it where it has some.
  ///
  /// - Returns: the files that were written.
  /// - Throws: `unwritable-file` or `disk-full`.
  public func write(to path: String) throws(CodedError) -> [String] {
    guard !script.arrays.arrays.isEmpty else {
      try AtomicFile.write(script.text, to: path)
      return [path]
    }
    let arrays = String(path.dropLast(3)) + ".safetensors"
    try script.arrays.write(to: arrays)
    try AtomicFile.write(script.text, to: path)
    return [path, arrays]
  }
}
