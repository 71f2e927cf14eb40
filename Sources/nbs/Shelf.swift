import Diagnostics
import Foundation
import REPL
import Walkthroughs

/// The walkthroughs that a name stands for.
struct Shelf {
  /// All that the name could mean: those that come with the program, those of a folder, or one.
  let walkthroughs: [Walkthrough]
  /// The one that was named, if one was.
  let chosen: Walkthrough?

  /// Looks a name up.
  ///
  /// - Throws: ``ExitStatus/usage``, its message already written.
  init(_ name: String?) throws {
    guard let name else {
      walkthroughs = Library.builtIn()
      chosen = nil
      return
    }
    if let found = Library.builtIn(name),
      !FileManager.default.fileExists(atPath: name) || !name.hasSuffix(".nbs")
    {
      chosen = found
      walkthroughs = [found]
      return
    }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: name, isDirectory: &isFolder) else {
      throw refuse(Shelf.unknown(name))
    }
    if isFolder.boolValue {
      let (found, mistakes) = Library.course(in: name)
      for mistake in mistakes { Streams.writeError(mistake.rendered() + "\n\n") }
      guard !found.isEmpty else { throw refuse("There is no notebook (.nbs) in \(name).") }
      walkthroughs = found
      chosen = nil
    } else {
      switch Library.read(name) {
      case .failure(let mistake):
        Streams.writeError(mistake.rendered() + "\n")
        throw ExitStatus.usage
      case .success(let notebook):
        let walkthrough = Walkthrough(name: name, notebook: notebook)
        walkthroughs = [walkthrough]
        chosen = walkthrough
      }
    }
  }

  /// The one that was named.
  ///
  /// - Throws: ``ExitStatus/usage`` when that is a folder.
  func single() throws -> Walkthrough {
    if let chosen { return chosen }
    throw refuse(
      "Name one notebook, such as \(walkthroughs.first?.name ?? "xor"), not a folder of them.")
  }

  private static func unknown(_ name: String) -> String {
    let guess = DidYouMean.nearest(to: name, among: Library.names).map { " Did you mean \($0)?" }
    return "There is no walkthrough \(name).\(guess ?? "") `nbs learn` lists them."
  }
}
