import Diagnostics
import Foundations
import Sessions

/// What came of a fold, as one of several processes tells the first of it.
struct FoldMessage: Codable {
  private struct Failure: Codable {
    struct Source: Codable {
      var text: String
      var name: String
      var file: String?
      var firstLine: Int
    }

    var code: String
    var message: String
    var start: Int?
    var end: Int?
    var source: Source?
    var notes: [String]
    var suggestion: String?
  }

  /// The fold's place, from 0.
  private(set) var place: Int
  private var outcome: FoldOutcome?
  private var failure: Failure?
}

extension FoldMessage {
  init(_ place: Int, _ ending: Result<FoldOutcome, Diagnostic>) {
    self.place = place
    switch ending {
    case .success(let outcome): self.outcome = outcome
    case .failure(let diagnostic):
      failure = Failure(
        code: diagnostic.code.rawValue, message: diagnostic.message, start: diagnostic.span?.start,
        end: diagnostic.span?.end,
        source: diagnostic.source.map {
          Failure.Source(text: $0.text, name: $0.name, file: $0.file, firstLine: $0.firstLine)
        }, notes: diagnostic.notes, suggestion: diagnostic.suggestion)
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
    guard let failure else { return .failure(Diagnostic(.internalError, "A fold came to nothing.")) }
    var span: SourceSpan?
    if let start = failure.start, let end = failure.end { span = SourceSpan(start, end) }
    let diagnostic = Diagnostic(
      ErrorCode(rawValue: failure.code) ?? .internalError, failure.message, at: span, notes: failure.notes,
      suggestion: failure.suggestion)
    return .failure(
      failure.source.map {
        diagnostic.located(
          in: SourceText($0.text, name: $0.name, file: $0.file, firstLine: $0.firstLine))
      } ?? diagnostic)
  }
}
