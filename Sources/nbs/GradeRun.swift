import Diagnostics
import Foundation
import Glibc
import Notebooks
import REPL
import Synchronization
import Walkthroughs

/// Grades what a class handed in: each file in a process of its own, as many at once as there are processors.
struct GradeRun {
  /// The original's name; nil to find it by each notebook's title.
  let original: String?
  let files: [String]
  let csv: String?
  let timeout: Double

  func run() throws {
    // A name that means nothing is told once, before anything runs.
    let named = try original.map { try Shelf($0).single() }
    if let csv { try OutputFile.check(csv, example: "grades.csv") }
    let rows = Mutex([Int: GradeRow]())
    DispatchQueue.concurrentPerform(iterations: files.count) { index in
      let row = grade(files[index], named: named)
      rows.withLock { $0[index] = row }
    }
    let sheet = GradeSheet(rows: rows.withLock { rows in files.indices.compactMap { rows[$0] } })
    Streams.write(sheet.text)
    if let csv { try OutputFile.write(sheet.csv, to: csv) }
  }

  private func grade(_ file: String, named: Walkthrough?) -> GradeRow {
    switch Library.read(file) {
    case .failure(let mistake): return GradeRow(file: file, remark: mistake.message)
    case .success(let notebook):
      guard let original = named ?? Library.original(of: notebook) else {
        return GradeRow(
          file: file,
          remark: "Its title is that of no walkthrough. Name the original: nbs learn xor --grade …")
      }
      return grade(file, against: original)
    }
  }

  private func grade(_ file: String, against original: Walkthrough) -> GradeRow {
    var row = GradeRow(file: file, walkthrough: original.title, exercises: original.exercises.map(\.title))
    let arguments = ["learn", original.name, "--alone", "--timeout", String(timeout), "--grade", file]
    guard let process = OwnProcess(arguments) else {
      row.remark = "It could not be graded: the program could not be started once more."
      return row
    }
    row.grades = process.output.split(separator: UInt8(ascii: "\n"))
      .compactMap { try? JSONDecoder().decode(ExerciseGrade.self, from: Data($0)) }
    if let signal = process.signal {
      row.remark =
        signal == SIGALRM
        ? "It was stopped after \(timeout.formatted()) second\(timeout == 1 ? "" : "s")."
        : "It broke off (signal \(signal))."
    }
    return row
  }
}
