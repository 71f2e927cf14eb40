import Diagnostics
public import Notebooks
public import Outputs

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

extension RenderedOutput {
  /// The output in every form that it has, the plainest first, as Jupyter keeps it.
  ///
  /// All have `text/plain`: the output of a report, 72 columns of ASCII, with a plot's caption below. Tables have
  /// `text/markdown` and `text/html` beside it, plots `image/svg+xml`.
  public var mimeBundle: [MIMEContent] {
    let below = caption.map { "\n" + $0.wrapped(to: TextStyle.report.width).joined(separator: "\n") } ?? ""
    return [MIMEContent("text/plain", plain + below)] + forms.map { MIMEContent($0.type, $0.text) }
  }
}
