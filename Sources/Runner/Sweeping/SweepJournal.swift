public import Diagnostics
import Foundation
import Foundations
import Language
public import NeuralEngine
public import Sessions

/// A file to which a sweep adds a line for each trial as it ends, so that the same sweep, begun again after a kill, goes on
/// with those that are missing.
public final class SweepJournal: @unchecked Sendable {
  /// The first line: what the trials are trials of.
  private struct Heading: Codable, Equatable {
    var sweep: String
    var notebook: String
    var metric: String
    var parameters: [String]
    /// The combinations, as they are typed.
    var combinations: [[String]]
    /// What else was set.
    var fixed: [String]
    /// How budgets grow; absent where all combinations are run once.
    var halving: SuccessiveHalving?
  }

  private let handle: FileHandle
  /// The trials that the file holds.
  public let known: [SweepTrial]

  /// Opens the file, or begins it.
  ///
  /// - Parameters:
  ///   - notebook: the notebook as it stands in its file; one that was changed is another.
  /// - Throws: `file-exists` where it holds another sweep, `unwritable-file` where it cannot be written.
  public init(_ path: String, notebook: [UInt8], _ description: SweepDescription) throws(Diagnostic) {
    let space = description.space
    var digest = Digest()
    digest.add(notebook)
    let heading = Heading(
      sweep: "1", notebook: digest.digits, metric: description.metric,
      parameters: space.parameters.map(\.name),
      combinations: space.combinations.map { $0.map(\.spelling) }, fixed: description.assignments,
      halving: description.halving)
    var trials: [SweepTrial] = []
    var kept = 0
    if let text = try? String(contentsOfFile: path, encoding: .utf8), !text.isEmpty {
      // The last line may have been cut by a kill; what follows the last whole one is written over.
      let whole = text.lastIndex(of: "\n").map { text[...$0] } ?? ""
      kept = whole.utf8.count
      let lines = whole.split(separator: "\n")
      guard let first = lines.first, let old = try? JSONDecoder().decode(Heading.self, from: Data(first.utf8))
      else {
        throw Diagnostic(
          .fileExists, "\(path) is there already, and is no journal of a sweep. Choose another file.")
      }
      guard old == heading else {
        let what =
          old.notebook != heading.notebook
          ? "notebook" : old.metric != heading.metric ? "metric, \(old.metric)" : "set of trials"
        throw Diagnostic(
          .fileExists,
          "\(path) is the journal of a sweep with another \(what). Choose another file, or delete this one.")
      }
      trials = lines.dropFirst().compactMap {
        SweepTrial(line: Array($0.utf8), of: heading.combinations.count)
      }
    }
    known = trials
    if !FileManager.default.fileExists(atPath: path) {
      _ = FileManager.default.createFile(atPath: path, contents: nil)
    }
    guard let handle = FileHandle(forUpdatingAtPath: path) else {
      throw Diagnostic(.unwritableFile, "\(path) cannot be written. Choose another file.")
    }
    self.handle = handle
    do {
      try handle.truncate(atOffset: UInt64(kept))
      try handle.seekToEnd()
      if kept == 0 {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try handle.write(contentsOf: encoder.encode(heading) + Data("\n".utf8))
      }
    } catch {
      throw Diagnostic(.unwritableFile, "\(path) cannot be written: \(error.localizedDescription)")
    }
  }

  /// Adds a trial; it is in the file when this returns.
  public func add(_ trial: SweepTrial) {
    // A disk that is full costs the journal, and not the sweep.
    try? handle.write(contentsOf: trial.line)
  }

}

/// Trials as a text: a line for each.
extension [SweepTrial] {
  /// Reads lines, and leaves out those that say nothing of a trial of so many combinations.
  init(lines: [UInt8], of combinations: Int) {
    self = lines.split(separator: UInt8(ascii: "\n"))
      .compactMap { SweepTrial(line: Array<UInt8>($0), of: combinations) }
  }

  /// The lines.
  var lines: [UInt8] { flatMap { (try? $0.line).map { Array<UInt8>($0) } ?? [] } }
}

extension SweepTrial {
  /// What the first process of a group knows of a sweep's trials; all of them leave these out.
  public static func known(
    _ trials: [SweepTrial], toFirstOf group: (any ProcessGroup)?, outOf space: SweepSpace
  ) -> [SweepTrial] {
    guard let group else { return trials }
    return [SweepTrial](lines: group.gather(trials.lines)[0], of: space.combinations.count)
  }
}
