/// An exercise of a walkthrough: an `[exercise]` cell, with the `[solution]`, the `[check]` and the `[check hidden]` that
/// follow it.
///
/// Prose may stand between them; another code cell ends the exercise.
public struct Exercise: Sendable, Equatable {
  /// The place of the cell that the learner is to fill in.
  public let starter: Int
  /// The place of the cell that holds an answer.
  public let solution: Int?
  /// The place of the cell that looks at what was reached.
  public let check: Int?
  /// The place of the cell that looks closer when it is graded.
  public internal(set) var hiddenCheck: Int?
}

extension Notebook {
  /// The exercises, in order.
  public var exercises: [Exercise] {
    let code = cells.filter { $0.kind == .code }
    return code.indices.filter { code[$0].role == .exercise }.map { start in
      var next = start + 1
      func take(_ role: Cell.Role) -> Int? {
        guard next < code.count, code[next].role == role else { return nil }
        defer { next += 1 }
        return code[next].index
      }
      return Exercise(
        starter: code[start].index, solution: take(.solution), check: take(.check),
        hiddenCheck: take(.hiddenCheck))
    }
  }

  /// The places of the cells that a run from top to bottom evaluates: the code, but for a starter that a
  /// solution stands in for.
  public var runnableCells: Set<Int> {
    let replaced = exercises.filter { $0.solution != nil }.map(\.starter)
    return Set(cells.filter { $0.kind == .code }.map(\.index)).subtracting(replaced)
  }
}
