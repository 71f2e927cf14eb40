import Diagnostics
import Foundation
import Foundations

/// Where runs are kept.
public struct StoreLocation: Sendable, Equatable {
  /// The folder.
  public let folder: String
  /// The database in it.
  public var file: String { folder + "/runs.sqlite" }

  /// The store in a folder.
  public init(folder: String) { self.folder = folder }

  /// The place that an environment names: `nbs` in `XDG_DATA_HOME`, or in `.local/share` of `HOME`.
  ///
  /// - Throws: a ``Diagnostic`` where it names none.
  public init(environment: [String: String]) throws {
    guard let folder = UserFolder.data.path(in: environment) else {
      throw Diagnostic(
        .runNotKept,
        "Runs cannot be recorded: neither XDG_DATA_HOME nor HOME is set.",
        suggestion: "export XDG_DATA_HOME=/a/folder", severity: .notice)
    }
    self.init(folder: folder)
  }

  func makeFolder() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }
}
