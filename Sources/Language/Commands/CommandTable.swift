/// The one table of commands.
public enum CommandTable {
  /// Every command, in the order in which `help` lists them.
  public static let all: [CommandSpec] = building + training + looking + files + session

  private static let byVerb = Dictionary(uniqueKeysWithValues: all.map { ($0.verb.rawValue, $0) })

  /// The command that `word` opens, if any.
  public static func command(_ word: String) -> CommandSpec? { byVerb[word] }
}
