import REPL
import Rendering
import Sessions
import Terminal

/// A prompt without a terminal: what is entered, and what that shows.
final class Conversation {
  let session: Session
  private(set) var prompt: Prompt
  /// What was shown since it was last asked for.
  private let written = Box()
  let progress = Box()

  /// Text that a prompt writes to.
  final class Box {
    var text = ""
  }

  init(style: TextStyle = TextStyle(width: 80), place: ProgressLine.Place = .log) {
    let (session, written, progress) = (Session(), written, progress)
    self.session = session
    prompt = Prompt(
      session: session,
      presenter: Presenter(
        style: { style }, progressPlace: { place }, write: { written.text += $0 },
        writeProgress: { progress.text += $0 }))
  }

  /// What an entry shows.
  func shown(_ source: String) -> String {
    written.text = ""
    _ = prompt.enter(source)
    return written.text
  }

  func enter(_ source: String) -> Prompt.Next { prompt.enter(source) }

  /// Enters lines that are right.
  func enter(lines: String) {
    for line in lines.split(separator: "\n") { _ = enter(String(line)) }
  }

  /// The data and the network of XOR.
  static let xor = """
    data xor { 0 0 -> 0; 0 1 -> 1; 1 0 -> 1; 1 1 -> 0 }
    net solver loss=mse rate=0.3
    layer inp input 2; layer hid dense 3 sigmoid; layer out dense 1 sigmoid
    connect inp -> hid -> out
    """
}
