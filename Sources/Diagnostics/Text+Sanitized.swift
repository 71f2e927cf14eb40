extension StringProtocol {
  /// This text without what a terminal or a page would obey: control characters but the line's end become spaces, and
  /// signs that turn the direction of all that follows are left out.
  ///
  /// Names come out of files, and a file may hold anything.
  ///
  /// - Parameter keepsTabs: whether tabs stand, as they do in what a program prints.
  public func sanitized(keepsTabs: Bool = false) -> String {
    guard unicodeScalars.contains(where: { $0.isObeyed && $0 != "\n" }) else { return String(self) }
    return unicodeScalars.reduce(into: "") { text, scalar in
      if !scalar.isObeyed || scalar == "\n" || keepsTabs && scalar == "\t" {
        text.unicodeScalars.append(scalar)
      } else if !scalar.turnsDirection {
        text += " "
      }
    }
  }

  /// The same on one line.
  public var onOneLine: String {
    String(sanitized().map { $0.isNewline ? " " : $0 })
  }
}

extension Unicode.Scalar {
  /// Whether it does something instead of being shown.
  fileprivate var isObeyed: Bool {
    if isASCII { return value < 0x20 || value == 0x7F }
    return turnsDirection || (0x80...0x9F).contains(value)
  }

  /// Whether it is an embedding, an override or an isolate of the bidirectional algorithm (UAX #9).
  fileprivate var turnsDirection: Bool {
    (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value)
  }
}
