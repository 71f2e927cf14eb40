/// An option as a whole family has it: where the word that picks the kind is not known yet, `beta1=` may be adam's,
/// adamw's or nadam's.
public struct SharedOption: Sendable {
  /// The name.
  public let name: String
  /// The values that it takes with one kind or another.
  public let type: OptionType
  /// The defaults in words: "sgd 0.01; perceptron 1; others 0.001".
  public let defaultText: String
  /// The meaning, and the kinds that have it where not all do.
  public let help: String

  /// Creates the option of a name, as those of `kinds` have it that do; nil where none does.
  init?(_ name: String, of kinds: [KindSchema]) {
    let having = kinds.filter { $0.option(name) != nil }
    let options = having.compactMap { $0.option(name) }
    guard let first = options.first else { return nil }
    self.name = name
    type = options.dropFirst().reduce(first.type) { $0.joined(with: $1.type) }
    defaultText = Self.defaults(zip(having.names, options.map(\.defaultText)))
    let lacking = kinds.filter { $0.option(name) == nil }
    help = Self.reach(having.names, lacking.names) + first.help
  }

  /// Says which kinds have an option, by those that have it or by those that lack it, whichever are fewer.
  private static func reach(_ having: [String], _ lacking: [String]) -> String {
    if lacking.isEmpty { return "" }
    return having.count <= lacking.count
      ? "for \(having.joined(separator: ", ")): " : "for all but \(lacking.joined(separator: ", ")): "
  }

  /// Each default with the kinds that have it; what most of several have is that of the others.
  private static func defaults(_ pairs: some Sequence<(String, String)>) -> String {
    var groups: [(text: String, kinds: [String])] = []
    for (kind, text) in pairs {
      if let index = groups.firstIndex(where: { $0.text == text }) {
        groups[index].kinds.append(kind)
      } else {
        groups.append((text, [kind]))
      }
    }
    guard groups.count > 1 else { return groups.first?.text ?? "" }
    let most = groups.map(\.kinds.count).max() ?? 0
    let others = most > 2 ? groups.firstIndex { $0.kinds.count == most } : nil
    let named = groups.enumerated().filter { $0.offset != others }.map {
      "\($0.element.kinds.joined(separator: ", ")) \($0.element.text)"
    }
    return (named + (others.map { ["others \(groups[$0].text)"] } ?? [])).joined(separator: "; ")
  }
}

extension NetworkCatalog {
  /// The options of a family's kinds, each once, in the order in which they come up.
  public func sharedOptions(of family: KindFamily) -> [SharedOption] {
    var names: [String] = []
    for option in self[family].flatMap(\.options) where !names.contains(option.name) {
      names.append(option.name)
    }
    return names.compactMap { SharedOption($0, of: self[family]) }
  }
}
