/// The folders that a user's environment names, by the XDG base directory specification: a variable that is empty or
/// holds a relative path counts as unset.
public enum UserFolder: Sendable {
  /// What can be fetched again.
  case cache
  /// What belongs to the user.
  case data
  /// What programs remember from one start to the next.
  case state

  /// The program's folder in it, which need not exist; nil where neither its variable nor `HOME` names one.
  public func path(in environment: [String: String]) -> String? {
    func folder(_ name: String) -> String? { environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil } }
    let (variable, standard) =
      switch self {
      case .cache: ("XDG_CACHE_HOME", "/.cache")
      case .data: ("XDG_DATA_HOME", "/.local/share")
      case .state: ("XDG_STATE_HOME", "/.local/state")
      }
    return (folder(variable) ?? folder("HOME").map { $0 + standard }).map { $0 + "/nbs" }
  }
}
