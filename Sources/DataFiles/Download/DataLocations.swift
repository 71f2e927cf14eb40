internal import Foundations

/// The places where data sets are looked for, and those they are fetched from.
public struct DataLocations: Sendable, Equatable {
  /// Folders that hold a folder for each set, in the order they are asked.
  public var folders: [String]
  /// The folder that downloads go to.
  public var cache: String
  /// Addresses that hold a folder for each set; nil for each set's own.
  public var mirrors: [String]?
  /// The seconds without a byte that end a download.
  public var patience: Int
  /// Whether a set that is in none of the folders may be fetched.
  public var mayDownload = true

  /// Creates locations.
  public init(folders: [String], cache: String, mirrors: [String]? = nil, patience: Int = 30) {
    self.folders = folders
    self.cache = cache
    self.mirrors = mirrors
    self.patience = patience
  }

  /// The places that an environment names.
  ///
  /// `NBS_DATA_DIR`, then `XDG_CACHE_HOME/nbs` (or `.cache/nbs` in `HOME`), then Debian's `/usr/share/datasets`;
  /// `NBS_MIRRORS` replaces the addresses: a list divided by spaces or commas.
  public init(environment: [String: String]) {
    func value(_ key: String) -> String? { environment[key].flatMap { $0.isEmpty ? nil : $0 } }
    cache = UserFolder.cache.path(in: environment) ?? "./.cache/nbs"
    folders = (value("NBS_DATA_DIR").map { [$0] } ?? []) + [cache, "/usr/share/datasets"]
    mirrors = value("NBS_MIRRORS").map { list in
      list.split { $0 == " " || $0 == "," }.map { $0.hasSuffix("/") ? String($0.dropLast()) : String($0) }
    }
    patience = 30
  }
}
