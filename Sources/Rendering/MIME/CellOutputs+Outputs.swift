public import Notebooks
public import Outputs

extension CellOutputs {
  /// The outputs of a cell as a `.ipynb` file holds them.
  ///
  /// What was printed is a stream, and lines that follow each other are one; notices go to `stderr`.
  ///
  /// - Parameters:
  ///   - outputs: what the cell showed, in order.
  ///   - executionCount: the `n` of `In [n]`; nil for a cell that did not run.
  public init(_ outputs: [RenderedOutput], executionCount: Int?) {
    self.init(executionCount: executionCount)
    for output in outputs { add(output) }
  }

  private mutating func add(_ output: RenderedOutput) {
    switch output.kind {
    case .text: addLine(output.plain, to: .stdout)
    case .notice: addLine(output.plain, to: .stderr)
    case .value: items.append(.result(output.mimeBundle))
    case .table, .plot: items.append(.display(output.mimeBundle))
    case .error:
      // Jupyter shows the traceback alone; name and value are for programs.
      let lines = output.plain.split(separator: "\n", omittingEmptySubsequences: false)
      items.append(
        .error(
          name: output.code ?? "", value: output.message ?? "", traceback: lines.map(String.init)))
    }
  }

  private mutating func addLine(_ text: String, to stream: Stream) {
    if case .stream(stream, let before)? = items.last {
      items[items.count - 1] = .stream(stream, before + text + "\n")
    } else {
      items.append(.stream(stream, text + "\n"))
    }
  }
}
