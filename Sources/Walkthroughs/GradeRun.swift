import Diagnostics
import Foundation
import Notebooks
import Runner
import Synchronization

/// Grades what a class handed in: each file in a process of its own, as many at once as there are processors.
public struct GradeRun: Sendable {
  private let original: Walkthrough?
  private let timeLimit: Double

  /// Prepares the grading.
  ///
  /// - Parameters:
  ///   - original: what was handed out; nil to find it by each notebook's title.
  ///   - timeLimit: the seconds that each notebook may take.
  public init(original: Walkthrough?, timeLimit: Double) {
    self.original = original
    self.timeLimit = timeLimit
  }

  /// Grades files.
  public func grade(_ files: [String]) -> GradeSheet {
    let rows = Mutex([Int: GradeRow]())
    DispatchQueue.concurrentPerform(iterations: files.count) { index in
      let row = grade(files[index])
      rows.withLock { $0[index] = row }
    }
    return GradeSheet(rows: rows.withLock { rows in files.indices.compactMap { rows[$0] } })
  }

  private func grade(_ file: String) -> GradeRow {
    switch Library.read(file) {
    case .failure(let mistake): return GradeRow(file: file, remark: mistake.message)
    case .success(let notebook):
      guard let original = original ?? Library.original(of: notebook) else {
        return GradeRow(
          file: file,
          remark: "No walkthrough has its title. Name the original: nbs learn xor --grade …")
      }
      return grade(file, against: original)
    }
  }

  private func grade(_ file: String, against original: Walkthrough) -> GradeRow {
    var row = GradeRow(file: file, walkthrough: original.title, exercises: original.exercises.map(\.title))
    let arguments = ["learn", original.name, "--alone", "--timeout", String(timeLimit), "--grade", file]
    guard let process = ChildProcess(arguments) else {
      row.remark = "It could not be graded: the program could not be started again."
      return row
    }
    row.grades = process.output.split(separator: UInt8(ascii: "\n"))
      .compactMap { try? JSONDecoder().decode(ExerciseGrade.self, from: Data($0)) }
    if case .signalled(let signal) = process.ending {
      row.remark =
        signal == SIGALRM
        ? "It was stopped after \(timeLimit.formatted()) second\(timeLimit == 1 ? "" : "s")."
        : "It crashed (signal \(signal))."
    }
    return row
  }
}
