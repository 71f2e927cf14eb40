import Diagnostics
import Foundation
import JSON
import Language
import REPL
import Sessions
import Testing

@testable import Jupyter

@Suite("Completion, inspection and history in a kernel")
struct AnswerTests {
  private func completion(_ code: String, at cursor: Int? = nil, setup: String = "") -> Completion {
    let kernel = TestKernel()
    _ = kernel.session.evaluate(SourceText(setup, name: "")) { _ in }
    let prompt = Prompt(session: kernel.session, presenter: KernelPage(kernel.outbox))
    return Completion(code, at: cursor ?? code.unicodeScalars.count, prompt.vocabulary)
  }

  @Test("A completion says which part of the code it takes the place of, in Unicode scalars")
  func ranges() {
    let word = completion("a = 1\ntrai")
    #expect(word.words == ["train"] && word.types == ["command"] && word.range == 6..<10)
    #expect(completion("train iris epo").types == ["option"])
    let known = completion("print unus", setup: "unusual = 1")
    #expect(known.words == ["unusual"] && known.types == ["variable"])
    let inside = completion("plot boun xor", at: 9)
    #expect(inside.words == ["boundary"] && inside.range == 5..<9)
    // The letter beyond the basic plane is one scalar.
    let behind = completion("print \"𝛑\"; trai")
    #expect(behind.words == ["train"] && behind.range == 11..<15)
    let command = completion(":session n")
    #expect(command.words == ["new"] && command.range == 9..<10)
    #expect(completion("trai", at: 100).range == 0..<4)
    #expect(completion("trai", at: -3).range == 0..<0)
  }

  @Test("Inside quotes stand files")
  func files() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "nbs-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder + "/sub", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for name in ["people.csv", "places.csv", ".hidden"] {
      try Data().write(to: URL(fileURLWithPath: folder + "/" + name))
    }
    let code = "data p from \"\(folder)/p"
    let found = completion(code)
    #expect(found.words == ["\(folder)/people.csv", "\(folder)/places.csv"])
    #expect(found.range == 13..<code.count)
    #expect(completion("data p from \"\(folder)/s").words == ["\(folder)/sub/"])
  }

  @Test(
    "The word under the cursor, before it, or the statement's command is explained",
    arguments: [
      ("train xor epochs=5", 2, "train"), ("train xor epochs=5", 12, "epochs"),
      ("a = 1\nplot loss", 15, "loss"),
      ("print sqrt(", 11, "sqrt"), ("x = 1; train ", 13, "train"), ("", 5, nil), ("   ", 1, nil),
    ])
  func words(code: String, cursor: Int, expected: String?) {
    #expect(Inspection.words(in: code, at: cursor).first == expected)
  }

  @Test("An inspection tells a value and the help, and changes nothing")
  func inspection() throws {
    let session = Session()
    _ = session.evaluate(SourceText("rate = 0.25; 6 * 7", name: "")) { _ in }
    let text = try #require(Inspection("rate", in: session, isDetailed: true)?.bundle["text/plain"]?.string)
    #expect(text.contains("rate: number, 0.25"))
    let help = try #require(Inspection("train", in: session, isDetailed: false)?.bundle)
    #expect(help["text/markdown"]?.string?.contains("| epochs |") == true)
    #expect(Inspection("nonsense", in: session, isDetailed: false) == nil)
    #expect(session.cellCount == 1)
  }

  @Test("History by its end, by numbers and by a pattern")
  func history() {
    var history = History()
    for (number, source) in ["a = 1", "a + 1", "b = 2", "a + 1"].enumerated() {
      history.entries.append(.init(number: number + 1, source: source, value: source == "a + 1" ? "2" : nil))
    }
    func sources(_ request: String) -> [String] {
      let json = JSONReader.document(request) ?? .null
      return history.reply(to: json).array?.compactMap { $0.array?[2].string } ?? []
    }
    #expect(sources(#"{"hist_access_type": "tail", "n": 2}"#) == ["b = 2", "a + 1"])
    #expect(sources(#"{"hist_access_type": "tail", "n": -5}"#) == [])
    #expect(
      sources(#"{"hist_access_type": "range", "session": 1, "start": 2, "stop": 4}"#) == ["a + 1", "b = 2"])
    #expect(sources(#"{"hist_access_type": "range", "session": 7, "start": 2, "stop": 4}"#) == [])
    #expect(sources(#"{"hist_access_type": "search", "pattern": "a*"}"#) == ["a = 1", "a + 1", "a + 1"])
    #expect(
      sources(#"{"hist_access_type": "search", "pattern": "a*", "unique": true}"#) == ["a = 1", "a + 1"])
    let value = history.reply(
      to: JSONReader.document(#"{"hist_access_type": "tail", "n": 1, "output": true}"#) ?? .null)
    #expect(value.compact == #"[[1, 4, ["a + 1", "2"]]]"#)
  }
}
