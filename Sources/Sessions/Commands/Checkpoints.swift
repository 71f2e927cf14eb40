import Datasets
import Diagnostics
import Foundation
import Foundations
import Language
import ModelFiles
import NetworkSchema
import NeuralEngine
import Outputs

/// `checkpoint="m.safetensors" every=5`, `resume="m.safetensors"`: a training in a file, to go on with another day.
///
/// The file is a model file of the best weights so far, so that `load net` reads it; behind the prefix `last/` stand those
/// that the training goes on from, and in its metadata where it stood.
struct Checkpoints: Decodable {
  private let checkpoint: Operand<FilePath>?
  private let resume: Operand<FilePath>?

  /// Without `every=` a training is kept when so much time has passed since it was kept last.
  private static let interval = Duration.seconds(5)

  /// What a training is a training of: as long as this is the same it can go on.
  struct Subject {
    let network: Network
    let parts: DatasetParts
    let scaled: DatasetParts
    let preparation: Preparation?
    let weights: [Double]?
    let augmentation: Augmentation?
    let options: TrainingOptions

    /// All that decides on the bits, by name.
    fileprivate var facts: [CheckpointRecord.Fact] {
      let regularizer = options.regularizer
      var facts: [(String, String)] = [
        ("the data", CheckpointRecord.digest(of: scaled, weights)), ("batch", String(options.batchSize)),
        ("loss", options.loss.name),
        ("optimizer", options.optimizer.name + " " + options.optimizer.options.sortedText),
        ("rate", "\(options.rate)"), ("shuffle", String(options.shuffles)),
        ("reduction", options.sumsBatch ? "sum" : "mean"),
        ("validate", options.validationFraction.map { "\($0)" } ?? "none"),
        ("patience", options.patience.map(String.init) ?? "none"),
        ("monitor", options.monitor?.rawValue ?? "by default"), ("min_delta", "\(options.minDelta)"),
        ("keep", options.keep?.rawValue ?? "by default"), ("l1", "\(regularizer.l1)"),
        ("l2", "\(regularizer.l2)"),
        ("clip", options.clip.map { "\($0)" } ?? "none"),
        ("schedule", options.schedule.name + " " + options.schedule.options.sortedText),
        ("precision", network.state.weights.options?.precision.rawValue ?? ""),
      ]
      if let augmentation { facts.append(("augment", augmentation.words)) }
      // Some schedules go by how many epochs there are to be.
      if options.schedule != .constant { facts.append(("epochs", String(options.epochs))) }
      return facts.map { CheckpointRecord.Fact(name: $0.0, value: $0.1) }
    }
  }

  /// Lets a training be kept in the file that is named, if one is.
  func attach(to control: inout TrainingControl, _ subject: Subject, every: Int?, _ context: CommandContext)
    throws
  {
    guard let checkpoint else { return }
    let path = try context.session.files.writing(checkpoint(context).path)
    let seed = context.session.seed
    // Made ready before anything is trained: a file that cannot be written is told now.
    try Sessions.locating(checkpoint.span) { try AtomicFile.check(path) }
    let facts = subject.facts
    var last = ContinuousClock.now
    let span = checkpoint.span
    var isTold = false
    control.checkpoint = (
      isDue: { epoch in
        every.map { epoch.isMultiple(of: $0) } ?? (ContinuousClock.now - last > Checkpoints.interval)
      },
      keep: { progress in
        do { try Checkpoints.write(progress, subject, facts, seed: seed, to: path) } catch {
          // A full disk is no reason to lose the training.
          let message = (error as? CodedError)?.message ?? "\(error)"
          if !isTold {
            context.emit(
              Diagnostic(.unwritableFile, "No checkpoint was kept: \(message)", at: span, severity: .notice))
          }
          isTold = true
        }
        last = .now
      }
    )
  }

  /// Where the training is to go on from; nil where it begins.
  ///
  /// - Throws: `different-network` or `bad-option`, saying what differs.
  func progress(_ subject: Subject, _ context: CommandContext) throws -> TrainingProgress? {
    guard let resume else { return nil }
    let name = try resume(context).path
    let path = try Sessions.locating(resume.span) { try context.session.files.reading(name) }
    if try checkpoint?(context).path == name, !FileManager.default.fileExists(atPath: path) {
      context.emit(.text("there is no checkpoint `\(name)` yet: the training begins"))
      return nil
    }
    return try Sessions.locating(resume.span) {
      let file = try ArrayFile.read(path)
      guard let text = file.metadata[CheckpointRecord.key],
        let record = try? JSONDecoder().decode(CheckpointRecord.self, from: Data(text.utf8))
      else {
        throw CodedError(
          .notAModelFile,
          "`\(name)` is no checkpoint: it was not written by `train … checkpoint=`. `load net \"\(name)\"` may read it."
        )
      }
      let saved = try SavedNetwork(from: file, at: name, prefix: CheckpointRecord.last)
      if let difference = saved.graph.difference(from: subject.network.graph) {
        throw CodedError(
          .differentNetwork,
          "The network `\(subject.network.name)` differs from the one in `\(name)`: \(difference).")
      }
      let facts = subject.facts
      for (old, new) in zip(record.facts, facts) where old != new {
        let what =
          old.name == "the data" || old.name != new.name
          ? "The data is not that of the checkpoint `\(name)`: rows, columns, order, or how it was split and prepared differ."
          : "The checkpoint `\(name)` was trained with \(old.name)=\(old.value), and this training has \(new.name)=\(new.value)."
        throw CodedError(.differentNetwork, "\(what) Train with the same, or begin anew without resume=.")
      }
      guard record.facts.count == facts.count else {
        throw CodedError(
          .differentNetwork,
          "The checkpoint `\(name)` is of a training with another schedule, or of data that is augmented in another way. "
            + "Train with the same.")
      }
      return try record.progress(file, saved, name)
    }
  }

