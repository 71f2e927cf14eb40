public import Diagnostics
public import Language
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

  /// Why a notebook may not run.
  public struct Refusal: Error {
    /// What is wrong with it.
    public let diagnostics: [Diagnostic]

    /// Creates a refusal.
    public init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }
  }

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - parameters: what is set from outside, in order of growing weight.
  ///   - session: a session with nothing in it.
  /// - Throws: every mistake that is found before anything runs.
  public init(
    _ source: NotebookFile, parameters: [[GivenParameter]] = [], in session: Session,
    options: NotebookRun.Options = NotebookRun.Options()
  ) throws(Refusal) {
    self.source = source
    self.session = session
    self.options = options
    let check = NotebookCheck(
      source.notebook, name: source.name, file: source.textFile, names: session.knownNames)
    guard check.mistakes.isEmpty else { throw Refusal(check.mistakes.map(\.diagnostic)) }
    let values = ParameterValues(parameters, declared: check.parameters, notebook: source.name)
    guard values.diagnostics.isEmpty else { throw Refusal(values.diagnostics) }
    session.setParameters(values.values)
    session.files.notebookFolder = source.folder
  }

  /// Runs the notebook from top to bottom.
  ///
  /// - Parameters:
  ///   - location: where the run is kept; nil to keep it nowhere. That it could not be kept changes nothing.
  ///   - ended: told whenever a cell is over.
  ///   - emit: takes each output as it comes.
  /// - Returns: the run, and why it is not kept, if it should be and is not.
  public func run(
    keptAt location: (@Sendable () throws -> StoreLocation)?,
    ended: @escaping (NotebookRun.CellResult) -> Void = { _ in },
    emit: @escaping (Output) -> Void
  ) -> (run: NotebookRun, warning: Diagnostic?) {
    let recording = location.map { RunRecording(of: source, in: session, location: $0) }
    let run = NotebookRun.run(
      source.notebook, name: source.name, file: source.textFile, in: session, options: options,
      began: { recording?.began($0) },
      ended: { result in
        ended(result)
        recording?.ended(result)
      }
    ) { output in
      emit(output)
      recording?.showed(output)
    }
    return (run, recording?.finish(run))
  }

  /// The report of a run of this notebook.
  public func report(of run: NotebookRun) -> Report { Report(run, of: source, session: session) }
}
