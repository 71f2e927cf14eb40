import Diagnostics
import Foundation
import Foundations
import Language
import NetworkSchema
import NeuralEngine
import Notebooks
import Outputs
public import Runs
public import Sessions

extension RunDescription {
  /// A run of a notebook in a file.
  init(of source: NotebookFile, seed: UInt64) {
    self.init(
      title: source.notebook.header.title ?? source.name,
      path: source.path == "-" ? nil : URL(fileURLWithPath: source.path).standardizedFileURL.path,
      origin: source.path == "-" ? .input : .file, seed: seed, version: Release.version,
      notebook: source.notebook)
  }

  /// A sweep over a notebook's parameters.
  public init(of source: NotebookFile, _ sweep: SweepDescription) {
    self = RunDescription(of: source, seed: sweep.seeds.first ?? 0).sweeping(sweep)
  }

  /// A sweep in such a run.
  func sweeping(_ sweep: SweepDescription) -> RunDescription {
    var made = self
    made.seed = sweep.seeds.first ?? seed
    made.parameters = sweep.space.parameters.map { parameter in
      switch parameter.values {
      case .list(let values): RunFact(parameter.name, values.map(\.unquoted).joined(separator: ","))
      case .range(let low, let high, _): RunFact(parameter.name, "\(low.brief)..\(high.brief)")
      }
    }
    made.sweep = sweep.text
    made.hasCells = false
    return made
  }
}

extension SweepRecorder.Trial {
  /// What the store keeps of a trial.
  ///
  /// - Parameter run: what is known of the run that it is.
  init(_ trial: SweepTrial, _ course: TrialCourse, of sweep: SweepDescription, in run: RunDescription) {
    var description = run
    description.seed = trial.seed
    description.parameters = sweep.values(round: trial.round, trial.combination).map {
      RunFact($0.name, $0.value.unquoted)
    }
    description.sweep = (try? trial.line).map { String(decoding: $0, as: UTF8.self) }
    description.notebook = nil
    self.init(description, metrics: trial.metrics, ending: trial.value == nil ? .failed : .done)
    (started, seconds, batches) = (course.started, course.seconds, course.batches)
    if case .failed(let why) = trial.ending { facts = [RunFact("failed", why)] }
    if let value = trial.value { metrics[sweep.metric] = value }
  }
}

extension SweepRecorder {
  /// The sweep has come to this.
  public func finish(_ ending: RunEnding, _ result: SweepResult) {
    var metrics: [String: Double] = [:]
    var facts = [RunFact("trials", "\(result.trials.count) of \(max(result.count, result.trials.count))")]
    if let best = result.best, let mean = best.mean {
      metrics[result.metric] = mean
      facts.append(RunFact("best", result.words(best)))
    }
    finish(ending, metrics: metrics, facts: facts)
  }
}
