public import Diagnostics
import Foundation
public import Language
public import Localization
public import Notebooks
public import Outputs
public import Rendering
public import Runs
public import Sessions

/// A notebook that may run: read, checked, its parameters set, in a fresh session.
///
/// ```swift
/// guard let file = NotebookFile.load(path).file else { return }
/// let given = GivenParameter(name: "n", value: .spelled("9"), origin: "-p n=9")
/// let headless = try HeadlessRun(file, parameters: [[given]], in: Session())
/// let (run, _) = headless.run(keptAt: nil) { print($0.text(.report)) }  // 10
/// let report = headless.report(of: run).markdown()
/// ```
public struct HeadlessRun {
  /// The notebook.
  public let source: NotebookFile
  /// The session that it runs in.
  public let session: Session
  private let options: NotebookRun.Options
  /// What was set from outside, as it is spelled.
  private let given: [RunFact]
  /// The run that is taken up again; nil for a new one.
  private let resuming: RunResumption?

  /// Why a notebook may not run.
  public struct Refusal: Error {
    /// What is wrong with it.
    public let diagnostics: [Diagnostic]
    /// The language in which it is to be told.
    public let language: UserLanguage

    /// Creates a refusal.
    public init(_ diagnostics: [Diagnostic], in language: UserLanguage = .current) {
      self.diagnostics = diagnostics
      self.language = language
    }
  }

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - parameters: what is set from outside, in order of growing weight.
  ///   - session: a session with nothing in it.
  ///   - resuming: the run that is taken up again; nil for a new one.
  /// - Throws: every mistake that is found before anything runs.
  public init(
    _ source: NotebookFile, parameters: [[GivenParameter]] = [], in session: Session,
    options: NotebookRun.Options = NotebookRun.Options(), resuming: RunResumption? = nil
  ) throws(Refusal) {
    self.source = source
    self.session = session
    self.options = options
    self.resuming = resuming
    let language = source.notebook.header.language
    let check = language.speaking {
      NotebookCheck(source.notebook, name: source.name, file: source.textFile, names: session.knownNames)
    }
    guard check.mistakes.isEmpty else { throw Refusal(check.mistakes.map(\.diagnostic), in: language) }
    let values = ParameterValues(parameters, declared: check.parameters, notebook: source.name)
    guard values.diagnostics.isEmpty else { throw Refusal(values.diagnostics) }
    session.setParameters(values.values)
    given = values.values.sorted { $0.key < $1.key }.map { RunFact($0.key, $0.value.spelling) }
    session.files.notebookFolder = source.folder
  }

  /// Runs the notebook from top to bottom.
  ///
  /// - Parameters:
  ///   - location: where the run is kept; nil to keep it nowhere. That it could not be kept changes nothing.
  ///   - began: told of each cell before it runs.
  ///   - ended: told whenever a cell is over.
  ///   - emit: takes each output as it comes.
  /// - Returns: the run, and why it is not kept, if it should be and is not.
  public func run(
    keptAt location: (@Sendable () throws -> StoreLocation)?, began: @escaping (Cell) -> Void = { _ in },
    ended: @escaping (NotebookRun.CellResult) -> Void = { _ in },
    emit: @escaping (Output) -> Void
  ) -> (run: NotebookRun, warning: Diagnostic?) {
    source.notebook.header.language.speaking { runAloud(location, began, ended, emit) }
  }

  /// Runs the notebook, and speaks the language that is spoken now.
  private func runAloud(
    _ location: (@Sendable () throws -> StoreLocation)?, _ began: @escaping (Cell) -> Void,
    _ ended: @escaping (NotebookRun.CellResult) -> Void,
    _ emit: @escaping (Output) -> Void
  ) -> (run: NotebookRun, warning: Diagnostic?) {
    let resumption = RunResumption(
      folder: resuming?.folder ?? RunResumption.newFolder(), seed: session.seed, parameters: given,
      keepsGoing: options.keepsGoing)
    if let place = try? location?(), source.path != "-" {
      session.checkpoints = RunCheckpoints(
        folder: place.checkpoints(resumption.folder), isResuming: resuming != nil,
        environment: ProcessInfo.processInfo.environment)
    }
    let recording = location.map {
      RunRecording(of: source, in: session, resumption: resumption, location: $0)
    }
    let run = NotebookRun.run(
      source.notebook, name: source.name, file: source.textFile, in: session, options: options,
      began: { cell in
        began(cell)
        recording?.began(cell)
      },
      ended: { result in
        ended(result)
        recording?.ended(result)
      }
    ) { output in
      emit(output)
      recording?.showed(output)
    }
    let warning = recording?.finish(run)
    if run.outcome == .done, location != nil { session.checkpoints?.delete() }
    return (run, warning)
  }

  /// The report of a run of this notebook.
  public func report(of run: NotebookRun) -> Report {
    source.notebook.header.language.speaking { Report(run, of: source, session: session) }
  }
}

extension RunResumption {
  /// The parameters that were set from outside, as they were given.
  public var given: [[GivenParameter]] {
    [
      parameters.map { fact in
        GivenParameter(
          name: fact.name, value: Literal(fact.value).map { .literal($0) } ?? .spelled(fact.value),
          origin: "\(fact.name)=\(fact.value)")
      }
    ]
  }
}
