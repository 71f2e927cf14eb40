public import Notebooks

extension Walkthrough {
  /// The notebook as it is given to a class: without the solutions.
  public var handout: Notebook {
    var handout = notebook
    handout.cells = notebook.cells.filter { $0.role != .solution }
    return handout
  }
}
