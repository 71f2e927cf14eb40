import Foundation
import Notebooks
import Outputs
import Rendering
import Walkthroughs

/// A page about a class, for who teaches it: it names files and shows wrong answers.
enum ClassPage {
  /// The page of a sheet.
  static func page(of sheet: GradeSheet) -> Report {
    let summary = ClassSummary(sheet)
    let ungraded = sheet.rows.filter { !$0.isGraded }
    return Report(
      title: "The class",
      facts: [
        ("notebooks", String(sheet.rows.count)),
        ("graded to the end", String(sheet.rows.count - ungraded.count)),
      ],
      entries: hardest(summary) + mistakes(summary) + similar(summary) + rows(sheet))
  }

  private static func hardest(_ summary: ClassSummary) -> [Report.Entry] {
    let rows = summary.exercises.map { exercise in
      [
        exercise.walkthrough, "\(exercise.number). \(exercise.title)",
        "\(Int((100 * exercise.share).rounded()))%",
        String(exercise.passed), String(exercise.failed), String(exercise.open),
      ]
    }
    let columns: [Table.Column] = [
      .words("walkthrough"), .words("exercise"), .numbers("passed"), .numbers("right"), .numbers("wrong"),
      .numbers("not done"),
    ]
    return section("Exercises, the hardest first", columns, rows)
  }

  private static func mistakes(_ summary: ClassSummary) -> [Report.Entry] {
    let failed = summary.exercises.filter { $0.failed > 0 }
    guard !failed.isEmpty else { return [] }
    return [prose("## What went wrong most often")]
      + failed.flatMap { exercise -> [Report.Entry] in
        let message = exercise.commonestMessage.map { "\($0.count) of \(exercise.failed): \($0.text)" } ?? ""
        let answer = exercise.commonestAnswer
        return [prose("**\(exercise.number). \(exercise.title)** \(message)")]
          + (answer.map {
            [
              prose("The same answer \($0.count) times:"),
              Report.Entry(cell: Cell(.code, $0.code), outputs: []),
            ]
          } ?? [])
      }
  }

  private static func similar(_ summary: ClassSummary) -> [Report.Entry] {
    guard !summary.similar.isEmpty else { return [] }
    let rows = summary.similar.map { $0.files + ["\(Int((100 * $0.share).rounded()))%"] }
    return section(
      "Similar answers", [.words("file"), .words("and"), .numbers("in common")], rows,
      note:
        "Of what these answers have and few others do, so much is the same, names aside. That may be chance, or work done together."
    )
  }

  private static func rows(_ sheet: GradeSheet) -> [Report.Entry] {
    let rows = sheet.rows.map { row in
      [
        URL(fileURLWithPath: row.file).lastPathComponent, row.walkthrough,
        row.exercises.isEmpty ? "" : "\(row.passed) of \(row.exercises.count)", row.pointWords ?? "",
        row.remark,
      ]
    }
    return section(
      "Notebooks",
      [.words("file"), .words("walkthrough"), .words("passed"), .words("points"), .words("remark")], rows)
  }

  private static func section(
    _ title: String, _ columns: [Table.Column], _ rows: [[String]], note: String = ""
  ) -> [Report.Entry] {
    let table = [RenderedOutput]([.table(Table(columns: columns, rows: rows))]).first?.forms.first {
      $0.type == "text/markdown"
    }
    return [prose("## \(title)")] + (note.isEmpty ? [] : [prose(note)])
      + (table.map { [prose($0.text)] } ?? [])
  }

  private static func prose(_ text: String) -> Report.Entry {
    Report.Entry(cell: Cell(.markdown, text), outputs: [])
  }
}
