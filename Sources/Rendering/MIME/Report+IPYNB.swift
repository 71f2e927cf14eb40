import Notebooks
import Outputs

extension Report {
  /// The report as a Jupyter notebook (nbformat 4.5): the cells, each with its outputs in every form that they
  /// have. Read back by nbs it is the notebook that ran.
  public func ipynb() -> String {
    let notebook = Notebook(header: header, cells: entries.map(\.cell))
    var outputs: [String: CellOutputs] = [:]
    var count = 0
    for (cell, entry) in zip(notebook.cells, entries) where entry.wasReached {
      count += 1
      outputs[cell.id] = CellOutputs(entry.outputs, executionCount: count)
    }
    return IPYNB.write(notebook, outputs: outputs)
  }
}
