import Diagnostics
import Localization

/// How far a learner came in a walkthrough; the form in which it is kept.
public struct LessonProgress: Codable, Sendable, Equatable {
  /// The id of the step that comes next, by which it is found again when the notebook has changed; nil at the
  /// start and at the end.
  public var cell: String?
  /// How many steps are done.
  public var step = 0
  /// The exercises that were solved, by their ids.
  public var solved: Set<String> = []
  /// The exercises whose solution was shown.
  public var skipped: Set<String> = []

  /// The answers to exercises that were solved, by their ids; nil in files of earlier versions.
  private(set) var answers: [String: String]?

  /// Keeps the answer to an exercise.
  mutating func keep(answer: String, to exercise: String) {
    answers = (answers ?? [:]).merging([exercise: answer]) { $1 }
  }

  /// Creates the progress of somebody who has not begun.
  public init() {}

  /// The step to go on with.
  func place(in walkthrough: Walkthrough) -> Int {
    let steps = walkthrough.steps
    if let cell, let found = steps.firstIndex(where: { $0.id == cell }) { return found }
    return min(max(step, 0), steps.count)
  }

  /// The progress in a few words: `step 3 of 9, 1 of 2 exercises`.
  public func words(for walkthrough: Walkthrough) -> String {
    let place = place(in: walkthrough)
    guard place > 0 || !solved.isEmpty else { return localized("not started") }
    let steps = walkthrough.steps.count
    let way = place == steps ? localized("done") : localized("step \(place + 1) of \(steps)")
    let exercises = walkthrough.exercises
    guard !exercises.isEmpty else { return way }
    let count = exercises.count { solved.contains($0.id) }
    return localized("\(way), \(count) of \(exercises.count, "exercise") solved")
  }
}
