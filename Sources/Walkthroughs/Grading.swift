import Diagnostics
public import Notebooks
public import Sessions

/// What came of one exercise of a notebook that was handed in.
public struct ExerciseGrade: Codable, Sendable, Equatable {
  /// How it came out.
  public enum Verdict: String, Codable, Sendable {
    /// The check holds.
    case passed
    /// The check does not hold, or the answer failed.
    case failed
    /// The starter is as it was.
    case untouched
    /// The notebook has no such exercise.
    case missing
  }

  /// The exercise's title.
  public let title: String
  /// How it came out.
  public let verdict: Verdict
  /// What the check expected and found, or what was wrong; empty when it passed.
  public let message: String
  /// What whoever reads the grade should know besides; empty where there is nothing.
  public var remark = ""
  /// What the exercise is worth.
  public let points: Double
  /// The share of it that was earned: 1 when it passed, else that of the assertions that hold thanks to the answer.
  public var credit: Double
  /// The code that was handed in; empty for a missing answer.
  public let answer: String

  init(title: String, verdict: Verdict, message: String = "", points: Double = 1, answer: String = "") {
    self.title = title
    self.verdict = verdict
    self.message = message
    self.points = points
    credit = verdict == .passed ? 1 : 0
    self.answer = answer
  }

  /// The points that were earned.
  public var earned: Double { points * credit }
}

/// Grades a notebook that was handed in against the checks of the original.
///
/// The original is what runs: its cells, its checks. Only the answers are taken from the other, so a changed
/// check or a broken cell elsewhere costs nothing and gains nothing. Before a check, whatever an answer has put in the place of
/// built-in functions, metrics and the original's data is put back; answers read no other files than the original names,
/// and save to a folder that nobody reads. An exercise that is not solved is solved
/// as the original does, so that the next one is judged by itself.
public struct Grader {
  private let stage: Stage
  private let original: Walkthrough
  /// The names that the original's own cells give a value.
  private let defined: Set<String>

  /// Prepares the grading of one notebook.
  ///
  /// - Parameter scratchFolder: takes what answers save.
  public init(_ original: Walkthrough, scratchFolder: String, makeSession: @escaping () -> Session) {
    self.original = original
    stage = Stage(original, scratchFolder: scratchFolder, makeSession: makeSession)
    defined = stage.namesChanged(by: original.steps.flatMap { [$0.code, $0.solution] })
  }

  /// Grades.
  ///
  /// - Parameter report: takes each grade as it comes, so that a notebook that never ends keeps those it has.
  public func grade(_ notebook: Notebook, report: (ExerciseGrade) -> Void) {
    let answers = Answers(to: original, in: notebook)
    for (index, step) in original.steps.enumerated() {
      guard step.isExercise else {
        // What an answer left may keep a later cell from running; that cell is not to blame.
        if !stage.play(step).isDone { _ = stage.replay(before: index + 1) }
        continue
      }
      var grade = grade(step, answer: answers[step])
      if answers.copied.contains(step.id) {
        grade.remark = "The notebook has this exercise more than once; the last one counts."
      }
      report(grade)
      if grade.verdict != .passed { _ = stage.replay(before: index + 1) }
    }
  }

  private func grade(_ step: Step, answer: [Cell]?) -> ExerciseGrade {
    func graded(_ verdict: ExerciseGrade.Verdict, _ message: String = "") -> ExerciseGrade {
      let code = (answer ?? []).map(\.source).joined(separator: "\n\n")
      return ExerciseGrade(
        title: step.title, verdict: verdict, message: message, points: step.code?.points ?? 1, answer: code)
    }
    guard let answer else { return graded(.missing) }
    if answer.count == 1, answer[0].source == step.code?.source { return graded(.untouched) }
    let before = stage.session.snapshot()
    let changing = stage.namesChanged(by: [step.code, step.solution])
    for cell in answer {
      let result = stage.run(cell) { _ in }
      if let problem = Self.problem(result) { return graded(.failed, problem) }
    }
    let mentioned = [step.code, step.solution].compactMap(\.self).reduce(into: Set<String>()) {
      $0.formUnion($1.words)
    }
    let remark = stage.session.restoreOriginals(
      from: before, changing: changing, mentioning: mentioned, defining: defined)
    let after = stage.session.snapshot()
    func failed(_ message: String) -> ExerciseGrade {
      var grade = graded(.failed, message)
      grade.credit = credit(for: step, before: before, after: after)
      return grade
    }
    if let check = step.check, let problem = Self.problem(stage.run(check) { _ in }) {
      return failed(([remark].compactMap(\.self) + [problem]).joined(separator: " "))
    }
    // Whoever hears what it asks for could answer just that.
    let isRight = step.hiddenCheck.map { stage.run($0) { _ in }.isDone } ?? true
    return isRight ? graded(.passed) : failed("A hidden check, on other values, does not hold.")
  }

