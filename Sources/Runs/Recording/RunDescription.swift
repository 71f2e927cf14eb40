public import Notebooks

/// What is known of a run when it begins.
public struct RunDescription: Sendable {
  /// Where the cells come from.
  public enum Origin: String, Sendable, CaseIterable {
    /// A notebook or a script in a file.
    case file
    /// Standard input.
    case input
    /// The prompt.
    case prompt
    /// A kernel of Jupyter.
    case jupyter
  }

  /// What the run is called: the notebook's title, or the file's name.
  public var title: String
  /// The file, from the root; nil where there is none.
  public var path: String?
  /// Where the cells come from.
  public var origin: Origin
  /// What was set from outside, in the order to show it.
  public var parameters: [RunFact]
  /// Where the random numbers started.
  public var seed: UInt64
  /// The version of nbs.
  public var version: String
  /// The notebook, so that a run that stops early still knows the cells it did not reach; nil for a prompt,
  /// whose cells come one by one.
  public var notebook: Notebook?
  /// What it takes to take the run up again; nil where it cannot be.
  public var resumption: RunResumption?
  /// The sweep that it is a trial of, or for a sweep in a cell the run of that cell; nil for a run of its own.
  public var parent: Int64?
  /// What a sweep tries, or which trial this is, as JSON that its reader knows; nil for other runs.
  public var sweep: String?
  /// Whether the notebook's cells are the run's cells, which have outputs. Those of a sweep's notebook run in its trials.
  public var hasCells = true

  /// Creates a description.
  public init(
    title: String, path: String? = nil, origin: Origin, parameters: [RunFact] = [],
    seed: UInt64, version: String, notebook: Notebook? = nil
  ) {
    self.title = title
    self.path = path
    self.origin = origin
    self.parameters = parameters
    self.seed = seed
    self.version = version
    self.notebook = notebook
  }
}

/// How a run or a cell ended.
public enum RunEnding: String, Sendable, CaseIterable {
  /// Everything ran.
  case done
  /// A cell failed.
  case failed
  /// Somebody stopped it.
  case interrupted
  /// It took longer than it was given.
  case timedOut = "timed out"
}
