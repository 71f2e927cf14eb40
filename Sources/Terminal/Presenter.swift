public import Outputs
public import Rendering

/// Shows what cells put out as it comes, and the progress of long work between: at the prompt, in a lesson, in a
/// headless run.
///
/// Plots and tables have an empty line before and after. Progress is a ``ProgressLine`` for each piece of work, from its
/// first word to its last, whatever else is shown meanwhile.
public final class Presenter {
  private let currentStyle: () -> TextStyle
  private let progressPlace: () -> ProgressLine.Place
  private let write: (String) -> Void
  private let writeProgress: (String) -> Void
  private let writeError: ((String) -> Void)?
  /// The lines of the work that is under way, by its label.
  private var lines: [String: ProgressLine] = [:]
  /// The work whose line was written last, while that may still stand on the terminal.
  private var shownWork: String?
  /// Whether the last output was a plot or a table; nil at the beginning of a cell.
  private var wasBlock: Bool?

  /// Creates a presenter.
  ///
  /// - Parameters:
  ///   - style: how outputs are shown; asked each time, since a window changes.
  ///   - progressPlace: where progress goes.
  ///   - write: takes text that stays.
  ///   - writeProgress: takes lines about work that is under way.
  ///   - writeError: takes errors where they go another way than the other outputs.
  public init(
    style: @escaping () -> TextStyle, progressPlace: @escaping () -> ProgressLine.Place,
    write: @escaping (String) -> Void, writeProgress: @escaping (String) -> Void,
    writeError: ((String) -> Void)? = nil
  ) {
    currentStyle = style
    self.progressPlace = progressPlace
    self.write = write
    self.writeProgress = writeProgress
    self.writeError = writeError
  }

  /// Creates a presenter over the process's own streams.
  ///
  /// - Parameters:
  ///   - separatesErrors: whether errors go to standard error.
  ///   - showsOutputs: whether anything goes to standard output at all.
  public convenience init(_ terminal: Terminal, separatesErrors: Bool = false, showsOutputs: Bool = true) {
    let writeError: ((String) -> Void)? = separatesErrors ? { Streams.writeError($0) } : nil
    self.init(
      style: { terminal.style }, progressPlace: { terminal.progress },
      write: { if showsOutputs { Streams.write($0) } }, writeProgress: Streams.writeError,
      writeError: writeError)
  }

  /// The style of outputs, as the terminal is now.
  public var style: TextStyle { currentStyle() }

  /// Shows an output.
  ///
  /// - Parameter label: what stands before it, such as `Out[3]: `.
  public func show(_ output: Output, label: String = "") {
    if case .progress(let update) = output { return show(update) }
    wipeProgress()
    let style = style
    let text = output.text(style) + "\n"
    if case .error = output, let writeError { return writeError(text) }
    write(space(before: output))
    let isBelow = !label.isEmpty && text.dropLast().contains("\n")
    write((label.isEmpty ? "" : style.inked(label, .cyan)) + (isBelow ? "\n" : "") + text)
  }

  /// Shows a text that no cell put out; what comes after it begins anew.
  public func show(text: String) {
    wipeProgress()
    wasBlock = nil
    write(text)
  }

  /// Ends whatever work is under way: a cell is over, however it ended.
  public func endWork() {
    wipeProgress()
    lines = [:]
  }

  /// Begins anew: what comes next is the first output of its cell.
  public func beginCell() {
    endWork()
    wasBlock = nil
  }

  private func show(_ update: ProgressUpdate) {
    var line = lines[update.label] ?? ProgressLine(progressPlace())
    line.place = progressPlace()
    writeProgress(line.text(for: update))
    lines[update.label] = update.isFinal ? nil : line
    shownWork = update.isFinal ? nil : update.label
  }

  /// Takes the line of progress off the terminal, so that other output has a line of its own.
  private func wipeProgress() {
    guard let work = shownWork else { return }
    writeProgress(lines[work]?.interrupted() ?? "")
    shownWork = nil
  }

  private func space(before output: Output) -> String {
    let isBlock =
      switch output {
      case .plot, .table: true
      case .printed, .text, .value, .notice, .error, .progress: false
      }
    defer { wasBlock = isBlock }
    guard let wasBlock else { return "" }
    return isBlock || wasBlock ? "\n" : ""
  }
}
