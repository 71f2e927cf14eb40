import Diagnostics
import Foundation
import Outputs
import Rendering
import Sessions
import Testing

/// A session in a file goes on with the same bits.
@Suite struct SessionFileTests {
  private let path = FileManager.default.temporaryDirectory.appending(
    path: "nbs-\(UUID().uuidString).session"
  )
  .path

  private func run(
    _ cells: [String], in transcript: Transcript, _ location: SourceLocation = #_sourceLocation
  ) {
    for cell in cells {
      let outcome = transcript.run(cell) { _ in }
      #expect(outcome == .done, "\(cell)", sourceLocation: location)
    }
  }

  /// What a cell shows.
  private func shown(_ cell: String, in transcript: Transcript) -> [String] {
    var shown: [String] = []
    _ = transcript.run(cell) { shown.append($0.text(.report)) }
    return shown
  }

  private func reopened(_ transcript: Transcript) throws -> Transcript {
    defer { unlink(path) }
    try SessionFile.write(transcript, to: path) { $0.text(.report) }
    return try SessionFile.read(path, into: Session())
  }

  private static let xor = [
    "seed 5; data xor", "net solver loss=mse rate=0.3 optimizer=adam",
    "layer inp input 2; layer hid dense 3 sigmoid; layer out dense 1 sigmoid", "connect all",
    "train xor epochs=7 batch=2",
  ]

  @Test(
    "Training goes on with the same bits",
    arguments: [
      "train xor epochs=5", "train xor epochs=5 optimizer=sgd momentum=0.9",
      "train xor epochs=5 optimizer=nadam",
      "activate [0, 1]; propagate [1]", "x = randn(3); x", "reset weights; train xor epochs=2",
    ])
  func continues(cell: String) throws {
    let transcript = Transcript(session: Session())
    run(Self.xor + ["activate [1, 0]", "n = randn(1)"], in: transcript)
    let copy = try reopened(transcript)
    let look = "\(cell); option digits=17; hid.weights; out.bias; randn(2); predict xor; summary"
    #expect(shown(look, in: copy) == shown(look, in: transcript))
  }

  @Test("Every kind of value comes back")
  func values() throws {
    let transcript = Transcript(session: Session())
    run(
      Self.xor
        + [
          "a = [[1, 2], [3, 4]]; t = a > 2; s = \"wörd\"; l = [\"a\", [1, 2], 3]; q = 0 / 0; w = -1 / 0",
          "k = 3; def f(x) { y = x * k; y + 1 }\ng = f",
          "d = xor; m = solver; h = hid; record r = 4; record r = 5",
          "split xor test=25%; prepare xor scale=minmax; train xor epochs=1",
          "option precision=double digits=9",
          "data pic from digits; net conv; layer i input 8x8x1; layer c conv2d 2 3x3 relu; layer f flat",
          "a[0]", "param rate = 0.5",
        ].map { $0.replacing("layer f flat", with: "layer fl flatten") }, in: transcript)
    let look = """
      print a, t, s, l, q, w, f(2), g(2), k, m, h, d, rate
      _; Out[11]; plot series r; show data xor; summary; option
      net solver
      predict xor; plot loss
      """
    let copy = try reopened(transcript)
    #expect(copy.entries.map(\.source) == transcript.entries.map(\.source))
    #expect(copy.nextNumber == transcript.nextNumber)
    #expect(shown(look, in: copy) == shown(look, in: transcript))
  }

  @Test("Stale cells are as stale as before")
  func stale() throws {
    let transcript = Transcript(session: Session())
    run(["a = 1", "def f(x) = x + a", "b = f(2)", "a = 2"], in: transcript)
    let before = Dependencies(transcript.entries).stale
    #expect(before.map(\.number) == [3])
    #expect(Dependencies(try reopened(transcript).entries).stale == before)
  }

  @Test("A damaged file is refused, wherever it is damaged")
  func damaged() throws {
    let transcript = Transcript(session: Session())
    run(Self.xor + ["def f(x) = x", "a = [1, 2, 3]"], in: transcript)
    try SessionFile.write(transcript, to: path) { $0.text(.report) }
    defer { unlink(path) }
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    var refused = 0
    for place in stride(from: 0, to: bytes.count, by: 61) {
      var changed = bytes
      changed[place] ^= 0x15
      try changed.write(to: URL(fileURLWithPath: path))
      do { _ = try SessionFile.read(path, into: Session()) } catch {
        refused += 1
        #expect(error is Diagnostic, "\(error)")
      }
    }
    #expect(refused > 20)
    for length in [0, 1, 8, 9, 100, bytes.count / 2, bytes.count - 1] {
      try bytes.prefix(length).write(to: URL(fileURLWithPath: path))
      #expect(throws: Diagnostic.self) { _ = try SessionFile.read(path, into: Session()) }
    }
    #expect(throws: Diagnostic.self) { _ = try SessionFile.read("/nonexistent", into: Session()) }
  }
}
