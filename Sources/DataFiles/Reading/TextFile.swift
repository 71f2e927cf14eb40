public import ByteStreams
public import Foundations
import NeuralEngine

/// Texts in files.
public enum TextFile {
  /// Reads a text in UTF-8; a mark of the byte order in front is left out.
  ///
  /// - Throws: `no-such-file` and the like, `empty-file`, `not-utf-8`, or `too-large`.
  public static func read(_ path: String, watch: FileWatch? = nil) throws(CodedError) -> String {
    let file = try ByteFile(path: path, watch: watch)
    guard file.size > 0 else {
      throw CodedError(.emptyFile, "`\(path)` is empty. There is nothing to train on.")
    }
    // The text, its tokens and their numbers.
    try MemoryLimit.check([file.size], bytesEach: 64, for: "The text of `\(path)`")
    var bytes = try file.bytes(at: 0, count: file.size)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw CodedError(
        .notUTF8,
        "`\(path)` is not text in UTF-8. Convert it, as in: iconv -f latin1 -t utf8 old.txt > new.txt")
    }
    return text
  }
}