  /// The share of an exercise's assertions that hold now and did not before the answer. Where there is a hidden check, the
  /// smaller share of the two counts, so that an answer made for the visible one earns nothing by it.
  private func credit(for step: Step, before: SessionSnapshot, after: SessionSnapshot) -> Double {
    let shares = [step.check, step.hiddenCheck].compactMap(\.self).compactMap { cell -> Double? in
      let (now, then) = (assertions(of: cell, in: after), assertions(of: cell, in: before))
      let open = now.indices.filter { !then[$0] }
      return open.isEmpty ? nil : Double(open.count { now[$0] }) / Double(open.count)
    }
    return shares.min() ?? 0
  }

  /// Which assertions of a check hold, each by itself.
  private func assertions(of check: Cell, in state: SessionSnapshot) -> [Bool] {
    stage.session.restore(state)
    return Session.statements(in: SourceText(check.source, name: original.fileName)).compactMap { statement in
      let cell = Cell(.code, statement)
      let holds = stage.run(cell) { _ in }.isDone
      return cell.words.contains("assert") ? holds : nil
    }
  }

  /// What is wrong, in one line.
  private static func problem(_ result: Stage.Result) -> String? {
    switch result.outcome {
    case .done: nil
    case .interrupted: "it was stopped"
    case .incomplete: "the cell is incomplete"
    case .failed(let error):
      error.notes.reduce(error.message) { $0 + (".!?".contains($0.last ?? ".") ? " " : ": ") + $1 }.onOneLine
    }
  }
}

/// Where the answers stand in a notebook that was handed in.
struct Answers {
  private var cells: [String: [Cell]] = [:]
  /// The exercises that the notebook has more than once.
  private(set) var copied: Set<String> = []

  /// An exercise is found by the id that its cell was given, else by its title, else by its place among as
  /// many exercises as the original has. Of copies the last counts. Code that was added right behind it belongs to the answer.
  init(to original: Walkthrough, in notebook: Notebook) {
    let exercises = original.exercises
    let candidates = notebook.cells.filter { $0.role == .exercise }
    let known = Set(original.notebook.cells.map(\.id))
    for (index, exercise) in exercises.enumerated() {
      guard let cell = exercise.code else { continue }
      let isUnique = cell.title != nil && exercises.count { $0.code?.title == cell.title } == 1
      let named = notebook.cells.filter {
        $0.kind == .code && $0.id == cell.id || isUnique && $0.role == .exercise && $0.title == cell.title
      }
      if named.count > 1 { copied.insert(exercise.id) }
      guard let found = named.last ?? (candidates.count == exercises.count ? candidates[index] : nil) else {
        continue
      }
      let added = notebook.cells[(found.index + 1)...].prefix {
        $0.kind != .code || $0.role == nil && !known.contains($0.id)
      }
      cells[exercise.id] = [found] + added.filter { $0.kind == .code }
    }
  }

  subscript(step: Step) -> [Cell]? { cells[step.id] }
}

extension Library {
  /// The walkthrough that comes with the program and that a notebook was made from: the one of the same
  /// title, or the only one that shares an exercise's id.
  ///
  /// - Parameter all: those that come with the program.
  static func original(of notebook: Notebook, among all: [Walkthrough]) -> Walkthrough? {
    if let title = notebook.header.title, let found = all.first(where: { $0.title == title }) { return found }
    let ids = Set(notebook.cells.map(\.id))
    let related = all.filter { $0.exercises.contains { ids.contains($0.id) } }
    return related.count == 1 ? related[0] : nil
  }
}
