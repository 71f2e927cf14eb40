import Datasets
import Diagnostics
import Foundations
import Language
import Localization
import NeuralEngine

/// `crossvalidate iris folds=5 { net … train … }`: the block for each fold, with the fold's training rows under the name of the
/// data; the network that is current at its end is measured on the other rows.
final class FoldsNode: Node {
  private let command: CrossValidate
  private let body: Node

  /// The slots that say how rows are cut; those of a training stand in the block.
  private static let slots: Set<String> = ["data", "folds", "repeats", "stratify", "by", "ordered"]

  /// - Throws: `bad-option` for an option of the training.
  init(_ command: Command, body: Node, _ compiler: Compiler) throws {
    let given = command.values.sorted { $0.key < $1.key }
    if let (name, stray) = given.first(where: { !FoldsNode.slots.contains($0.key) }) {
      throw Diagnostic(
        .badOption,
        "With a block, `\(name)=` belongs to the `train` in it: crossvalidate … { … train … \(name)=… }",
        at: stray.span)
    }
    self.command = try CrossValidate(from: ArgumentDecoder(command, compiler: compiler))
    self.body = body
    super.init(command.span)
  }

  override func run(_ execution: ExecutionContext) throws {
    try execution.checkInterruption()
    let context = CommandContext(execution: execution, span: span)
    let session = context.session
    let selection = try session.data(command.data)
    try session.claimFigures(at: span)
    let set = selection.isPart ? selection.set : selection.reference.parts.train
    let scaling = selection.reference.preparation.map { $0.scaling(of: selection.reference.parts.train) }
    let checkpoints = session.checkpoints
    let block = checkpoints?.nextBlock() ?? 0
    // What the network of the block tells apart is not known yet: targets that can be classes are taken for such.
    let outcomes = try command.outcomes(on: set, tellsClasses: true, context) { work in
      guard let checkpoints else {
        return try measure(work, of: set, selection.reference, scaling, context)
      }
      return try checkpoints.within("block-\(block)-fold-\(work.place)") {
        try measure(work, of: set, selection.reference, scaling, context)
      }
    }
    command.report(outcomes, localized("folds of \(command.data.name)"), selection.reference, context)
  }

  override func evaluate(_ context: ExecutionContext) throws -> Value {
    try run(context)
    return .nothing
  }

  /// Runs the block for a fold, and takes back what it did.
  private func measure(
    _ work: FoldWork, of set: Dataset, _ reference: DataReference, _ scaling: Scaling??,
    _ context: CommandContext
  ) throws -> Evaluation {
    let session = context.session
    try context.execution.checkInterruption()
    return try session.takingBack { silent in
      session.random = work.random
      // The folds are what processes share.
      session.state.options.execution.processes = Processes()
      let parts = set.parts(of: work.fold)
      let fold = DataReference(DatasetParts(train: parts.training, test: parts.testing))
      fold.state.augmentation = reference.augmentation
      // Scales are found on the rows that are trained with alone; one that is no statistic of them stays.
      let fitted = try scaling.flatMap { scaling in
        try context.locating { try scaling.map { try Preparation.fitted(to: parts.training, $0) } }
      }
      fold.state.preparation = fitted ?? reference.preparation
      session.state.data[String(command.data.name.prefix { $0 != "." })] = fold
      try body.run(silent)
      let network = try session.readyNetwork(at: span)
      return try context.locating { try session.evaluation(of: network, on: parts.testing, fold).measured }
    }
  }
}
