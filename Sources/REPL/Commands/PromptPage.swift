public import Outputs
public import Terminal

/// Where a prompt shows what comes of its entries: a terminal, or a page of Jupyter.
public protocol PromptPage: AnyObject {
  /// Shows an output.
  ///
  /// - Parameter number: the cell that put it out; nil where none did.
  func show(_ output: Output, ofCell number: Int?)
  /// Shows a text that no cell put out, its line break with it.
  func show(text: String)
  /// Begins the outputs of a cell.
  func beginCell()
  /// Ends whatever work is under way: a cell is over, however it ended.
  func endWork()
}

extension Presenter: PromptPage {
  /// Shows an output, a value of a cell behind `Out[n]:`.
  public func show(_ output: Output, ofCell number: Int?) {
    if let number, case .value = output {
      show(output, label: "Out[\(number)]: ")
    } else {
      show(output)
    }
  }
}
