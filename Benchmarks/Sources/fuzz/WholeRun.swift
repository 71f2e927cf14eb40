import Diagnostics
import Dispatch
import Foundation
import Notebooks
import Outputs
import Rendering
import Sessions

/// A notebook run from its first cell to its last, with a limit of time, and its reports.
struct WholeRun {
  let folder: String
  let tells: Bool
  /// The seconds that a notebook may take before it is asked to stop.
  private static let limit = 0.15
  private static let queue = DispatchQueue(label: "fuzz.clock")

  func answer(_ bytes: [UInt8], _ number: Int) -> Target.Answer {
    guard let notebook = NotebookFormat.read(bytes, name: "n.nbs").notebook else { return .refused }
    try? FileManager.default.removeItem(atPath: folder + "/out")
    let interruption = InterruptionRequest()
    let session = Session(seed: UInt64(number), interruption: interruption)
    session.files = FilePlaces(notebookFolder: folder, scratchFolder: folder + "/out")
    session.files.mayDownload = false
    let clock = WholeRun.limiting(interruption)
    defer { WholeRun.queue.sync { clock.cancel() } }
    var (wrong, entries, isGood): (String?, [Report.Entry], Bool) = (nil, [], true)
    let transcript = Transcript(session: session)
    for cell in notebook.cells {
      var outputs: [Output] = []
      if cell.kind == .code, !interruption.isRequested {
        let sink: (Output) -> Void = { output in
          outputs.append(output)
          if tells { say(output.text(.report)) }
        }
        if tells { say("> " + cell.source) }
        // As a prompt does it, or as a run does it.
        let outcome =
          number % 2 == 0
          ? transcript.run(cell.source, emit: sink)
          : session.evaluate(SourceText(cell.source, name: "cell"), emit: sink)
        if case .failed(let diagnostic) = outcome {
          isGood = false
          if diagnostic.code == .internalError { wrong = diagnostic.message }
        }
      }
      entries.append(Report.Entry(cell: cell, outputs: outputs))
    }
    let report = Report(title: "n", facts: session.facts, entries: entries, header: notebook.header)
    _ = [report.markdown, report.html, report.ipynb][number % 3]()
    if number % 16 == 0 { wrong = wrong ?? kept(transcript) }
    if let wrong { return .wrong(wrong) }
    return isGood ? .taken : .refused
  }

  /// Writes the session to a file and reads it again.
  ///
  /// - Returns: what is wrong with that.
  private func kept(_ transcript: Transcript) -> String? {
    let path = folder + "/kept.session"
    do { try SessionFile.contents(of: transcript) { $0.text(.report) }.write(to: path) } catch { return nil }
    do {
      _ = try SessionFile.read(path, into: Session()) { _ in }
      return nil
    } catch {
      return "the session that was written cannot be read: \(error)"
    }
  }

  /// Asks to stop when the limit of processor time is reached.
  private static func limiting(_ interruption: InterruptionRequest) -> any DispatchSourceTimer {
    let begun = ProcessTime.now
    let clock = DispatchSource.makeTimerSource(queue: queue)
    clock.schedule(deadline: .now() + 0.02, repeating: 0.02)
    clock.setEventHandler { if ProcessTime.now - begun > limit { interruption.request(.cellTimeLimit) } }
    clock.resume()
    return clock
  }
}
