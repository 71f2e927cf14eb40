import Notebooks

extension Cell {
  /// What stands above a cell of code in a report: its title, and what it is for in a walkthrough.
  var heading: String? {
    switch role {
    case nil: title
    case .exercise: title.map { "Exercise: \($0)" } ?? "Exercise"
    case .solution: title ?? "A solution"
    case .check: title ?? "Check"
    }
  }
}