  private static func write(
    _ progress: TrainingProgress, _ subject: Subject, _ facts: [CheckpointRecord.Fact], seed: UInt64,
    to path: String
  ) throws(CodedError) {
    let state = subject.network.state
    let precision = state.weights.options?.precision ?? .single
    func saved(_ weights: TrainingProgress.Weights) -> SavedNetwork {
      SavedNetwork(
        name: subject.network.name, graph: state.graph,
        learned: LearnedNumbers(precision: precision, values: weights.values, optimizer: weights.optimizer),
        defaults: state.defaults, preparation: subject.preparation,
        schema: DataSchema(of: subject.parts.train),
        trainedLoss: subject.network.foreignLoss(of: subject.options))
    }
    var blocks = NumberBlocks()
    let record = CheckpointRecord(progress, facts, &blocks)
    var file = blocks.file
    try saved(progress.bestWeights ?? progress.last).store(in: &file)
    try saved(progress.last).store(in: &file, prefix: CheckpointRecord.last)
    try SavedRandom(seed: seed, position: progress.random).store(in: &file)
    guard let bytes = try? JSONEncoder().encode(record) else {
      throw CodedError(.internalError, "The checkpoint cannot be described.")
    }
    file.metadata[CheckpointRecord.key] = String(decoding: bytes, as: UTF8.self)
    try file.write(to: path)
  }
}

/// Where a training stood, as its file tells it.
private struct CheckpointRecord: Codable {
  struct Fact: Codable, Equatable {
    var name: String
    var value: String
  }

  /// A random stream's position.
  struct Position: Codable {
    var words: [String]
    var spare: Double?
  }

  static let key = "checkpoint"
  static let last = "last/"

  var facts: [Fact]
  var start: Position
  var random: Position
  var patience: EpochWait
  var plateau: EpochWait
  var plateauRate: Double
  var isOver: Bool
  var hasBest: Bool
  var training: StoredTraining
}

extension CheckpointRecord {
  init(_ progress: TrainingProgress, _ facts: [Fact], _ blocks: inout NumberBlocks) {
    self.facts = facts
    start = Position(progress.start)
    random = Position(progress.random)
    patience = progress.patience
    plateau = progress.plateau.wait
    plateauRate = progress.plateau.rate
    isOver = progress.isOver
    hasBest = progress.bestWeights != nil
    let options = TrainingOptions(epochs: 1, batchSize: 1, loss: .mse, optimizer: .sgd(), rate: 1)
    training = StoredTraining(
      TrainingResult(
        end: .finished, history: progress.history, options: options, trainedRows: 0, validationRows: 0,
        best: progress.best), &blocks)
  }

  /// The progress that it describes.
  ///
  /// - Throws: `bad-model-file`.
  func progress(_ file: ArrayFile, _ saved: SavedNetwork, _ path: String) throws -> TrainingProgress {
    let bad = CodedError(
      .badModelFile, "The checkpoint `\(path)` is damaged. Use another one, or begin anew.")
    guard let start = start.state, let random = random.state, plateauRate > 0, plateauRate.isFinite,
      patience.epochs >= 0, plateau.epochs >= 0, let result = try? training.result(NumberBlocks(file))
    else { throw bad }
    let best = hasBest ? try SavedNetwork(from: file, at: path).learned : nil
    guard (best == nil) == (result.best == nil) else { throw bad }
    return TrainingProgress(
      history: result.history, start: start, random: random,
      last: .init(values: saved.learned.values, optimizer: saved.learned.optimizer),
      bestWeights: best.map { .init(values: $0.values, optimizer: $0.optimizer) }, best: result.best,
      patience: patience, plateau: PlateauDetector(rate: plateauRate, wait: plateau), isOver: isOver)
  }

  /// What tells data from other data: its numbers, in their order, and how they are weighted.
  static func digest(of parts: DatasetParts, _ weights: [Double]?) -> String {
    var digest = Digest()
    func add(_ values: [Double]) { values.withUnsafeBytes { digest.add(Array($0)) } }
    for (name, part) in [("train", parts.train)] + (parts.validate.map { [("validate", $0)] } ?? []) {
      digest.add(Array("\(name) \(part.rows) \(part.inputNames.joined(separator: " "))".utf8))
      switch part.storage {
      case .doubles(let values): add(values)
      case .bytes(let bytes):
        digest.add(bytes.values)
        add(bytes.offsets + bytes.divisors)
      }
      add(part.targets)
    }
    if let weights { add(weights) }
    return digest.digits
  }
}

extension CheckpointRecord.Position {
  init(_ state: RandomStream.State) {
    words = state.words.map { String($0, radix: 16) }
    spare = state.spareNormal
  }

  var state: RandomStream.State? {
    let numbers = words.compactMap { UInt64($0, radix: 16) }
    let state = RandomStream.State(words: numbers, spareNormal: spare)
    return numbers.count == words.count && RandomStream(state) != nil ? state : nil
  }
}

extension OptionValues {
  /// The options in the order of their names.
  fileprivate var sortedText: String {
    values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.text)" }.joined(separator: " ")
  }
}
