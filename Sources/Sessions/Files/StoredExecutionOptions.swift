import Foundations
import ModelFiles
import NeuralEngine

/// How networks are computed, as a session's file describes it.
struct StoredExecutionOptions: Codable {
  var precision: String
  var threads: Int?
}

extension StoredExecutionOptions {
  init(_ options: ExecutionOptions) {
    precision = options.precision.rawValue
    threads = options.threads
  }

  func options() throws(CodedError) -> ExecutionOptions {
    guard threads.map({ (1...4096).contains($0) }) ?? true else {
      throw SessionFile.damaged("threads=\(threads ?? 0) is more than any machine has, or none")
    }
    return ExecutionOptions(
      try SessionFile.reading.word(precision, as: Precision.self, "precision"), threads: threads)
  }
}
