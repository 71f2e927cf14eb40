import Diagnostics
import Foundation
import Notebooks
public import Sessions

/// The proof that a walkthrough's exercises are worth their name: every solution passes its check, and every
/// starter that nobody touched fails it.
public struct Proof: Sendable, Equatable {
  /// How many exercises were tried.
  public let exercises: Int
  /// What is wrong; empty when everything is as it should be.
  public let problems: [String]

  /// Tries a walkthrough. What its cells save goes to a folder that is gone afterwards.
  public init(of walkthrough: Walkthrough, makeSession: @escaping () -> Session) {
    let folder = FileManager.default.temporaryDirectory.appending(path: "nbs-proof-\(UUID().uuidString)")
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let stage = Stage(walkthrough, scratchFolder: folder.path(), makeSession: makeSession)
    var problems: [String] = []
    // What follows the last exercise proves nothing about any, and may take long.
    let end = (walkthrough.steps.lastIndex(where: \.isExercise) ?? -1) + 1
    for step in walkthrough.steps.prefix(end) {
      if step.isExercise {
        if let problem = Self.missingPart(of: step) ?? Self.starterProblem(step, on: stage) {
          problems.append("\(step.title): \(problem)")
        }
      }
      let result = stage.play(step)
      guard !result.isDone else { continue }
      let part = step.isExercise ? "the solution does not pass" : "the cell does not run"
      problems.append("\(step.title): \(part). \(result.error?.message ?? "")")
      break
    }
    exercises = walkthrough.exercises.count
    self.problems = problems
  }

  private static func missingPart(of step: Step) -> String? {
    if step.check == nil { return "the exercise has no check" }
    if step.solution == nil { return "the exercise has no solution" }
    return step.code?.hints.isEmpty != false ? "the exercise has no hint" : nil
  }

  private static func starterProblem(_ step: Step, on stage: Stage) -> String? {
    guard let starter = step.code, let check = step.check else { return nil }
    func passes(_ cells: [Cell]) -> Bool {
      stage.trying { cells.map { stage.run($0, emit: { _ in }) }.last?.isDone == true }
    }
    if passes([check]) { return "the check passes without any answer" }
    return passes([starter, check]) ? "the unchanged starter passes the check" : nil
  }
}
