import Diagnostics
import Foundation

/// What came of one notebook that was handed in.
public struct GradeRow: Sendable, Equatable {
  /// The file.
  public let file: String
  /// The original's title.
  public internal(set) var walkthrough = ""
  /// The titles of the original's exercises.
  public internal(set) var exercises: [String] = []
  /// The grades, in the same order; fewer when the grading was cut short.
  public var grades: [ExerciseGrade] = []
  /// What each exercise is worth, in the same order; empty where that is not known.
  public var weights: [Double] = []
  /// What kept it from being graded, or cut it short.
  public var remark = ""

  /// Whether it was graded to its end.
  public var isGraded: Bool { remark.isEmpty }

  /// How many exercises passed.
  public var passed: Int { grades.count { $0.verdict == .passed } }

  /// The points that were earned, and those that there are, in that order; nil where they say no more than the number of
  /// exercises.
  public var points: (earned: Double, all: Double)? {
    let isTold =
      weights.contains { $0 != 1 } || grades.contains { $0.points != 1 || $0.credit > 0 && $0.credit < 1 }
    return isTold ? allPoints : nil
  }

  /// The points that were earned, and those that there are.
  var allPoints: (earned: Double, all: Double) {
    let earned = grades.reduce(0) { $0 + $1.earned }
    let all = weights.isEmpty ? grades.reduce(0) { $0 + $1.points } : weights.reduce(0, +)
    return ((earned * 100).rounded() / 100, all)
  }

  /// The points in words: `2.5 of 4`; nil where there are none to tell.
  public var pointWords: String? {
    points.map {
      "\($0.earned.formatted(.number.grouping(.never))) of \($0.all.formatted(.number.grouping(.never)))"
    }
  }

  /// How an exercise came out, in a word.
  fileprivate func verdict(_ index: Int) -> String {
    guard index < exercises.count else { return "" }
    return index < grades.count ? grades[index].verdict.rawValue : "not reached"
  }

  /// What there is to say, a part for each exercise that did not pass.
  var remarks: [String] {
    let told: [String] = grades.enumerated().compactMap { index, grade in
      let words = [grade.message, grade.remark].filter { !$0.isEmpty }
      return words.isEmpty ? nil : "\(index + 1). \(grade.title): \(words.joined(separator: " "))"
    }
    return told
      + (remark.isEmpty ? [] : [remark])
  }
}

/// The grades of a class.
public struct GradeSheet: Sendable {
  /// A row for each notebook.
  public let rows: [GradeRow]

  /// For a reader: what did not pass below each file, and why.
  public var text: String {
    rows.map { row in
      let points = row.pointWords.map { ", \($0) points" } ?? ""
      let score =
        row.exercises.isEmpty ? "not graded" : "\(row.passed) of \(row.exercises.count)" + points
      let others = row.grades.enumerated().filter { [.untouched, .missing].contains($0.element.verdict) }
        .map { "\($0.offset + 1). \($0.element.title): \($0.element.verdict.rawValue)" }
      return (["\(row.file): \(score)"] + (others + row.remarks).map { "  " + $0 }).map(\.onOneLine)
        .joined(separator: "\n") + "\n"
    }.joined()
  }

  /// Whether every notebook was graded to its end.
  public var isComplete: Bool { rows.allSatisfy(\.isGraded) }

  /// For a spreadsheet: RFC 4180, a column for each exercise.
  public var csv: String {
    let count = rows.map(\.exercises.count).max() ?? 0
    // A column that says the same as another is none.
    let hasPoints = rows.contains { $0.points != nil }
    var header = ["file", "walkthrough", "passed", "exercises"]
    if hasPoints { header.append("points") }
    header += (0..<count).map { "exercise \($0 + 1)" }
    header.append("remarks")
    let lines: [[String]] = rows.map { row in
      var line = [row.file, row.walkthrough, String(row.passed), String(row.exercises.count)]
      if hasPoints { line.append(row.exercises.isEmpty ? "" : String(row.allPoints.earned)) }
      line += (0..<count).map(row.verdict)
      line.append(row.remarks.joined(separator: " "))
      return line
    }
    return table(header, lines)
  }

  func table(_ header: [String], _ lines: [[String]]) -> String {
    var csv = CSVText(lineEnd: "\r\n")
    for line in [header] + lines { csv.add(line) }
    return csv.text
  }
}
