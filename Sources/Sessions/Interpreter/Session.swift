public import Diagnostics
import Foundations
public import Language
import Localization
import NeuralEngine
public import Outputs

/// One conversation with the engine: its networks, data, variables, options and random stream.
///
/// Every front end works through ``evaluate(_:emit:)``. A session prints nothing and belongs to one thread;
/// only its ``interruption`` may be reached from others.
///
/// ```swift
/// let session = Session(seed: 1)
/// var shown: [Output] = []
/// let outcome = session.evaluate(SourceText("a = 2; a ^ 10", name: "cell 1")) { shown.append($0) }
/// let text = shown.map { $0.text(.report) }  // 1024
/// ```
public final class Session {
  var state: SessionState
  /// The stream of random numbers. Whoever draws from it while something else runs holds this and not the state.
  var random: RandomStream {
    get { state.random }
    set { state.random = newValue }
  }
  /// The environment's variables, which say where data sets are looked for.
  let environment: [String: String]
  /// The folders in which the files are found that cells name.
  public var files = FilePlaces()
  /// What remembers the trainings, if somebody wants a script of them.
  public var scripts: ScriptRecorder?
  /// Where the run's trainings are kept while it goes on; nil where they are not.
  public var checkpoints: RunCheckpoints?
  /// What keeps the sweeps of cells; nil where they are not kept.
  public var sweeps: (any SweepKeeping)?
  /// The fold of the data that is kept from the cells; nil where they have all of it.
  public var heldOut: HeldOutFold?
  /// What stops the cell that runs.
  public let interruption: InterruptionRequest
  /// The seed that the random stream started from.
  public var seed: UInt64 { state.seed }
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
  /// Whether all processes that share the run have stopped the cell at the same place.
  var isStoppedTogether = false
  /// Whether this process has stopped its last cell alone, so that the others are no longer where it is.
  public private(set) var hasLeftOthers = false
  /// What the cell that runs has been told already of its trainings, so that a loop of them is told once.
  var toldNotices: Set<String> = []
  /// What the cell that runs has said of networks.
  var networkEdits = NetworkEdits()

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
    self.interruption = interruption
    state = SessionState(seed: seed)
  }

  /// Sets parameters before they are declared; `param` then takes these values in place of its own.
  public func setParameters(_ values: [String: Literal]) { state.parameters.given = values }

  /// Takes the parameters of a cell that a program put into a notebook, as papermill does, for values that are given from
  /// outside: those that were declared before are held against what they take, and those that are declared later take
  /// these values.
  ///
  /// - Parameter cell: a cell that was checked as one that declares parameters; it still has to be evaluated.
  /// - Returns: what is wrong with a value; nil where all can be taken.
  public func giveParameters(of cell: CheckedCell) -> Diagnostic? {
    let parameters = cell.program.parameters
    for parameter in parameters {
      if let mistake = state.parameters.kinds[parameter.name.name]?.mistake(in: parameter.defaultValue) {
        return mistake.blaming(parameter.name.span).located(in: cell.source)
      }
    }
    for parameter in parameters { state.parameters.given[parameter.name.name] = parameter.defaultValue }
    return nil
  }

  /// The parameters that have been declared and their values, in order.
  public var parameterValues: [(name: String, value: Literal)] { state.parameters.declared }

  /// The names that are known, for completion.
  public var knownNames: KnownNames { state.knownNames }

  /// Runs a cell.
  ///
  /// The whole cell is checked before any of it runs. A statement either takes effect or fails; one that
  /// fails ends the cell.
  ///
  /// - Parameters:
  ///   - cell: the source.
  ///   - declaresParameters: whether lines `name = literal` declare parameters, as in a cell tagged `parameters`.
  ///   - emit: takes the outputs as they come, errors among them.
  public func evaluate(_ cell: SourceText, declaresParameters: Bool = false, emit: @escaping (Output) -> Void)
    -> Outcome
  { evaluate(check(cell, declaresParameters: declaresParameters), emit: emit) }

  /// A cell that has been held against the command table and the names of a session.
  public struct CheckedCell {
    let source: SourceText
    let program: Program<Command>
    /// What it reads and changes.
    let effects: CellEffects
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
      cell, names: state.knownNames, declaresParameters: declaresParameters)
    return CheckedCell(
      source: cell, program: result.program, effects: result.effects,
      diagnostics: result.diagnostics.map { namingFile($0, in: cell) }, isIncomplete: isIncomplete)
  }

  /// Runs a cell that was checked, before anything else has run.
  ///
  /// - Parameter isCounted: whether it takes a number and its values are kept as `_` and `Out[n]`; a front end asks for
  ///   things of its own without.
  public func evaluate(_ cell: CheckedCell, isCounted: Bool = true, emit: @escaping (Output) -> Void)
    -> Outcome
  {
    if cell.isIncomplete { return .incomplete }
    if isCounted { cellCount += 1 }
    guard cell.diagnostics.isEmpty else {
      for diagnostic in cell.diagnostics { emit(.error(diagnostic)) }
      return .failed(cell.diagnostics[0])
    }
    source = cell.source
    toldNotices = []
    networkEdits = NetworkEdits()
    isStoppedTogether = false
    defer {
      source = nil
      if isCounted { padOutputs() }
      seriesFeed?.flush(state)
    }
    let outcome = run(cell.program, keepsValues: isCounted, emit: emit)
    hasLeftOthers =
      outcome == .interrupted && !isStoppedTogether && state.options.execution.processes.group != nil
    return outcome
  }

  /// The first statement of a cell as something to run.
  func compiled(_ cell: CheckedCell) -> Node? {
    source = cell.source
    defer { source = nil }
    return cell.program.statements.first.map { Compiler(session: self).compile($0) }
  }

  private func run(_ program: Program<Command>, keepsValues: Bool, emit: @escaping (Output) -> Void)
    -> Outcome
  {
    Cancellation.asking({ [interruption] in interruption.isRequested }) {
      runStatements(of: program, keepsValues: keepsValues, emit: emit)
    }
  }

  private func runStatements(
    of program: Program<Command>, keepsValues: Bool, emit: @escaping (Output) -> Void
  ) -> Outcome {
    let context = ExecutionContext(session: self, sink: emit)
    for statement in program.statements {
      do {
        let value = try Compiler(session: self).compile(statement).evaluate(context)
        if statement.isEchoed, !value.isNothing {
          emit(.value(value.text(digits: state.options.digits)))
          if keepsValues { keepOutput(value) }
        }
      } catch let error where error.isInterruption {
        if (error as? Interruption)?.isReported != true { emit(.text(localized("interrupted"))) }
        return .interrupted
      } catch {
        let diagnostic = located(error.diagnostic()).blaming(
          statement.span)
        emit(.error(diagnostic))
        return .failed(diagnostic)
      }
    }
    return .done
  }

  /// Keeps a value that is shown as `_` and as `Out[n]`, n being the number of the cell.
  private func keepOutput(_ value: Value) {
    state.assign(value, to: "_")
    let list = state.variable("Out")
    var values: [Value] = []
    if case .list(let earlier)? = state[list] { values = earlier }
    state[list] = nil
    while values.count <= cellCount { values.append(.nothing) }
    // An old output need not remember what it was computed from.
    if case .tensor(let tensor) = value {
      values[cellCount] = .tensor(tensor.detached().kept())
    } else {
      values[cellCount] = value
    }
    state[list] = .list(values)
  }

  /// Gives `Out` a place for a cell without a value, so that asking for it is told what it is.
  private func padOutputs() {
    let list = state.variable("Out")
    guard case .list(var values)? = state[list], values.count <= cellCount else { return }
    state[list] = nil
    values.append(.nothing)
    state[list] = .list(values)
  }

  /// Notes a value in a series.
  @inline(__always) func record(_ value: Double, in series: Series) {
    state[series].append(value)
    seriesFeed?.noted(state)
  }

  /// Forgets the values of a series; those to come are a new one.
  func clear(_ series: Series) {
    state[series] = []
    seriesFeed?.follow(state)
  }

  // MARK: - Going back

  /// The session as it is now.
  public func snapshot() -> SessionSnapshot { SessionSnapshot(state) }

  /// Makes the session what it was.
  public func restore(_ snapshot: SessionSnapshot) {
    state = snapshot.restored()
    seriesFeed?.follow(state)
  }

  /// Hands what work measures to another sink, or to none, and what follows to the same as before.
  func measuring<Result>(
    into sink: ((MetricBatch) -> Void)?, _ work: () throws -> Result
  ) rethrows -> Result {
    let (measured, feed) = (self.measured, seriesFeed)
    self.measured = sink
    seriesFeed?.passOver(state)
    defer {
      seriesFeed?.flush(state)
      self.measured = measured
      seriesFeed = feed
    }
    return try work()
  }

  /// A diagnostic that knows the source of the cell that runs.
  func located(_ diagnostic: Diagnostic) -> Diagnostic {
    source.map { diagnostic.located(in: $0) } ?? diagnostic
  }

  /// Goes on numbering cells behind those of an earlier session.
  public func continueNumbering(after count: Int) { cellCount = max(cellCount, count) }
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

extension Value { var isNothing: Bool { if case .nothing = self { true } else { false } } }
