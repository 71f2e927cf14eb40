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
    let isStratified: Bool
    let augmentation: Augmentation?
    let options: TrainingOptions

    /// All that decides on the bits, by name.
    fileprivate var facts: [CheckpointRecord.Fact] {
      let regularizer = options.regularizer
      var facts: [(String, String)] = [
        ("the data", CheckpointRecord.digest(of: scaled, weights)), ("batch", String(options.batchSize)),
        ("loss", options.objective?.description ?? options.loss.name),
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
      if isStratified { facts.append(("stratify", "true")) }
      // Some schedules go by how many epochs there are to be.
      if options.schedule != .constant { facts.append(("epochs", String(options.epochs))) }
      return facts.map { CheckpointRecord.Fact(name: $0.0, value: $0.1) }
    }
  }

  /// Who keeps a training, in a file of its own.
  private struct Keeper {
    let isDue: (Int) -> Bool
    let keep: (TrainingProgress) -> Void
    /// Whether the end of the training is kept as well.
    let keepsEnd: () -> Bool
  }

  /// Lets a training be kept in the file that is named, if one is, and in that of the run.
  func attach(
    to control: inout TrainingControl, _ subject: Subject, every: Int?, run: RunCheckpoints.Training?,
    _ context: CommandContext
  ) throws {
    let keepers = [
      try named(subject, every: every, context), run.flatMap { Checkpoints.keeper($0, subject, context) },
    ].compactMap(\.self)
    guard !keepers.isEmpty else { return }
    var due: [Int] = []
    control.keepsEnd = {
      due = keepers.indices.filter { keepers[$0].keepsEnd() }
      return !due.isEmpty
    }
    control.checkpoint = (
      isDue: { epoch in
        due = keepers.indices.filter { keepers[$0].isDue(epoch) }
        return !due.isEmpty
      },
      keep: { progress in for place in due { keepers[place].keep(progress) } }
    )
  }

  /// Keeps a training of the run now and then, once it lasts.
  private static func keeper(
    _ run: RunCheckpoints.Training, _ subject: Subject, _ context: CommandContext
  ) -> Keeper? {
    guard run.writes, !subject.network.defaults.rule.isOnline,
      (try? ParameterLayout(subject.network.graph).count) ?? .max <= RunCheckpoints.mostParameters
    else { return nil }
    let seed = context.session.seed
    var throttle = Throttle(patience: run.interval, interval: run.interval)
    // The digest of the data is worked out when it is first needed.
    var facts: [CheckpointRecord.Fact]?
    var hasFailed = false
    var isKept = run.isResuming && FileManager.default.fileExists(atPath: run.path)
    var pause = ContinuousClock.now
    return Keeper(
      isDue: { epoch in !hasFailed && throttle.isDue(after: epoch) && ContinuousClock.now >= pause },
      keep: { progress in
        let start = ContinuousClock.now
        let known = facts ?? subject.facts
        facts = known
        do {
          try FileManager.default.createDirectory(
            atPath: URL(fileURLWithPath: run.path).deletingLastPathComponent().path,
            withIntermediateDirectories: true)
          try Checkpoints.write(progress, subject, known, seed: seed, to: run.path)
          isKept = true
        } catch {
          // The run goes on; it could just not be taken up again.
          hasFailed = true
        }
        // A disk that is slow is not to slow the training down by more than a twentieth.
        pause = ContinuousClock.now + (ContinuousClock.now - start) * 20
      }, keepsEnd: { isKept && !hasFailed })
  }

  private func named(_ subject: Subject, every: Int?, _ context: CommandContext) throws -> Keeper? {
    guard let checkpoint else { return nil }
    let path = try context.session.files.writing(checkpoint(context).path)
    let seed = context.session.seed
    // Made ready before anything is trained: a file that cannot be written is told now.
    try Sessions.locating(checkpoint.span) {
      try context.session.writingTogether(at: checkpoint.span) { () throws -> Void in
        try AtomicFile.check(path)
      }
    }
    let facts = subject.facts
    var last = ContinuousClock.now
    let span = checkpoint.span
    var isTold = false
    return Keeper(
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
      }, keepsEnd: { true })
  }

  /// Where the training is to go on from; nil where it begins.
  ///
  /// - Parameter run: the training as one of a run, which may have been taken up again.
  /// - Returns: where it stood, and whether the user is to be told.
  /// - Throws: `different-network` or `bad-option`, saying what differs.
  func progress(_ subject: Subject, run: RunCheckpoints.Training?, _ context: CommandContext) throws -> (
    progress: TrainingProgress, isTold: Bool
  )? {
    let session = context.session
    if let run, run.isResuming, let file = try Checkpoints.file(run.path, in: session, at: context.span) {
      return try Sessions.locating(context.span) {
        let name = URL(fileURLWithPath: run.path).lastPathComponent
        return (progress: try Checkpoints.progress(file, named: name, subject), isTold: false)
      }
    }
    guard let resume else { return nil }
    let name = try resume(context).path
    let path = try Sessions.locating(resume.span) { try session.files.reading(name) }
    let file = try Checkpoints.file(path, in: session, at: resume.span)
    if file == nil, try checkpoint?(context).path == name {
      context.emit(.text("there is no checkpoint `\(name)` yet: the training begins"))
      return nil
    }
    return try Sessions.locating(resume.span) {
      (progress: try Checkpoints.progress(file ?? ArrayFile.read(path), named: name, subject), isTold: true)
    }
  }

  /// A file that was kept; nil where there is none. Of processes that share a run the first alone keeps files, and hands
  /// them out.
  private static func file(_ path: String, in session: Session, at span: SourceSpan) throws -> ArrayFile? {
    try Sessions.locating(span) {
      guard session.isShared else {
        return FileManager.default.fileExists(atPath: path) ? try ArrayFile.read(path) : nil
      }
      return try session.bytesOfFirst(path).map { try ArrayFile.read($0, called: path) }
    }
  }

  private static func progress(
    _ file: ArrayFile, named name: String, _ subject: Subject
  ) throws -> TrainingProgress {
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
        objective: subject.network.foreignObjective(of: subject.options))
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
  /// Nil in files of earlier versions.
  var weightChange: Double?
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
    // JSON has no infinity.
    weightChange = min(progress.weightChange, .greatestFiniteMagnitude)
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
      patience: patience, plateau: PlateauDetector(rate: plateauRate, wait: plateau),
      weightChange: weightChange ?? 0, isOver: isOver)
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
