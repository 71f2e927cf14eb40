public import Diagnostics
import Foundations
public import JSON

extension JSONValue {
  /// Reads a file of JSON.
  ///
  /// - Parameters:
  ///   - bytes: the file as it is.
  ///   - name: what messages call it.
  public static func read(_ bytes: some Collection<UInt8>, name: String) -> Result<JSONValue, Diagnostic> {
    switch FileText.decode(bytes, name: name) {
    case .failure(let error): return .failure(error)
    case .success(let file):
      do throws(JSONError) {
        return .success(try JSONReader.document(file.bytes))
      } catch {
        let diagnostic = Diagnostic(
          .badJSON, "This is not valid JSON: what is expected here is \(error.message).",
          at: SourceSpan(error.offset, error.offset))
        return .failure(diagnostic.located(in: file.source))
      }
    }
  }
}
