public import Diagnostics
import Foundation
import Foundations
public import Language
import Localization
import NeuralEngine
import Notebooks
public import Sessions
import Synchronization

/// Runs a notebook once for each fold of its data, several at once, each in a session of its own that does not have the
/// fold's rows; the network that the notebook leaves is measured on those.
public final class FoldRun: Sendable {
  private let source: NotebookFile
  private let data: String
  private let scheme: FoldScheme
  private let parameters: [[GivenParameter]]
  private let seed: UInt64
  private let interruption: InterruptionRequest
  private let environment: [String: String]
  private let state = Mutex(State())

  private struct State {
    /// The next fold that nobody has taken.
    var next = 0
    var outcomes: [FoldOutcome] = []
    var failures: [Int: Diagnostic] = [:]
  }

  /// Prepares a cross-validation.
  ///
  /// - Parameters:
  ///   - data: the name under which the notebook makes the data.
  ///   - parameters: what is set from outside, in order of growing weight.
  ///   - seed: the seed of every session.
  public init(
    _ source: NotebookFile, data: String, _ scheme: FoldScheme, parameters: [[GivenParameter]] = [],
    seed: UInt64 = 0, interruption: InterruptionRequest, environment: [String: String] = [:]
  ) {
    self.source = source
    self.data = data
    self.scheme = scheme
    self.parameters = parameters
    self.seed = seed
    self.interruption = interruption
    self.environment = environment
  }

  /// Runs all folds, or those that were done when somebody pressed Ctrl-C.
  ///
  /// - Parameters:
  ///   - jobs: how many at once.
  ///   - threads: how many threads each of them may take.
  ///   - ended: told whenever a fold is over, on one of several threads but never on two at once.
  /// - Returns: what they came to, whichever ended first, and why the first of them failed that did.
  public func run(
    jobs: Int, threads: Int, ended: @escaping @Sendable () -> Void = {}
  ) -> (result: FoldResult, failure: Diagnostic?) {
    JobThreads.run(min(jobs, scheme.count)) { [self] in
      while let place = take() {
        let ending = run(place, threads: threads)
        // One that was broken off says nothing.
        if interruption.isRequested { return }
        state.withLock { state in
          switch ending {
          case .success(let outcome): state.outcomes.append(outcome)
          case .failure(let diagnostic): state.failures[place + 1] = diagnostic
          }
          ended()
        }
      }
    }
    let found = state.withLock { $0 }
    let result = source.notebook.header.language.speaking {
      FoldResult(
        of: data, found.outcomes, failures: found.failures.mapValues(\.message), count: scheme.count)
    }
    return (result, found.failures.min { $0.key < $1.key }?.value)
  }

  private func take() -> Int? {
    state.withLock { state in
      guard !interruption.isRequested, state.next < scheme.count else { return nil }
      defer { state.next += 1 }
      return state.next
    }
  }

  private func run(_ place: Int, threads: Int) -> Result<FoldOutcome, Diagnostic> {
    let session = Session(seed: seed, interruption: interruption, environment: environment)
    session.limitThreads(to: threads)
    session.heldOut = HeldOutFold(of: data, scheme, place: place)
    do {
      let headless = try HeadlessRun(source, parameters: parameters, in: session)
      switch headless.run(keptAt: nil, emit: { _ in }).run.outcome {
      case .failed(let diagnostic), .timedOut(let diagnostic): return .failure(diagnostic)
      case .interrupted: return .failure(Diagnostic(.interrupted, "interrupted"))
      case .done: return .success(try session.measureHeldOutFold())
      }
    } catch let refusal as HeadlessRun.Refusal {
      return .failure(
        refusal.diagnostics.first ?? Diagnostic(.internalError, "The notebook cannot run."))
    } catch {
      return .failure((error as? Diagnostic) ?? Diagnostic(.internalError, "\(error)"))
    }
  }
}
