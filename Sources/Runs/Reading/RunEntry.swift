public import Foundation

/// What a list says of a run.
public struct RunEntry: Sendable {
  /// How a run stands.
  public enum Status: Sendable, Equatable {
    /// It is over.
    case ended(RunEnding)
    /// Its process is at it.
    case running
    /// Its process is gone, and did not say how it ended: it was killed, or the machine went down.
    case broken

    /// The status in a word or two.
    public var words: String {
      switch self {
      case .ended(let ending): ending.rawValue
      case .running: "running"
      case .broken: "never ended"
      }
    }
  }

  /// A metric and its last value; NaN where that was no number.
  public struct Metric: Sendable {
    /// The name, `loss`.
    public var name: String
    /// The value.
    public var value: Double
  }

  /// The number under which it is kept; it is never given to another run.
  public var id: Int64
  /// The notebook's title, or the file's name.
  public var title: String
  /// The file; nil where there was none.
  public var path: String?
  /// Where its cells came from.
  public var origin: RunDescription.Origin
  /// When it began, by the clock on the wall.
  public var started: Date
  /// How long it lasted, or has lasted as far as is known, in seconds.
  public var seconds: Double
  /// How it stands.
  public var status: Status
  /// Where the random numbers started.
  public var seed: String
  /// The sweep that it is a trial of, or for a sweep in a cell the run of that cell; nil for a run of its own.
  public var parent: Int64?
  /// How many trials a sweep has so far; nil for other runs.
  public var trials: Int?
  /// What it was given from outside.
  public var parameters: [RunFact]
  /// The last value of every metric, by name.
  public var metrics: [Metric]

  /// The file's name, or what stands for it.
  public var notebook: String {
    switch origin {
    case .file: path.map { URL(fileURLWithPath: $0).lastPathComponent } ?? title
    case .input: "standard input"
    case .prompt: "prompt"
    case .jupyter: title
    }
  }
}
