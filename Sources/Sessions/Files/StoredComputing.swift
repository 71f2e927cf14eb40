import ModelFiles
import NeuralEngine

/// How networks are computed, as a session's file describes it.
struct StoredComputing: Codable {
  var precision: String
  var backend: String
  var threads: Int?
}

extension StoredComputing {
  init(_ computing: Computing) {
    precision = computing.precision.rawValue
    backend = computing.backend.rawValue
    threads = computing.threads
  }

  func computing() throws(EngineError) -> Computing {
    let reading = SessionFile.reading
    guard threads.map({ (1...4096).contains($0) }) ?? true else {
      throw SessionFile.damaged("threads=\(threads ?? 0) is more than any machine has, or none")
    }
    var computing = Computing(
      try reading.word(precision, as: Precision.self, "precision"),
      backend: try reading.word(backend, as: Backend.self, "backend"))
    computing.threads = threads
    return computing
  }
}
