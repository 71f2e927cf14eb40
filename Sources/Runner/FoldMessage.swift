import Diagnostics
import Foundations
import Sessions

/// What came of a fold, as one of several processes tells the first of it.
struct FoldMessage: Codable {
  /// The fold's place, from 0.
  private(set) var place: Int
  private var outcome: FoldOutcome?
  private var failure: Diagnostic?
}

extension FoldMessage {
  init(_ place: Int, _ ending: Result<FoldOutcome, Diagnostic>) {
    self.place = place
    switch ending {
    case .success(let outcome): self.outcome = outcome
    case .failure(let diagnostic): failure = diagnostic
    }
  }

  /// A message as it is sent; of an outcome that cannot be told, that it cannot.
  static func bytes(_ place: Int, _ ending: Result<FoldOutcome, Diagnostic>) -> [UInt8]? {
    if let bytes = try? JSONMessage.bytes(FoldMessage(place, ending)) { return bytes }
    let failure = Diagnostic(.internalError, "What the fold came to cannot be told to another process.")
    return try? JSONMessage.bytes(FoldMessage(place, .failure(failure)))
  }

  /// The outcome, or why there is none.
  var ending: Result<FoldOutcome, Diagnostic> {
    if let outcome { return .success(outcome) }
    return .failure(failure ?? Diagnostic(.internalError, "A fold came to nothing."))
  }
}
