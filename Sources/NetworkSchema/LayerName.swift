extension String {
  /// A text of another program as a name that the language takes: letters, digits and `_`, a letter first.
  package var asLayerName: String {
    var name = ""
    for character in prefix(40) {
      name.append(character.isASCII && (character.isLetter || character.isNumber) ? character : "_")
    }
    while name.hasPrefix("_") { name.removeFirst() }
    while name.hasSuffix("_") { name.removeLast() }
    if name.isEmpty { return "layer1" }
    return name.first?.isNumber == true ? "l" + name : name
  }
}
