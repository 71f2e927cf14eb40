import Foundation
public import Runs
import Sessions

extension RunEnding {
  /// How a cell at the prompt ended, as the store has it.
  init(_ outcome: Session.Outcome) {
    switch outcome {
    case .done: self = .done
    case .failed, .incomplete: self = .failed
    case .interrupted: self = .interrupted
    }
  }
}

extension RunRecorder {
  /// Where this process keeps runs.
  @Sendable public static func usualLocation() throws -> StoreLocation {
    try StoreLocation(environment: ProcessInfo.processInfo.environment)
  }
}
