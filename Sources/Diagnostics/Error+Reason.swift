internal import Foundation
public import Foundations

extension Error {
  /// What went wrong, in a sentence for a reader; a system's error is said in the system's words.
  public var reason: String {
    if let diagnostic = self as? Diagnostic { return diagnostic.message }
    if let error = self as? CodedError { return error.message }
    return localizedDescription
  }

  /// The error as a diagnostic; one of a kind that nobody expects is a fault of the program, unless another code is said.
  public func diagnostic(_ code: ErrorCode = .internalError) -> Diagnostic {
    if let diagnostic = self as? Diagnostic { return diagnostic }
    return (self as? CodedError).map { Diagnostic($0) } ?? Diagnostic(code, reason)
  }
}
