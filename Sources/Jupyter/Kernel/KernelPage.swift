import Diagnostics
import Foundation
import Foundations
import JSON
import Notebooks
import Outputs
import Plotting
import REPL
import Rendering
import Terminal

/// The page of a notebook: sends what a cell puts out to the clients that listen.
final class KernelPage: PromptPage {
  private let outbox: Outbox
  /// The request whose outputs come.
  private var parent = JSONValue.object([])
  private var isSilent = false
  private var lines: [String: Line] = [:]
  private var displays = 0
  /// The first error that was shown in this request.
  private(set) var error: Diagnostic?
  /// The last value that was shown in this request.
  private(set) var value: String?

  /// The progress of one piece of work, which is shown in one place.
  private struct Line {
    var line = ProgressLine(.page(width: 80))
    var display: String?
    var shown = ContinuousClock.now
  }

  /// Work that is done within so many seconds is not worth a line.
  private static let patience = 0.5
  /// A line is drawn anew at most so often.
  private static let pause = Duration.milliseconds(100)

  init(_ outbox: Outbox) { self.outbox = outbox }

  /// Begins the outputs of a request.
  ///
  /// - Parameter isSilent: whether none of them is sent.
  func begin(_ request: Message, isSilent: Bool) {
    parent = request.header
    self.isSilent = isSilent
    error = nil
    value = nil
    lines = [:]
  }

  func show(_ output: Output, ofCell number: Int?) {
    if case .error(let diagnostic) = output { error = error ?? diagnostic }
    if case .value(let text) = output { value = text }
    if isSilent { return }
    switch output {
    case .printed, .text: write(output.text(.report) + "\n", to: "stdout")
    case .notice: write(output.text(.report) + "\n", to: "stderr")
    case .progress(let update): show(update)
    case .error(let diagnostic): publish("error", KernelPage.error(diagnostic))
    case .value, .table, .plot:
      guard let rendered = RenderedOutput(output) else { return }
      var content = [JSONValue.Member("data", KernelPage.bundle(rendered)), .init("metadata", .object([]))]
      if let number, rendered.kind == .value {
        content.append(.init("execution_count", JSONValue(number)))
        publish("execute_result", content)
      } else {
        publish("display_data", content)
      }
    }
  }

  func show(text: String) { write(text, to: "stdout") }

  func beginCell() { endWork() }

  func endWork() {
    for label in lines.keys { wipe(label) }
  }

  /// Says something that is to be noticed and is no part of the results.
  func remark(_ text: String) { write(text + "\n", to: "stderr") }

  private func write(_ text: String, to stream: String) {
    if !isSilent { outbox.write(text, to: stream, for: parent) }
  }

  private func publish(_ type: String, _ content: [JSONValue.Member]) {
    guard !isSilent else { return }
    outbox.send([OutgoingMessage(destination: .all, type: type, parent: parent, content: .object(content))])
  }

  // MARK: - Forms

  /// The forms of an output under their types. A plot has one more, for pages: there it follows the page's light or dark.
  /// A table's columns are set as they are in a report, which the styles of pages would change.
  static func bundle(_ output: RenderedOutput) -> JSONValue {
    var forms = output.forms
    if let svg = output.form("image/svg+xml") {
      forms.append(.init("text/html", PlotFigure.html(svg, caption: output.caption ?? "")))
    } else if let place = forms.firstIndex(where: { $0.type == "text/html" }) {
      forms[place].text = "<style>\(tableStyle)</style><div class=\"nbs-table\">\(forms[place].text)</div>"
    }
    var output = output
    output.forms = forms
    return .object(output.mimeBundle.map { JSONValue.Member($0.type, $0.content) })
  }

  private static let tableStyle =
    ".nbs-table .wide table :is(th,td){text-align:left}.nbs-table .wide table .num{text-align:right}"

  /// An error as clients show it: the traceback is what is read, name and value are for programs.
  static func error(_ diagnostic: Diagnostic) -> [JSONValue.Member] {
    let text = Output.error(diagnostic).text(TextStyle(width: TextStyle.report.width, usesColor: true))
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return [
      .init("ename", .string(diagnostic.code.rawValue)), .init("evalue", .string(diagnostic.message)),
      .init("traceback", .array(lines.map { .string(String($0)) })),
    ]
  }

  // MARK: - Progress

  private func show(_ update: ProgressUpdate) {
    if update.isFinal { return wipe(update.label) }
    var line = lines[update.label] ?? Line()
    defer { lines[update.label] = line }
    let text = line.line.text(for: update)
    let isFirst = line.display == nil
    guard
      isFirst ? update.seconds >= KernelPage.patience : ContinuousClock.now - line.shown >= KernelPage.pause
    else { return }
    if isFirst {
      displays += 1
      line.display = "nbs-progress-\(getpid())-\(displays)"
    }
    line.shown = .now
    show(.members(["text/plain": .string(text)]), in: line.display ?? "", isNew: isFirst)
  }

  /// Takes a line away: it is no part of the results.
  private func wipe(_ label: String) {
    if let display = lines[label]?.display { show(.members(["text/plain": ""]), in: display, isNew: false) }
    lines[label] = nil
  }

  private func show(_ bundle: JSONValue, in display: String, isNew: Bool) {
    publish(
      isNew ? "display_data" : "update_display_data",
      [
        .init("data", bundle), .init("metadata", .object([])),
        .init("transient", .members(["display_id": .string(display)])),
      ])
  }
}
