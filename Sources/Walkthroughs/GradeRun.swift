import Diagnostics
import Foundation
import Notebooks
import Runner
import Synchronization

/// Grades what a class handed in: each file in a process of its own, as many at once as there are processors.
public struct GradeRun: Sendable {
  private let original: Walkthrough?
  private let timeLimit: Double
  private let isCancelled: @Sendable () -> Bool

  /// Prepares the grading.
  ///
  /// - Parameters:
  ///   - original: what was handed out; nil to find it by each notebook's title.
  ///   - timeLimit: the seconds that each notebook may take.
  ///   - isCancelled: asked again and again; true ends the grading.
  public init(
    original: Walkthrough?, timeLimit: Double, isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    self.original = original
    self.timeLimit = timeLimit
    self.isCancelled = isCancelled
  }

  /// Grades files.
  public func grade(_ files: [String]) -> GradeSheet {
    let rows = Mutex([Int: GradeRow]())
    DispatchQueue.concurrentPerform(iterations: files.count) { index in
      guard !isCancelled() else { return }
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
    // What answers save goes there, and with it.
    let scratch = FileManager.default.temporaryDirectory.appending(path: "nbs-grade-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: scratch) }
    let arguments = [
      "learn", original.name, "--alone", "--timeout", String(timeLimit), "--scratch", scratch.path, "--grade",
      file,
    ]
    guard let process = ChildProcess(arguments, isCancelled: isCancelled) else {
      row.remark = "It could not be graded: the program could not be started again."
      return row
    }
    row.grades = process.output.split(separator: UInt8(ascii: "\n"))
      .compactMap { try? JSONDecoder().decode(ExerciseGrade.self, from: Data($0)) }
    switch process.ending {
    case .signalled(SIGALRM):
      row.remark = "It was stopped after \(timeLimit.formatted()) second\(timeLimit == 1 ? "" : "s")."
    case .signalled(let signal): row.remark = "It crashed (signal \(signal))."
    case .exited(0):
      if row.grades.count < row.exercises.count { row.remark = "Its grading ended too early." }
    case .exited(let code):
      let message = String(decoding: process.messages, as: UTF8.self).onOneLine
      row.remark = "Its grading failed (exit code \(code)). \(message)"
    }
    return row
  }
}
