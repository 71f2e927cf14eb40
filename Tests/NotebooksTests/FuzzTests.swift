import Diagnostics
import TestSupport
import Testing

@testable import Notebooks

@Suite("Any bytes")
struct FuzzTests {
  private static let pieces = [
    "# %%", "# %% ", "\n", "\n\n", "# ---\n", "# ", "#", "\\", "[markdown]", "[raw]\n", " x=1", " id=\"a\"",
    "\"",
    "# key: value\n", " ", "\t", "\r\n", "\r", "é", "\u{301}", "title", "[", "]", "=", "{", "}", ":", "%%",
    "#!a\n",
    "\u{FEFF}", "code", "tags=[\"p\"]", "\u{2028}",
  ]

  private func mutated(_ text: String, _ noise: inout Noise) -> [UInt8] {
    var bytes = Array(text.utf8)
    for _ in 0..<(noise.next() % 4) {
      let place = bytes.isEmpty ? 0 : Int.random(in: 0...bytes.count, using: &noise)
      switch noise.next() % 8 {
      case 0 where place < bytes.count: bytes[place] = UInt8(truncatingIfNeeded: noise.next())
      case 1 where place < bytes.count: bytes.remove(at: place)
      case 2: bytes.removeSubrange(place..<min(bytes.count, place + Int(noise.next() % 9)))
      default: bytes.insert(contentsOf: (Self.pieces.randomElement(using: &noise) ?? "").utf8, at: place)
      }
    }
    return bytes
  }

  private func isPlain(_ bytes: [UInt8]) -> Bool {
    !bytes.starts(with: [0xEF, 0xBB, 0xBF]) && SourceLines.withoutCarriageReturns(bytes) == bytes
  }

  private func check(_ bytes: [UInt8]) throws {
    let reading = NotebookFormat.read(bytes, name: "fuzz.nbs")
    for diagnostic in reading.diagnostics { #expect(!diagnostic.rendered().isEmpty) }
    guard let notebook = reading.notebook else { return }
    let text = String(decoding: bytes, as: UTF8.self)
    if isPlain(bytes) {
      #expect(Array(NotebookFormat.write(notebook).utf8) == bytes, "\(text.debugDescription)")
    }
    let canonical = NotebookFormat.format(notebook)
    let again = NotebookFormat.read(canonical, name: "again.nbs").notebook
    let formatted = try #require(again, "\(text.debugDescription)")
    #expect(meaning(formatted) == meaning(notebook), "\(text.debugDescription)")
    #expect(Array(NotebookFormat.format(formatted).utf8) == Array(canonical.utf8), "\(text.debugDescription)")
    #expect(Set(notebook.cells.map(\.id)).count == notebook.cells.count)
    try checkJupyter(notebook)
  }

  private func checkJupyter(_ notebook: Notebook) throws {
    let text = NotebookFormat.write(notebook)
    let json = IPYNB.write(notebook)
    let back = try #require(IPYNB.read(Array(json.utf8), name: "fuzz.ipynb").notebook, "\(json)")
    #expect(Array(NotebookFormat.write(back).utf8) == Array(text.utf8), "\(text.debugDescription)")
  }

  @Test("Mutated notebooks", arguments: 0..<40 as Range<UInt64>)
  func mutations(seed: UInt64) throws {
    var noise = Noise(seed: seed)
    for _ in 0..<50 { try check(mutated(Samples.tricky.randomElement(using: &noise) ?? "", &noise)) }
  }

  @Test("Pieces of the format in any order", arguments: 0..<40 as Range<UInt64>)
  func pieces(seed: UInt64) throws {
    var noise = Noise(seed: seed)
    for _ in 0..<50 {
      let words = (0..<Int(noise.next() % 24)).map { _ in Self.pieces.randomElement(using: &noise) ?? "" }
      try check(Array(words.joined().utf8))
    }
  }

  @Test("Noise", arguments: 0..<20 as Range<UInt64>)
  func noise(seed: UInt64) throws {
    var noise = Noise(seed: seed)
    for _ in 0..<50 { try check((0..<40).map { _ in UInt8(truncatingIfNeeded: noise.next() % 128) }) }
  }
}
