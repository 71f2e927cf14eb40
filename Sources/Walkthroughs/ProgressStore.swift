import Foundation
import Foundations
import Localization

/// Keeps how far learners came, a small file for each walkthrough, so that two lessons at once never write to
/// the same.
public struct ProgressStore: Sendable {
  private let folder: URL?

  /// The store of a user: `$XDG_DATA_HOME/nbs/learn`, or `~/.local/share/nbs/learn`.
  public init(environment: [String: String]) {
    folder = UserFolder.data.path(in: environment).map { URL(fileURLWithPath: $0 + "/learn") }
  }

  /// What is kept of a walkthrough; a file that cannot be read counts as none.
  public func progress(in walkthrough: Walkthrough) -> LessonProgress {
    guard let file = file(of: walkthrough), let data = try? Data(contentsOf: file) else {
      return LessonProgress()
    }
    return (try? JSONDecoder().decode(LessonProgress.self, from: data)) ?? LessonProgress()
  }

  /// Keeps the progress.
  ///
  /// - Returns: why that was not possible; nil when it was.
  public func keep(_ progress: LessonProgress, in walkthrough: Walkthrough) -> String? {
    guard let folder, let file = file(of: walkthrough) else {
      return localized("there is no home folder to save it in")
    }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      try AtomicFile.write([Array(encoder.encode(progress))], to: file.path, isForced: false)
      return nil
    } catch {
      return localized("\(folder.path) cannot be written")
    }
  }

  /// `xor.json`, `fr-xor.json`; for a teacher's own file its name and what tells its path from others'.
  private func file(of walkthrough: Walkthrough) -> URL? {
    guard walkthrough.isFile else {
      return folder?.appending(path: walkthrough.name.replacing("/", with: "-") + ".json")
    }
    let url = URL(fileURLWithPath: walkthrough.name).standardizedFileURL.resolvingSymlinksInPath()
    // A name may be as long as a file's can be.
    let name = url.deletingPathExtension().lastPathComponent.prefix(60)
    return folder?.appending(path: "\(name)-\(Digest.digits(of: url.path).prefix(8)).json")
  }
}
