import Diagnostics
import Foundation
import Foundations
import NeuralEngine

extension Session {
  /// Writes a file. Of processes that share a run the first writes it where the user wants it, and the others into folders of
  /// their own: where one of them cannot, all of them fail for its reason, and end the cell alike.
  ///
  /// - Parameter span: the command that is wrong where another process could not write.
  func writingTogether<Written>(at span: SourceSpan, _ write: () throws -> Written) throws -> Written {
    guard let group = state.options.execution.processes.group else { return try write() }
    let result = Result { try write() }
    var told: [UInt8] = []
    if case .failure(let error) = result {
      // The first process alone is interrupted, and leaves the others.
      if error.isInterruption { throw error }
      told = [UInt8](try JSONEncoder().encode(error.diagnostic()))
    }
    let all: [[UInt8]] = group.gather(told)
    guard let rank = all.firstIndex(where: { !$0.isEmpty }), rank != group.rank else {
      return try result.get()
    }
    var failure = try JSONDecoder().decode(Diagnostic.self, from: Data(all[rank]))
    if rank > 0 { failure.message = "\(group.name(of: rank)): \(failure.message)" }
    // The same at a place in this process's source.
    (failure.span, failure.source) = (span, nil)
    throw failure
  }
}
