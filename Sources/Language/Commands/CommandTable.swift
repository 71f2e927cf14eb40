internal import NetworkSchema

/// The one table of commands, with the kinds of layers, losses and so on that a catalog has.
public struct CommandTable: Sendable {
  private let commands: [CommandSpec]
  private let byVerb: [String: CommandSpec]

  private init(_ catalog: NetworkCatalog) {
    commands =
      Self.building(catalog) + Self.training(catalog) + Self.looking + Self.files + Self.session
    byVerb = Dictionary(uniqueKeysWithValues: commands.map { ($0.verb.rawValue, $0) })
  }

  private static let standard = CommandTable(.standard)

  /// The table of the current catalog, made anew only where that is not the standard one.
  private static var current: CommandTable {
    let catalog = NetworkCatalog.current
    return catalog.isStandard ? standard : CommandTable(catalog)
  }

  /// Every command, in the order in which `help` lists them.
  public static var all: [CommandSpec] { current.commands }

  /// The command that `word` opens, if any.
  public static func command(_ word: String) -> CommandSpec? { current.byVerb[word] }
}
