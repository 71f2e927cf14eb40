internal import Foundation
internal import Foundations

extension Error {
  /// What went wrong, in a sentence for a reader; a system's error is said in the system's words.
  public var reason: String {
    if let diagnostic = self as? Diagnostic { return diagnostic.message }
    if let error = self as? CodedError { return error.message }
    return localizedDescription
  }
}
