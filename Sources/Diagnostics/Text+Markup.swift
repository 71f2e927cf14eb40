extension String {
  /// This text as markup shows it, in content and in attributes.
  ///
  /// It goes by scalars as those do who read markup: a quotation mark ends an attribute whatever accent stands on it.
  ///
  /// - Parameter plain: what a scalar becomes that markup does not take for its own; nil for nothing.
  public func escapedForMarkup(_ plain: (Unicode.Scalar) -> Unicode.Scalar?) -> String {
    unicodeScalars.reduce(into: "") { text, scalar in
      switch scalar {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      case "'": text += "&#39;"
      default: if let scalar = plain(scalar) { text.unicodeScalars.append(scalar) }
      }
    }
  }
}

extension Unicode.Scalar {
  /// Whether XML has a place for it; most control characters may not even stand there escaped.
  public var isAllowedInXML: Bool {
    self == "\n" || self == "\t" || value >= 0x20 && value != 0xFFFE && value != 0xFFFF
  }
}
