import Diagnostics
import Foundation

/// The learning platforms whose tables of grades can be written.
public enum GradePlatform: String, CaseIterable, Sendable {
  /// Moodle's offline grading worksheet.
  case moodle
  /// Canvas's gradebook.
  case canvas
}

/// Who handed a file in, as the platform that it was downloaded from says it in the names of files and folders.
struct Submitter: Equatable {
  let name: String
  /// The number by which the platform knows the participant; nil where the name of the file has none.
  let id: String?

  /// Moodle writes `Ann Lee_4711_assignsubmission_file/work.nbs`, or the same before the file's name; Canvas
  /// `leeann_LATE_4711_90210_work.nbs`.
  init(file: String, platform: GradePlatform) {
    let parts = file.split(separator: "/").map(String.init)
    for part in parts.reversed() {
      switch platform {
      case .moodle:
        guard let match = part.firstMatch(of: /^(.+?)_(\d+)_assignsubmission_/) else { continue }
        (name, id) = (String(match.1), String(match.2))
        return
      case .canvas:
        guard let match = part.firstMatch(of: /^([^_]+)_(?:LATE_)?(\d+)_\d+_/) else { continue }
        (name, id) = (String(match.1), String(match.2))
        return
      }
    }
    name = URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
    id = nil
  }
}

extension GradeSheet {
  /// The table that a platform reads, in its words: its columns by name, points as the grade. A notebook that could not be graded
  /// has no grade, so that it does not become a zero unseen.
  public func csv(for platform: GradePlatform) -> String {
    switch platform {
    case .moodle: moodle
    case .canvas: canvas
    }
  }

  /// The files whose names do not say who handed them in.
  public func nameless(for platform: GradePlatform) -> [String] {
    rows.map(\.file).filter { Submitter(file: $0, platform: platform).id == nil }
  }

  /// Moodle asks for the identifier, the grade and when that was last changed.
  private var moodle: String {
    table(
      ["Identifier", "Full name", "Grade", "Maximum Grade", "Last modified (grade)", "Feedback comments"],
      rows.map { row in
        let submitter = Submitter(file: row.file, platform: .moodle)
        return [
          submitter.id.map { "Participant " + $0 } ?? "", submitter.name, Self.grade(row),
          Self.number(row.allPoints.all),
          "", row.remarks.joined(separator: " "),
        ]
      })
  }

  /// Canvas asks for the student's number and section, and for a column a task, with the most points in the row below the
  /// names.
  private var canvas: String {
    let titles = rows.map(\.walkthrough).reduce(into: [String]()) {
      if !$1.isEmpty, !$0.contains($1) { $0.append($1) }
    }
    let most = titles.map { title in
      rows.filter { $0.walkthrough == title }.map(\.allPoints.all).max() ?? 0
    }
    let header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"] + titles
    let possible = ["    Points Possible", "", "", "", ""] + most.map(Self.number)
    return table(
      header,
      [possible]
        + rows.map { row in
          let submitter = Submitter(file: row.file, platform: .canvas)
          return [submitter.name, submitter.id ?? "", "", "", ""]
            + titles.map { $0 == row.walkthrough ? Self.grade(row) : "" }
        })
  }

  private static func grade(_ row: GradeRow) -> String { row.isGraded ? number(row.allPoints.earned) : "" }

  private static func number(_ value: Double) -> String {
    value.formatted(.number.grouping(.never).locale(Locale(identifier: "en_US_POSIX")))
  }
}
