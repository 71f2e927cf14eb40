public import Diagnostics
public import Language
public import NeuralEngine
public import Outputs

/// One conversation with the engine: its networks, data, variables, options and random stream.
///
/// Every front end works through ``evaluate(_:emit:)``. A session prints nothing and belongs to one thread;
/// only its ``interruption`` may be reached from others.
public final class Session {
  let namespace = Namespace()
  var random: RandomStream
  var options = SessionOptions()
  var parameters = SessionParameters()
  /// The environment's variables, which say where data sets are looked for.
  let environment: [String: String]
  /// What stops the cell that runs.
  public let interruption: InterruptionRequest
  /// The seed that the random stream started from.
  public private(set) var seed: UInt64
  /// Takes what a running cell measures: the figures of every epoch, and what `record` notes. It comes in
  /// batches, five times a second and at the cell's end, so that a training does not feel it.
  public var measured: ((MetricBatch) -> Void)? {
    didSet { seriesFeed = measured.map { SeriesFeed(sink: $0) } }
  }
  private var seriesFeed: SeriesFeed?
  /// How long a loop runs before it tells how far it has come.
  var loopPatience = Duration.seconds(2)
  /// How long files are read or fetched before that is told.
  var loadPatience = Duration.milliseconds(500)
  /// The source of the cell that runs, for what an evaluation notes.
  private(set) var source: SourceText?
  /// How many cells have been evaluated.
  public private(set) var cellCount = 0

  /// How a cell ended.
  public enum Outcome: Sendable, Equatable {
    /// Everything ran.
    case done
    /// It was wrong and nothing ran, or a statement failed and those before it stand.
    case failed(Diagnostic)
    /// Somebody stopped it; what was done before stands.
    case interrupted
    /// The source stops in the middle of something; nothing ran.
    case incomplete
  }

  /// Creates a session.
  ///
  /// - Parameters:
  ///   - seed: where the random stream starts, unless a `seed` command says otherwise.
  ///   - interruption: what stops a running cell.
  ///   - environment: where data sets are looked for, as variables of a process's environment.
  public init(
    seed: UInt64 = 0, interruption: InterruptionRequest = InterruptionRequest(),
    environment: [String: String] = [:]
  ) {
    self.environment = environment
    self.seed = seed
    self.interruption = interruption
    random = RandomStream(seed: seed)
  }

  /// The names that are known, for completion.
  public var knownNames: KnownNames { namespace.knownNames }

  /// Runs a cell.
  ///
  /// The whole cell is checked before any of it runs. A statement either takes effect or fails; one that
  /// fails ends the cell.
  ///
  /// - Parameters:
  ///   - cell: the source.
  ///   - declaresParameters: whether lines `name = literal` declare parameters, as in a cell tagged `parameters`.
  ///   - emit: takes the outputs as they come, errors among them.
  public func evaluate(
    _ cell: SourceText, declaresParameters: Bool = false, emit: @escaping (Output) -> Void
  ) -> Outcome {
    evaluate(check(cell, declaresParameters: declaresParameters), emit: emit)
  }

  /// A cell that has been held against the command table and the names of a session.
  public struct CheckedCell {
    let source: SourceText
    let program: Program<Command>
    /// What is wrong with it.
    public let diagnostics: [Diagnostic]
    /// Whether the source stops in the middle of something.
    public let isIncomplete: Bool
    /// Whether it can run.
    public var isRunnable: Bool { diagnostics.isEmpty && !isIncomplete }
  }

  /// Checks a cell without running it.
  public func check(_ cell: SourceText, declaresParameters: Bool = false) -> CheckedCell {
    let (result, isIncomplete) = Checker.check(
      cell, names: namespace.knownNames, declaresParameters: declaresParameters)
    return CheckedCell(
      source: cell, program: result.program, diagnostics: result.diagnostics, isIncomplete: isIncomplete)
  }

