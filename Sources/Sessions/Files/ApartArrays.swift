import Diagnostics
import Foundations
import Language
import ModelFiles
import NeuralEngine

/// The arrays of a session that lie in files beside its own. A session outlives them: what is lost with a file is
/// noted down, and the rest comes back.
final class ApartArrays {
  /// Something of the session that cannot come back.
  struct Loss {
    let name: String
    let part: Part
    let reason: String
  }

  /// How much of it.
  enum Part {
    case data
    case variable
    case item
    case weights
    case optimizer
  }

  /// What the array of a file is called.
  static let arrayName = "numbers"

  var losses: [Loss] = []
  private let folder: String
  private let files: [String: String]

  /// - Parameters:
  ///   - path: the session's file.
  ///   - files: the files by the arrays' names, relative to its folder.
  init(besides path: String, _ files: [String: String]) {
    folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    self.files = files
  }

  /// The array of a name; nil where it is not kept apart.
  func array(_ name: String) throws(CodedError) -> StoredArray? {
    guard let file = files[name] else { return nil }
    let parts = file.split(separator: "/", omittingEmptySubsequences: false)
    // A file that was made to do harm leads nowhere else.
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty && !$0.hasPrefix(".") }) else {
      throw SessionFile.damaged("it leads to a file that does not belong to it, \(file)")
    }
    return try array(in: folder + file)
  }

  private static func lost(_ path: String, _ error: CodedError) -> CodedError {
    switch error.code {
    case .noSuchFile:
      CodedError(
        .lostArray, "its values were not on the disk yet when the program ended (there is no `\(path)`)")
    case .unreadableFile, .notAFile, .tooLarge: CodedError(.lostArray, error.message)
    default: damaged(path)
    }
  }

  private static func damaged(_ path: String) -> CodedError {
    CodedError(.lostArray, "the file of its values, `\(path)`, is damaged")
  }

  private func array(in path: String) throws(CodedError) -> StoredArray {
    let file: ArrayFile
    do throws(CodedError) { file = try ArrayFile.read(path) } catch {
      throw ApartArrays.lost(path, error)
    }
    guard let array = file[ApartArrays.arrayName] else { throw ApartArrays.damaged(path) }
    return array
  }
}

extension ApartArrays {
  /// Names and those that are lost, which cells of the session mention all the same.
  func names(besides names: KnownNames) -> KnownNames {
    var names = names
    for loss in losses {
      switch loss.part {
      case .data: names.data.insert(loss.name)
      case .variable: names.variables.insert(loss.name)
      case .item, .weights, .optimizer: break
      }
    }
    return names
  }
}

extension ApartArrays.Loss {
  /// What is to be said about it: what is gone, why, and which cells make it again.
  func diagnostic(_ entries: [Transcript.Entry]) -> Diagnostic {
    let what =
      switch part {
      case .data, .variable: "`\(name)` is missing from the session"
      case .item: "A part of `\(name)` is missing from the session"
      case .weights: "The network `\(name)` was restored without its weights"
      case .optimizer: "The network `\(name)` was restored without its optimizer state"
      }
    let cells = makers(entries)
    let remedy =
      cells.isEmpty
      ? ""
      : " \(cells.map { "In [\($0)]" }.joined(separator: ", ")) \(cells.count == 1 ? "makes" : "make") it again: "
        + cells.map { ":rerun \($0)" }.joined(separator: ", then ")
    let reason = reason.hasSuffix(".") ? String(reason.dropLast()) : reason
    return Diagnostic(
      .lostData, "\(what): \(reason).\(remedy)", suggestion: cells.first.map { ":rerun \($0)" })
  }

  /// The cell that made it, and those that changed it since; for weights the last that changed them.
  private func makers(_ entries: [Transcript.Entry]) -> [Int] {
    let resource = CellEffects.Resource.name(name)
    let done = entries.filter(\.isDone)
    switch part {
    case .item: return []
    case .weights, .optimizer:
      return done.last { $0.effects.writes.contains(resource) }.map { [$0.number] } ?? []
    case .data, .variable: break
    }
    guard let first = done.lastIndex(where: { $0.effects.definitions.contains(resource) }) else { return [] }
    return done[first...].filter { $0.effects.writes.contains(resource) }.map(\.number)
  }
}
