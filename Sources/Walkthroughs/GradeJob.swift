import Diagnostics
import Foundation
import Foundations
import Notebooks
public import Sessions

/// What a process that grades one notebook is told: all that it reads, as it was before anything ran.
public struct GradeJob: Codable, Sendable {
  /// The original's name.
  let original: String
  /// What its file holds; nil for a walkthrough that comes with the program.
  let originalContents: Data?
  /// The file that was handed in.
  let file: String
  /// What it holds.
  let contents: Data
  /// Takes what answers save.
  let scratchFolder: String
  /// The seconds that there are.
  let timeLimit: Double
  /// Files and folders besides those that the original names.
  let readable: [String]
  /// Whether the process is to be confined.
  let isConfined: Bool

  /// Grades in this process, and confines it before anything of the notebook runs.
  ///
  /// - Parameter report: takes each grade as it comes.
  /// - Throws: why the notebook cannot be graded.
  public func run(makeSession: @escaping () -> Session, report: (ExerciseGrade) -> Void) throws {
    let original = try originalContents.map {
      Walkthrough(name: self.original, notebook: try Library.notebook($0, self.original).get())
    }
    guard let original = original ?? Library.builtIn(self.original) else {
      throw Diagnostic(.noNotebook, "There is no walkthrough \(self.original).")
    }
    let notebook = try Library.notebook(contents, file).get()
    // The process ends there, whatever it is doing.
    alarm(UInt32(timeLimit.rounded(.up)))
    Confinement.limitResources(seconds: timeLimit)
    if isConfined { try confine(original) }
    Grader(original, scratchFolder: scratchFolder, makeSession: makeSession).grade(notebook, report: report)
  }

  private func confine(_ original: Walkthrough) throws {
    let places = FilePlaces(notebookFolder: original.folder, readableFiles: original.namedFiles)
    let secrets = [self.original, file].map(Self.real)
    // A folder that holds the original is none of the lesson's data.
    let data = places.readablePaths.map(Self.real).filter { place in
      !secrets.contains { $0 == place || $0.hasPrefix(place.hasSuffix("/") ? place : place + "/") }
    }
    // The library comes from a folder that cannot be read any more.
    _ = try? OptionalLibrary.png.load()
    try Confinement(readable: data + readable, writable: scratchFolder).enter()
  }

  /// A path without links and dots.
  private static func real(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().path
  }
}
