public import Diagnostics
import Foundation
import Foundations

/// The walkthroughs that a name stands for.
public struct Shelf {
  /// All that the name could mean: those that come with the program, those of a folder, or one.
  public let walkthroughs: [Walkthrough]
  /// The one that was named, if one was.
  public let chosen: Walkthrough?
  /// What is wrong with notebooks of a folder that cannot be read.
  public let mistakes: [Diagnostic]

  private init(_ walkthroughs: [Walkthrough], chosen: Walkthrough?, mistakes: [Diagnostic] = []) {
    self.walkthroughs = walkthroughs
    self.chosen = chosen
    self.mistakes = mistakes
  }

  private init(_ walkthrough: Walkthrough) { self.init([walkthrough], chosen: walkthrough) }

  /// Looks a name up: that of a walkthrough, a notebook or a folder; nil for all that come with the program.
  ///
  /// - Throws: `no-notebook`, or why a notebook cannot be read.
  public init(_ name: String?) throws(Diagnostic) {
    guard let name else {
      self.init(Library.builtIn(), chosen: nil)
      return
    }
    if let found = Library.builtIn(name),
      !FileManager.default.fileExists(atPath: name) || !name.hasSuffix(".nbs")
    {
      self.init(found)
      return
    }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: name, isDirectory: &isFolder) else {
      throw Diagnostic(.noNotebook, Shelf.unknown(name))
    }
    if isFolder.boolValue {
      let (found, mistakes) = Library.course(in: name)
      guard !found.isEmpty || !mistakes.isEmpty else {
        throw Diagnostic(.noNotebook, "There is no notebook (.nbs) in \(name).")
      }
      self.init(found, chosen: nil, mistakes: mistakes)
    } else {
      self.init(Walkthrough(name: name, notebook: try Library.read(name).get()))
    }
  }

  /// The one that was named.
  ///
  /// - Throws: `no-notebook` when that is a folder.
  public func single() throws(Diagnostic) -> Walkthrough {
    if let chosen { return chosen }
    throw Diagnostic(
      .noNotebook,
      "Name one notebook, such as \(walkthroughs.first?.name ?? "xor"), not a folder of them.")
  }

  private static func unknown(_ name: String) -> String {
    let guess = DidYouMean.sentence(DidYouMean.nearest(to: name, among: Library.names))
    return "There is no walkthrough \(name).\(guess) `nbs learn` lists them."
  }
}
