import Diagnostics
import Foundation
import Foundations
import Notebooks
import Rendering
import Runner
import Walkthroughs

/// A page for each graded notebook: which exercises passed, what the checks found, and the code that was handed in. It shows no
/// solution.
struct FeedbackPages {
  private let folder: URL
  private var names: Set<String> = []

  /// Makes the folder, unless it is there.
  ///
  /// - Throws: `unwritable-file`.
  init(folder: String) throws(Diagnostic) {
    self.folder = URL(fileURLWithPath: folder)
    do {
      try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
    } catch { throw Diagnostic(.unwritableFile, "The folder \(folder) cannot be made.") }
  }

  /// Writes the page of a notebook, `ann.html` for `handed-in/ann.nbs`.
  mutating func write(_ row: GradeRow) throws {
    let url = URL(fileURLWithPath: row.file).deletingPathExtension()
    // Two students' files may have one name in two folders.
    var name = url.lastPathComponent
    if !names.insert(name).inserted {
      name = url.deletingLastPathComponent().lastPathComponent + "-" + name
      names.insert(name)
    }
    try OutputFile.write(Self.page(row).html(), to: folder.appending(path: name + ".html").path)
  }

  private static func page(_ row: GradeRow) -> Report {
    let score = row.exercises.isEmpty ? "not graded" : "\(row.passed) of \(row.exercises.count)"
    let points = row.pointWords.map { [("points", $0)] } ?? []
    let remark = row.remark.isEmpty ? [] : [("remark", row.remark)]
    return Report(
      title: row.walkthrough.isEmpty ? row.file : row.walkthrough,
      facts: [("file", URL(fileURLWithPath: row.file).lastPathComponent), ("passed", score)] + points
        + remark,
      entries: row.grades.enumerated().flatMap { index, grade in entries(grade, number: index + 1) })
  }

  private static func share(_ grade: ExerciseGrade) -> String {
    grade.credit > 0 ? " (\(Int((100 * grade.credit).rounded()))% of the points)" : ""
  }

  private static func entries(_ grade: ExerciseGrade, number: Int) -> [Report.Entry] {
    let verdict =
      switch grade.verdict {
      case .passed: "Passed."
      case .failed: "Not yet: \(grade.message)" + share(grade)
      case .untouched: "The starter is unchanged."
      case .missing: "There is no answer to this exercise."
      }
    let prose = Cell(.markdown, "## \(number). \(grade.title)\n\n\(verdict) \(grade.remark)")
    let code = grade.answer.isEmpty ? [] : [Report.Entry(cell: Cell(.code, grade.answer), outputs: [])]
    return [Report.Entry(cell: prose, outputs: [])] + code
  }
}
