extension String {
  /// A name out of a file, safe to show: short, and without characters that a terminal would obey.
  package var shownName: String {
    let kept = unicodeScalars.prefix(60).map { scalar -> Character in
      scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
        ? "?" : Character(scalar)
    }
    return String(kept) + (unicodeScalars.count > 60 ? "…" : "")
  }
}
