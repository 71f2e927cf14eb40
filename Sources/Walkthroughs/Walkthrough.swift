public import Localization
public import Notebooks

/// A notebook as a lesson: steps that a learner takes one after the other.
public struct Walkthrough: Sendable {
  /// What it is started by: `xor`, `fr/xor`, or the path of a teacher's own file.
  public let name: String
  /// The notebook.
  public let notebook: Notebook
  /// The steps, in order.
  public let steps: [Step]

  /// Divides a notebook into steps.
  public init(name: String, notebook: Notebook) {
    self.name = name
    self.notebook = notebook
    steps = Step.steps(of: notebook)
  }

  /// What the notebook calls itself, or its name.
  public var title: String { notebook.header.title ?? name }

  /// What messages call the notebook: `xor.nbs`.
  var fileName: String {
    let last = name.split(separator: "/").last.map(String.init) ?? name
    return last.hasSuffix(".nbs") || last.hasSuffix(".ipynb") ? last : last + ".nbs"
  }

  /// Whether it is a teacher's own file, and not one of those that come with the program.
  var isFile: Bool { name.hasSuffix(".nbs") || name.hasSuffix(".ipynb") }

  /// The folder of a teacher's own file; nil for a walkthrough that comes with the program.
  var folder: String? {
    guard isFile else { return nil }
    return name.lastIndex(of: "/").map { String(name[...$0]) }
  }

  /// The language that a lesson on it speaks in.
  public var language: UserLanguage { notebook.header.language }

  /// The exercises among the steps.
  public var exercises: [Step] { steps.filter(\.isExercise) }
}

/// One step of a walkthrough: prose, then a cell of code that Enter runs or that the learner fills in.
public struct Step: Sendable {
  /// The prose to read first.
  public internal(set) var prose: [Cell] = []
  /// The code; nil for prose at the end.
  public internal(set) var code: Cell?
  /// For an exercise: a cell that answers it.
  public internal(set) var solution: Cell?
  /// For an exercise: prose that stands behind the starter, for who has found the answer.
  public internal(set) var afterword: [Cell] = []
  /// For an exercise: the cell that looks at the state reached.
  public internal(set) var check: Cell?
  /// For an exercise: the cell that looks closer when it is graded.
  public internal(set) var hiddenCheck: Cell?

  /// Whether the learner is to do something here.
  public var isExercise: Bool { code?.role == .exercise }

  /// The id that progress remembers this step by.
  var id: String { code?.id ?? prose.first?.id ?? "" }

  /// A line that tells what this step is about: the cell's title, else a headline, else the first words.
  public var title: String {
    if let words = code?.title ?? prose.lazy.compactMap(\.headline).first { return words }
    return String((code ?? prose.first)?.source.split(separator: "\n").first ?? "")
  }
}

extension Step {
  /// Each cell of code ends a step; what belongs to an exercise stays with it.
  static func steps(of notebook: Notebook) -> [Step] {
    let exercises = Dictionary(uniqueKeysWithValues: notebook.exercises.map { ($0.starter, $0) })
    var steps: [Step] = []
    var step = Step()
    var index = 0
    while index < notebook.cells.count {
      let cell = notebook.cells[index]
      if cell.kind == .markdown { step.prose.append(cell) }
      if cell.kind == .code {
        step.code = cell
        if let exercise = exercises[index] { index = step.take(exercise, of: notebook) }
        steps.append(step)
        step = Step()
      }
      index += 1
    }
    if !step.prose.isEmpty { steps.append(step) }
    return steps
  }

  /// Takes an exercise's cells; returns the place of the last.
  private mutating func take(_ exercise: Exercise, of notebook: Notebook) -> Int {
    let last =
      [exercise.starter, exercise.solution, exercise.check, exercise.hiddenCheck].compactMap(\.self).max()
      ?? exercise.starter
    solution = exercise.solution.map { notebook.cells[$0] }
    check = exercise.check.map { notebook.cells[$0] }
    hiddenCheck = exercise.hiddenCheck.map { notebook.cells[$0] }
    afterword = notebook.cells[exercise.starter...last].filter { $0.kind == .markdown }
    return last
  }
}

// MARK: - Handing out

extension Walkthrough {
  /// The notebook as it is given to a class: without solutions and hidden checks.
  public var handout: Notebook {
    var handout = notebook
    handout.cells = notebook.cells.filter { $0.role != .solution && $0.role != .hiddenCheck }
    return handout
  }
}
