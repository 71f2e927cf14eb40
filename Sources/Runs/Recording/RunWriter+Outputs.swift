import Foundations
import Outputs
import SQLite

extension RunWriter {
  /// More than this from one cell is not kept: a loop that prints for a night must not fill the disk.
  static let mostOutputBytes = 4 << 20

  func keep(_ output: PendingOutput, _ db: Connection, _ progress: inout Progress) throws {
    guard progress.outputBytes <= RunWriter.mostOutputBytes, let rendered = output.rendered else { return }
    var content = StoredOutput.text(of: rendered)
    progress.outputBytes += content.utf8.count
    if progress.outputBytes > RunWriter.mostOutputBytes { content = StoredOutput.text(of: .notKept) }
    try db.execute(
      "INSERT INTO outputs (run, cell, position, content) VALUES (?, ?, ?, ?)",
      [progress.run, progress.cell, progress.outputs, content])
    progress.outputs += 1
  }
}

extension RenderedOutput {
  /// What stands where the rest of a cell's outputs would.
  fileprivate static var notKept: RenderedOutput {
    let message = "The output of this cell exceeds 4 MB; the rest was not recorded."
    return RenderedOutput(.notice, plain: message, code: ErrorCode.outputNotKept.rawValue, message: message)
  }
}

extension [RunEvent] {
  /// These events, with lines that a cell printed one after the other as one output.
  var joiningText: [RunEvent] {
    var joined: [RunEvent] = []
    var printed: [PendingOutput] = []
    func flush() {
      if let output = PendingOutput.joining(printed) { joined.append(.output(output)) }
      printed = []
    }
    for event in self {
      if case .output(let pending) = event, case .printed = pending.output {
        printed.append(pending)
      } else {
        flush()
        joined.append(event)
      }
    }
    flush()
    return joined
  }
}