  /// Runs a cell that was checked, before anything else has run.
  public func evaluate(_ cell: CheckedCell, emit: @escaping (Output) -> Void) -> Outcome {
    if cell.isIncomplete { return .incomplete }
    cellCount += 1
    guard cell.diagnostics.isEmpty else {
      for diagnostic in cell.diagnostics { emit(.error(diagnostic)) }
      return .failed(cell.diagnostics[0])
    }
    source = cell.source
    defer {
      source = nil
      padOutputs()
      seriesFeed?.flush(namespace.filledSeries)
    }
    return run(cell.program, emit: emit)
  }

  /// The first statement of a cell as something to run.
  func compiled(_ cell: CheckedCell) -> Node? {
    source = cell.source
    defer { source = nil }
    return cell.program.statements.first.map { Compiler(session: self).compile($0, isDiscarded: true) }
  }

  private func run(_ program: Program<Command>, emit: @escaping (Output) -> Void) -> Outcome {
    let context = ExecutionContext(session: self, sink: emit)
    for statement in program.statements {
      do {
        let value = try Compiler(session: self).compile(statement, isDiscarded: false).evaluate(context)
        if statement.isEchoed, !value.isNothing {
          emit(.value(value.text(digits: options.digits)))
          keepOutput(value)
        }
      } catch let interruption as Interruption {
        if !interruption.isReported { emit(.text("interrupted")) }
        return .interrupted
      } catch {
        let diagnostic = located((error as? Diagnostic) ?? Diagnostic("internal-error", "\(error)")).blaming(
          statement.span)
        emit(.error(diagnostic))
        return .failed(diagnostic)
      }
    }
    return .done
  }

  /// Keeps a value that is shown as `_` and as `Out[n]`, n being the number of the cell.
  private func keepOutput(_ value: Value) {
    namespace.variable("_").assign(value)
    let list = namespace.variable("Out")
    var values: [Value] = []
    if case .list(let earlier)? = list.value { values = earlier }
    list.value = nil
    while values.count <= cellCount { values.append(.nothing) }
    // An old output need not remember what it was computed from.
    if case .tensor(let tensor) = value {
      values[cellCount] = .tensor(tensor.detached().kept())
    } else {
      values[cellCount] = value
    }
    list.value = .list(values)
  }

  /// Gives `Out` a place for a cell without a value, so that asking for it is told what it is.
  private func padOutputs() {
    let list = namespace.variable("Out")
    guard case .list(var values)? = list.value, values.count <= cellCount else { return }
    list.value = nil
    values.append(.nothing)
    list.value = .list(values)
  }

  /// Sees whether it is time to hand on what `record` noted; gives after how many values to ask again.
  func lookAtSeries() -> Int {
    // Who listens only later gets the series whole.
    seriesFeed?.look(at: namespace.filledSeries) ?? 1024
  }

  /// A diagnostic that knows the source of the cell that runs.
  func located(_ diagnostic: Diagnostic) -> Diagnostic {
    source.map { diagnostic.located(in: $0) } ?? diagnostic
  }

  func reseed(_ seed: UInt64) { restoreStream(seed: seed, random: RandomStream(seed: seed)) }

  func restoreStream(seed: UInt64, random: RandomStream) {
    self.seed = seed
    self.random = random
  }

  /// Goes on numbering cells behind those of an earlier session.
  func continueNumbering(after count: Int) { cellCount = max(cellCount, count) }
}

/// What `option` sets.
public struct SessionOptions: Sendable, Equatable {
  /// How exact networks are.
  public var precision: Precision {
    get { execution.precision }
    set { execution.precision = newValue }
  }
  /// How networks are computed.
  public var execution = ExecutionOptions()
  /// How many decimals numbers are shown with.
  public var digits = 4
}

extension Statement<Command> {
  /// Whether the value of this statement is shown when nobody takes it.
  fileprivate var isEchoed: Bool {
    switch kind {
    case .expression, .command: true
    default: false
    }
  }
}

extension Value {
  var isNothing: Bool { if case .nothing = self { true } else { false } }
}
