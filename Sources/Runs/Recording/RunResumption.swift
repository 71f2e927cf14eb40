import Foundation
import JSON
import Notebooks

/// What it takes to take a run up again after it was killed or stopped: besides the notebook, all that decides on its bits.
public struct RunResumption: Sendable, Equatable {
  /// The folder of what was kept of its trainings, in the store's own folder.
  public let folder: String
  /// The seed that it began with.
  public let seed: UInt64
  /// The parameters that were set from outside, as they are spelled.
  public let parameters: [RunFact]
  /// Whether cells behind one that failed ran as well.
  public let keepsGoing: Bool

  /// Creates a description.
  public init(folder: String, seed: UInt64, parameters: [RunFact], keepsGoing: Bool) {
    self.folder = folder
    self.seed = seed
    self.parameters = parameters
    self.keepsGoing = keepsGoing
  }

  /// A name for the folder of a run that begins now, which no other has.
  public static func newFolder() -> String { UUID().uuidString.lowercased() }

  init?(text: String) {
    guard let json = JSONReader.document(text), let folder = json["folder"]?.string,
      // It names a folder beside the others, and is deleted.
      !folder.isEmpty, !folder.contains("/"), !folder.hasPrefix("."),
      let seed = json["seed"]?.string.flatMap({ UInt64($0) })
    else { return nil }
    self.folder = folder
    self.seed = seed
    parameters = (json["parameters"]?.members ?? []).compactMap { member in
      member.value.string.map { RunFact(member.key, $0) }
    }
    keepsGoing = if case .bool(true)? = json["keepsGoing"] { true } else { false }
  }

  var text: String {
    JSONValue.members([
      "folder": .string(folder), "seed": .string(String(seed)),
      "parameters": .object(parameters.map { .init($0.name, .string($0.value)) }),
      "keepsGoing": .bool(keepsGoing),
    ]).compact
  }
}

/// A run that can be taken up again.
public struct ResumableRun: Sendable {
  /// The notebook's file.
  public let path: String
  /// The notebook as it was, as a `.nbs` file.
  public let notebook: String
  /// The rest.
  public let resumption: RunResumption
}

/// A run as a text, by which the process that has the store hands it out to those that share the work.
extension ResumableRun {
  /// Reads a text; nil for one that tells of no run.
  public init?(text: String) {
    guard let json = JSONReader.document(text), let path = json["path"]?.string,
      let notebook = json["notebook"]?.string,
      let resumption = json["resumption"]?.string.flatMap(RunResumption.init(text:))
    else { return nil }
    self.init(path: path, notebook: notebook, resumption: resumption)
  }

  /// The text.
  public var text: String {
    JSONValue.members([
      "path": .string(path), "notebook": .string(notebook), "resumption": .string(resumption.text),
    ]).compact
  }
}

extension StoreLocation {
  /// The folder of what is kept of a run's trainings.
  public func checkpoints(_ folder: String) -> String { self.folder + "/checkpoints/" + folder }
}
