public import Diagnostics
import Foundation
import Foundations
import Language

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
  }

  /// A line for a trial.
  private struct Line: Codable {
    var trial: Int
    var seed: UInt64
    var value: Double?
    var failed: String?
    var metrics: [String: Double]
  }

  private let handle: FileHandle
  /// The trials that the file holds.
  public let known: [SweepTrial]

  /// Opens the file, or begins it.
  ///
  /// - Parameters:
  ///   - notebook: the notebook as it stands in its file; one that was changed is another.
  ///   - fixed: what is set in all trials, as it was typed.
  /// - Throws: `file-exists` where it holds another sweep, `unwritable-file` where it cannot be written.
  public init(_ path: String, notebook: [UInt8], _ space: SweepSpace, metric: String, fixed: [String])
    throws(Diagnostic)
  {
    var digest = Digest()
    digest.add(notebook)
    let heading = Heading(
      sweep: "1", notebook: digest.digits, metric: metric, parameters: space.parameters.map(\.name),
      combinations: space.combinations.map { $0.map(\.spelling) }, fixed: fixed)
    var trials: [SweepTrial] = []
    var kept = 0
    if let text = try? String(contentsOfFile: path, encoding: .utf8), !text.isEmpty {
      // The last line may have been cut by a kill; what follows the last whole one is written over.
      let whole = text.lastIndex(of: "\n").map { text[...$0] } ?? ""
      kept = whole.utf8.count
      let lines = whole.split(separator: "\n")
      let decoder = JSONDecoder()
      guard let first = lines.first, let old = try? decoder.decode(Heading.self, from: Data(first.utf8))
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
      for line in lines.dropFirst() {
        guard let line = try? decoder.decode(Line.self, from: Data(line.utf8)),
          (1...heading.combinations.count).contains(line.trial)
        else { continue }
        trials.append(
          SweepTrial(
            combination: line.trial - 1, seed: line.seed,
            ending: line.value.map { .measured($0) } ?? .failed(line.failed ?? ""), metrics: line.metrics))
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
      if kept == 0 { try handle.write(contentsOf: SweepJournal.line(heading)) }
    } catch {
      throw Diagnostic(.unwritableFile, "\(path) cannot be written: \(error.localizedDescription)")
    }
  }

  /// Adds a trial; it is in the file when this returns.
  public func add(_ trial: SweepTrial) {
    var line = Line(
      trial: trial.combination + 1, seed: trial.seed, metrics: trial.metrics.filter(\.value.isFinite))
    switch trial.ending {
    case .measured(let value): line.value = value
    case .failed(let why): line.failed = why
    }
    // A disk that is full costs the journal, and not the sweep.
    try? handle.write(contentsOf: SweepJournal.line(line))
  }

  private static func line(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(value) + Data("\n".utf8)
  }
}
