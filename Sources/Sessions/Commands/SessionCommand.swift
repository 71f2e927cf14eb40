import Diagnostics
import Foundations
import Language
import NeuralEngine
import Outputs

/// A command as something to run. Its stored properties are the slots of the command table that it reads, each under
/// the slot's name and as the type that it needs; ``ArgumentDecoder`` fills them once, when the cell is compiled.
protocol SessionCommand: Decodable, SendableMetatype {
  /// Does the work for nobody who looks at a value.
  func run(_ context: CommandContext) throws

  /// Does the work, and gives the command's value; nothing for most.
  func evaluate(_ context: CommandContext) throws -> Value
}

extension SessionCommand {
  func evaluate(_ context: CommandContext) throws -> Value {
    try run(context)
    return .nothing
  }
}

extension Command {
  /// The type that runs the command; nil for a variant that nobody has written.
  var type: (any SessionCommand.Type)? {
    switch verb {
    case .data: MakeData.self
    case .split: SplitData.self
    case .prepare: PrepareData.self
    case .augment: AugmentData.self
    case .net: StartNetwork.self
    case .layer: AddLayer.self
    case .connect: ConnectLayers.self
    case .gate: SetGate.self
    case .build: variant.flatMap { BuildCommands.byVariant[$0] }
    case .reset: ResetWeights.self
    case .delete: DeleteName.self
    case .summary: SummariseNetwork.self
    case .show: variant.flatMap { ShowCommands.byVariant[$0] }
    case .plot: variant.flatMap { PlotCommands.byVariant[$0] }
    case .probe: ProbeRates.self
    case .train: TrainNetwork.self
    case .crossvalidate: CrossValidate.self
    case .activate: ActivateNetwork.self
    case .propagate: PropagateTargets.self
    case .forget: ForgetSteps.self
    case .evaluate: EvaluateNetwork.self
    case .predict: Predict.self
    case .generate: GenerateText.self
    case .record: RecordValue.self
    case .print: PrintValues.self
    case .assert: Assert.self
    case .save: variant == "predictions" ? SavePredictions.self : SaveNetwork.self
    case .load: variant == "weights" ? LoadWeights.self : LoadNetwork.self
    case .param: DeclareParameter.self
    case .seed: SeedRandomNumbers.self
    case .option: SetOptions.self
    case .help: Help.self
    }
  }
}

/// What a command that runs can reach.
struct CommandContext {
  let execution: ExecutionContext
  /// Where the command stands.
  let span: SourceSpan

  var session: Session { execution.session }

  func emit(_ output: Output) { execution.emit(output) }

  func emit(_ notice: Diagnostic) { emit(.notice(session.located(notice))) }

  /// Runs engine code, whose errors get the place of the command.
  func locating<Result>(_ body: () throws -> Result) throws -> Result {
    try Sessions.locating(span, body)
  }
}

extension Compiler {
  func compile(_ command: Command) -> Node {
    do {
      guard let type = command.type else {
        throw Diagnostic(.internalError, "Nobody has written what this command does.")
      }
      return CommandNode(try type.init(from: ArgumentDecoder(command, compiler: self)), command.span)
    } catch {
      return MistakenCallNode(error.diagnostic(), command.span)
    }
  }
}

extension Compiler {
  /// `crossvalidate iris folds=5 { … }`
  func compile(_ command: Command, onFolds body: Node) -> Node {
    do { return try FoldsNode(command, body: body, self) } catch {
      return MistakenCallNode(error.diagnostic(), command.span)
    }
  }
}

/// A command.
final class CommandNode: Node {
  private let command: any SessionCommand

  init(_ command: any SessionCommand, _ span: SourceSpan) {
    self.command = command
    super.init(span)
  }

  override func evaluate(_ context: ExecutionContext) throws -> Value {
    // A command before may have taken long without looking, as the drawing of a large plot does.
    try context.checkInterruption()
    return try command.evaluate(CommandContext(execution: context, span: span))
  }

  override func run(_ context: ExecutionContext) throws {
    try context.checkInterruption()
    try command.run(CommandContext(execution: context, span: span))
  }
}
