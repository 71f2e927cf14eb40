import Diagnostics
import Foundations

/// The text of a file: UTF-8 without a byte order mark, its lines ending in `\n`.
struct FileText {
  let bytes: [UInt8]
  let source: SourceText

  static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// Decodes a file.
  ///
  /// A byte order mark and carriage returns are what a Windows editor puts there by itself; they are dropped
  /// without a word, as every compiler does.
  static func decode(_ file: some Collection<UInt8>, name: String) -> Result<FileText, Diagnostic> {
    guard file.count <= NotebookFormat.maximumBytes else {
      return .failure(tooLarge.located(in: SourceText("", name: name)))
    }
    let bytes = Array(file)
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      return .failure(utf16.located(in: SourceText("", name: name)))
    }
    var unmarked = bytes[...]
    while unmarked.starts(with: byteOrderMark) { unmarked = unmarked.dropFirst(byteOrderMark.count) }
    let clean = SourceLines.withoutCarriageReturns(Array(unmarked))
    if let zero = clean.firstIndex(of: 0) {
      return .failure(legible(clean, upTo: zero, name: name, nulByte))
    }
    guard let text = String(validating: clean, as: UTF8.self) else {
      return .failure(legible(clean, upTo: firstInvalid(clean), name: name, notUTF8))
    }
    return .success(FileText(bytes: clean, source: SourceText(text, name: name)))
  }

  /// The offset of the first byte that is no part of a character.
  private static func firstInvalid(_ bytes: [UInt8]) -> Int {
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var offset = 0
    while case .scalarValue(let scalar) = decoder.decode(&iterator) { offset += UTF8.width(scalar) }
    return offset
  }

  /// A message about the byte at `offset`, which no text can show: U+FFFD stands in its place.
  private static func legible(
    _ bytes: [UInt8], upTo offset: Int, name: String, _ message: (Int) -> Diagnostic
  ) -> Diagnostic {
    let before = bytes[..<offset].map { $0 == 0 ? UInt8(ascii: " ") : $0 }
    let rest = bytes[offset...].dropFirst().prefix { $0 != UInt8(ascii: "\n") && $0 != 0 && $0 < 0x80 }
    let start = String(decoding: before, as: UTF8.self)
    let text = start + "\u{FFFD}" + String(decoding: rest, as: UTF8.self)
    let line = before.count { $0 == UInt8(ascii: "\n") } + 1
    let span = SourceSpan(start.utf8.count, start.utf8.count + 3)
    return message(line).blaming(span).located(in: SourceText(text, name: name))
  }
}

extension FileText {
  private static let tooLarge = Diagnostic(
    .tooLarge,
    "This file is larger than the \(NotebookFormat.maximumBytes / 1_000_000) MB that a notebook may have. Put data "
      + "into a separate file: `data people from \"people.csv\"`.")

  private static let utf16 = Diagnostic(
    .notUTF8, "This file is in UTF-16, and a notebook is in UTF-8. Save it as UTF-8 in your editor.")

  private static func notUTF8(line: Int) -> Diagnostic {
    Diagnostic(
      .notUTF8,
      "Line \(line) has a byte that is not UTF-8. Save the file as UTF-8 in your editor, or convert it: "
        + "`iconv -f latin1 -t utf-8 old.nbs > new.nbs`.")
  }

  private static func nulByte(line: Int) -> Diagnostic {
    Diagnostic(
      .nulByte,
      "Line \(line) has a NUL byte, so this is not a text file, or it is damaged.")
  }
}
